import type { Queryable, Statement } from "../db/database.ts";
import { freezeNotices, type FreezeNotice } from "../policy/user-freezes/frozen-login.ts";

export interface SessionRow {
  readonly hash: string;
  readonly userId: string;
  readonly displayName: string;
  /** Of the login. */
  readonly platform: string;
  /** Of the user, who may be opened through a link. */
  readonly homePlatform: string;
  /** The linked user whose login opened it. */
  readonly throughUserId: string | null;
  readonly isVerified: boolean;
  readonly secretMark: Buffer | null;
  readonly expiresAt: Date;
  readonly testBudget: bigint | null;
  /** Of the user, and of the linked one. */
  readonly freezes: readonly FreezeNotice[] | null;
}

const FIND_LIVE_SESSIONS: Statement = {
  name: "find-live-sessions",
  text: `select encode(s.token_hash, 'hex') as hash, s.user_id as "userId",
           u.display_name as "displayName", s.platform, u.platform as "homePlatform",
           s.through_user_id as "throughUserId", s.proven as "isVerified", s.secret_mark as "secretMark",
           s.expires_at as "expiresAt", t.daily_budget as "testBudget",
           ${freezeNotices("f", "through")} as freezes
         from newday.sessions s join newday.users u using (user_id)
           left join newday.test_users t using (user_id)
           left join newday.user_freezes f using (user_id)
           left join newday.user_freezes through on through.user_id = s.through_user_id
         where s.token_hash = any($1::bytea[]) and s.revoked_at is null
           and (s.proven or u.proven_at is null)`,
};

/** Sessions by the hex of their hash; unverified ones of a verified user are left out, and revoked ones are left out, expired ones included. */
export async function findLiveSessions(
  db: Queryable,
  hashes: readonly string[],
): Promise<Map<string, SessionRow>> {
  const rows = await db.query<SessionRow>(FIND_LIVE_SESSIONS, [
    hashes.map((hash) => Buffer.from(hash, "hex")),
  ]);
  return new Map(rows.map((row) => [row.hash, row]));
}

export async function insertSession(
  db: Queryable,
  session: {
    hash: Buffer;
    userId: string;
    throughUserId: string | null;
    platform: string;
    secretMark: Buffer | null;
    lifetimeMs: number;
  },
): Promise<Date> {
  const [row] = await db.query<{ expiresAt: Date }>(
    `insert into newday.sessions (token_hash, user_id, platform, proven, secret_mark, expires_at, through_user_id)
     values ($1, $2, $3, $4::bytea is not null, $4, now() + $5 * interval '1 millisecond', $6)
     returning expires_at as "expiresAt"`,
    [
      session.hash,
      session.userId,
      session.platform,
      session.secretMark,
      session.lifetimeMs,
      session.throughUserId,
    ],
  );
  if (!row) throw new Error("insert returned no row");
  return row.expiresAt;
}

/**
 * Serialises the logins and logouts of one user until the transaction ends. Otherwise two of them
 * revoke the same sessions in two orders, and PostgreSQL ends one as a deadlock.
 */
export async function lockSessionsOfUser(db: Queryable, userId: string): Promise<void> {
  await db.query("select from newday.users where user_id = $1 for no key update", [userId]);
}

/** Ended sessions are kept this long, to explain why a token stopped working. */
const DELETED_AFTER_DAYS = 30;

/** Revokes a user's oldest live sessions beyond `keep` and deletes those that ended long ago. */
export async function retireSessions(db: Queryable, userId: string, keep: number): Promise<void> {
  await db.query(
    `with deleted as (
       delete from newday.sessions
       where user_id = $1 and expires_at < now() - make_interval(days => $3)
     )
     update newday.sessions set revoked_at = now() where token_hash in (
       select token_hash from newday.sessions
       where user_id = $1 and revoked_at is null and expires_at > now()
       order by created_at desc offset $2)`,
    [userId, keep, DELETED_AFTER_DAYS],
  );
}

/** Revokes one session; true when it was live. */
export async function revokeSession(db: Queryable, hash: Buffer): Promise<boolean> {
  const rows = await db.query(
    `update newday.sessions set revoked_at = now()
     where token_hash = $1 and revoked_at is null and expires_at > now() returning 1 as revoked`,
    [hash],
  );
  return rows.length > 0;
}

/**
 * Ends the user's sessions and those that their logins opened through a link; returns how many. In a
 * transaction.
 */
export async function revokeSessionsOfUser(db: Queryable, userId: string): Promise<number> {
  const rows = await db.query(
    `update newday.sessions set revoked_at = now()
     where (user_id = $1 or through_user_id = $1) and revoked_at is null and expires_at > now()
     returning 1 as revoked`,
    [userId],
  );
  return rows.length;
}

/** Ends the live sessions of a user that were opened without a proof; returns how many. In a transaction. */
export async function revokeUnverifiedSessions(db: Queryable, userId: string): Promise<number> {
  const rows = await db.query(
    `update newday.sessions set revoked_at = now()
     where user_id = $1 and not proven and revoked_at is null and expires_at > now()
     returning 1 as revoked`,
    [userId],
  );
  return rows.length;
}

/** Ends every session that was opened without a proof, of all but test users and compatibility logins; returns how many. */
export async function revokeAllUnverifiedSessions(db: Queryable): Promise<number> {
  const rows = await db.query(
    `update newday.sessions set revoked_at = now()
     where not proven and revoked_at is null and expires_at > now()
       and user_id not in (select user_id from newday.test_users)
       and platform not in (select name from newday.platforms where login_policy = 'compatibility')
     returning 1 as revoked`,
  );
  return rows.length;
}

export interface LiveSessionRow {
  readonly hash: Buffer;
  readonly throughUserId: string | null;
  readonly platform: string;
  readonly isVerified: boolean;
  readonly secretMark: Buffer | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly isTestUser: boolean;
}

/** Live sessions of a user, and those that their logins opened through a link, newest first; a user has few (`retireSessions`). */
export function listLiveSessions(db: Queryable, userId: string): Promise<LiveSessionRow[]> {
  return db.query(
    `select s.token_hash as hash, s.through_user_id as "throughUserId", s.platform, s.proven as "isVerified", s.secret_mark as "secretMark",
       s.created_at as "createdAt", s.expires_at as "expiresAt",
       exists (select from newday.test_users t where t.user_id = $1) as "isTestUser"
     from newday.sessions s join newday.users u using (user_id)
     where (s.user_id = $1 or s.through_user_id = $1) and s.revoked_at is null and s.expires_at > now()
       and (s.proven or u.proven_at is null)
     order by s.created_at desc, s.token_hash`,
    [userId],
  );
}
