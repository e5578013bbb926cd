/** Sessions: a token opens exactly one user, on every process, until it expires or is revoked. */
import { hash } from "node:crypto";
import { coalesceReads } from "../lib/coalesced-read.ts";
import type { Database, Queryable } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import { isProofCurrent, type LoginPolicy } from "./login-policy.ts";
import { compatibilityCapOf } from "./platforms/compatibility.ts";
import { refuseSuspended, type Platform } from "./platforms/platform-directory.ts";
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
import { refuseFrozenUser } from "../policy/user-freezes/frozen-login.ts";
import { testBudgetOf } from "./test-users.ts";
import { createToken, hashCredential, isWellFormedToken, TOKEN_LIFETIME_MS } from "./token.ts";

/** A linked user, whose logins open another user's wallet. */
export interface LinkedIdentity {
  readonly userId: string;
  readonly platform: string;
}

export interface Session {
  readonly userId: string;
  readonly username: string;
  /** Of the login; through a link that of the opened user, for whom the session acts. */
  readonly platform: string;
  /** The linked user whose login opened the session; null when the user's own did. */
  readonly through: LinkedIdentity | null;
  /** True when a signed assertion of the platform opened it. */
  readonly isVerified: boolean;
  readonly expiresAt: Date;
  /** Coins a day that refill a test user's purchases; null for every other user. */
  readonly testBudget: bigint | null;
  /** Of a compatibility login: what its user spends in total without a proof; null for every other session. */
  readonly spendingCap: bigint | null;
}

export type SessionReader = (token: string) => Promise<Session>;

/** A browser per device and a few test tools; beyond that the oldest ones end. */
const LIVE_SESSIONS_PER_USER_MAX = 50;

/**
 * Returns a reader that turns a token into its session. Queries are coalesced with their
 * neighbours, and results are cached as live-credentials.ts describes. Errors: `invalid_token` with
 * `details.reason` unknown | expired | unverified | secret_removed, `platform_suspended`, and `user_frozen`.
 */
export function createSessionReader(
  db: Queryable,
  { cacheReads }: Pick<LiveCredentials, "cacheReads">,
  policy: LoginPolicy,
): SessionReader {
  const read = cacheReads(coalesceReads<SessionRow>((hashes) => findLiveSessions(db, hashes)));
  return async (token) => {
    if (!isWellFormedToken(token)) throw refusal("unknown");
    const row = await read(hash("sha256", token, "hex"));
    if (!row) throw refusal("unknown");
    if (row.expiresAt.getTime() <= Date.now()) throw refusal("expired");
    const platform = await policy.platforms.find(row.platform);
    const spendingCap = platform ? spendingCapOf(row, platform, policy) : null;
    if (
      !row.isVerified &&
      !policy.allowUnverified &&
      row.testBudget === null &&
      spendingCap === null
    )
      throw refusal("unverified");
    if (!platform || !isProofCurrent(row, platform)) throw refusal("secret_removed");
    refuseSuspended(platform);
    const through = throughOf(row);
    if (through) refuseSuspended(await policy.platforms.requirePlatform(row.homePlatform, "token"));
    refuseFrozenUser(row.freezes);
    return {
      userId: row.userId,
      username: row.displayName,
      platform: through ? row.homePlatform : row.platform,
      through,
      isVerified: row.isVerified,
      expiresAt: row.expiresAt,
      testBudget: testBudgetOf(row, policy.allowUnverified),
      spendingCap,
    };
  };
}

function throughOf({ throughUserId, platform }: SessionRow): LinkedIdentity | null {
  return throughUserId === null ? null : { userId: throughUserId, platform };
}

/** A sandbox, a proof and a test user's budget have bounds of their own. */
export function spendingCapOf(
  { isVerified, testBudget }: { readonly isVerified: boolean; readonly testBudget: bigint | null },
  platform: Platform,
  { allowUnverified }: Pick<LoginPolicy, "allowUnverified">,
): bigint | null {
  return isVerified || allowUnverified || testBudget !== null ? null : compatibilityCapOf(platform);
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
 * proved the login, and is null without a proof; `throughUserId` names the linked user who logged in.
 */
export async function openSession(
  db: Queryable,
  user: {
    userId: string;
    throughUserId?: string | null;
    platform: string;
    secretMark: Buffer | null;
  },
): Promise<{ token: string; expiresAt: Date }> {
  await lockSessionsOfUser(db, user.userId);
  const token = createToken();
  const expiresAt = await insertSession(db, {
    throughUserId: null,
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

/** Ends every session of a user, also those that their logins opened through a link; returns how many were live. */
export function endSessionsOfUser(db: Database, userId: string): Promise<number> {
  return db.transaction(async (tx) => {
    await lockSessionsOfUser(tx, userId);
    return revokeSessionsOfUser(tx, userId);
  });
}
