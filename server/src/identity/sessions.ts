/** Sessions: a token opens exactly one user, on every process, until it expires or is revoked. */
import { hash } from "node:crypto";
import { coalesceReads } from "../lib/coalesced-read.ts";
import type { Database, Queryable } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import { createProofCheck, type LoginPolicy } from "./login-policy.ts";
import type { LiveCredentials } from "./live-credentials.ts";
import {
  findLiveSessions,
  insertSession,
  lockSessionsOfUser,
  retireSessions,
  revokeSession,
  revokeSessionsOfUser,
  type SessionRow,
} from "./session-queries.ts";
import { testBudgetOf } from "./test-users.ts";
import { createToken, hashCredential, isWellFormedToken, TOKEN_LIFETIME_MS } from "./token.ts";

export interface Session {
  readonly userId: string;
  readonly username: string;
  readonly platform: string;
  /** True when a signed assertion of the platform opened it. */
  readonly proven: boolean;
  readonly expiresAt: Date;
  /** Coins a day that refill a test user's purchases; null for every other user. */
  readonly testBudget: bigint | null;
}

export type SessionReader = (token: string) => Promise<Session>;

/** A browser per device and a few test tools; beyond that the oldest ones end. */
const LIVE_SESSIONS_PER_USER_MAX = 50;

/**
 * Returns a reader that turns a token into its session. Queries are coalesced with their
 * neighbours, and results are cached as live-credentials.ts describes. Errors: `invalid_token` with
 * `details.reason` unknown | expired | unverified | secret_removed.
 */
export function createSessionReader(
  db: Queryable,
  { cacheReads }: Pick<LiveCredentials, "cacheReads">,
  policy: LoginPolicy,
): SessionReader {
  const isProofCurrent = createProofCheck(policy);
  const read = cacheReads(coalesceReads<SessionRow>((hashes) => findLiveSessions(db, hashes)));
  return async (token) => {
    if (!isWellFormedToken(token)) throw refusal("unknown");
    const row = await read(hash("sha256", token, "hex"));
    if (!row) throw refusal("unknown");
    if (row.expiresAt.getTime() <= Date.now()) throw refusal("expired");
    if (!row.proven && !policy.allowUnverified && row.testBudget === null)
      throw refusal("unverified");
    if (!isProofCurrent(row)) throw refusal("secret_removed");
    return {
      userId: row.userId,
      username: row.displayName,
      platform: row.platform,
      proven: row.proven,
      expiresAt: row.expiresAt,
      testBudget: testBudgetOf(row, policy.allowUnverified),
    };
  };
}

const REFUSALS = {
  unknown: { en: "is not known", zh: "Token 不存在" },
  expired: { en: "has expired", zh: "Token 已过期" },
  unverified: {
    en: "was opened without a proof, which production refuses",
    zh: "Token 未经平台验证",
  },
  secret_removed: {
    en: "was proved with a secret that its platform no longer has here",
    zh: "用于验证 Token 的平台密钥已被移除或更换",
  },
} as const;

function refusal(reason: keyof typeof REFUSALS): NewDayError {
  return new NewDayError("invalid_token", {
    reason,
    rule: REFUSALS[reason],
    remedy: {
      en: "Log in again: POST /api/allinone/auth/login.",
      zh: "请重新登录：POST /api/allinone/auth/login",
    },
  });
}

/**
 * Opens a session of 7 days for a user that exists; in a transaction. `secretMark` names the secret that
 * proved the login, and is null without a proof.
 */
export async function openSession(
  db: Queryable,
  user: { userId: string; platform: string; secretMark: Buffer | null },
): Promise<{ token: string; expiresAt: Date }> {
  await lockSessionsOfUser(db, user.userId);
  const token = createToken();
  const expiresAt = await insertSession(db, {
    ...user,
    hash: hashCredential(token),
    lifetimeMs: TOKEN_LIFETIME_MS,
  });
  await retireSessions(db, user.userId, LIVE_SESSIONS_PER_USER_MAX);
  return { token, expiresAt };
}

/** Ends the session of a token; true when it was live. An unknown token ends nothing. */
export async function endSession(db: Queryable, token: string): Promise<boolean> {
  return isWellFormedToken(token) && revokeSession(db, hashCredential(token));
}

/** Ends every session of a user; returns how many were live. */
export function endSessionsOfUser(db: Database, userId: string): Promise<number> {
  return db.transaction(async (tx) => {
    await lockSessionsOfUser(tx, userId);
    return revokeSessionsOfUser(tx, userId);
  });
}
