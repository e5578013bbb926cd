/** The live sessions of a user, for the user's own list and to end one of them. */
import { createHash } from "node:crypto";
import type { Database, Queryable } from "../db/database.ts";
import { isProofCurrent, type LoginPolicy } from "./login-policy.ts";
import { compatibilityCapOf } from "./platforms/compatibility.ts";
import type { Platform } from "./platforms/platform-directory.ts";
import { listLiveSessions, revokeSession, type LiveSessionRow } from "./session-queries.ts";
import { hashCredential } from "./token.ts";

export interface ListedSession {
  /** Public; neither the token nor its hash follows from it. */
  readonly id: string;
  /** Of the login. */
  readonly platform: string;
  /** The linked user whose login opened it. */
  readonly throughUserId: string | null;
  readonly isVerified: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Sessions that this server accepts, newest first. */
export async function listSessionsOfUser(
  db: Database,
  userId: string,
  policy: LoginPolicy,
): Promise<ListedSession[]> {
  const listed: ListedSession[] = [];
  for (const row of await listLiveSessions(db, userId)) {
    const platform = await policy.platforms.find(row.platform);
    if (!platform || !isAccepted(row, platform, policy)) continue;
    listed.push(toListed(row));
  }
  return listed;
}

/** Those that have not ended, newest first; the login policy of a server may refuse some of them. */
export async function listLiveSessionsOf(db: Queryable, userId: string): Promise<ListedSession[]> {
  return (await listLiveSessions(db, userId)).map(toListed);
}

function toListed(row: LiveSessionRow): ListedSession {
  const { hash, secretMark: _, isTestUser: __, ...shown } = row;
  return { ...shown, id: sessionIdOf(hash) };
}

function isAccepted(row: LiveSessionRow, platform: Platform, { allowUnverified }: LoginPolicy) {
  if (row.isVerified) return isProofCurrent(row, platform);
  return allowUnverified || row.isTestUser || compatibilityCapOf(platform) !== null;
}

/** Ends one session of the user; false when none of that id was live. */
export async function endSessionOfUser(db: Database, userId: string, id: string): Promise<boolean> {
  const rows = await listLiveSessions(db, userId);
  const row = rows.find(({ hash }) => sessionIdOf(hash) === id);
  return row !== undefined && revokeSession(db, row.hash);
}

/** The public id of the session that a token opens. */
export function sessionIdOfToken(token: string): string {
  return sessionIdOf(hashCredential(token));
}

function sessionIdOf(tokenHash: Buffer): string {
  const digest = createHash("sha256").update("newday session id").update(tokenHash).digest();
  return `ses_${digest.subarray(0, 16).toString("hex")}`;
}
