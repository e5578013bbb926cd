import type { Queryable } from "../db/database.ts";

export interface UserRow {
  readonly userId: string;
  readonly platform: string;
  readonly displayName: string;
  readonly verifiedAt: Date | null;
}

const USER_COLUMNS = `user_id as "userId", platform, display_name as "displayName",
  proven_at as "verifiedAt"`;

export async function findUser(db: Queryable, userId: string): Promise<UserRow | undefined> {
  const [row] = await db.query<UserRow>(
    `select ${USER_COLUMNS} from newday.users where user_id = $1`,
    [userId],
  );
  return row;
}

/** Inserts a new user; two first logins at once leave one row. */
export async function insertUser(
  db: Queryable,
  user: { userId: string; platform: string; externalId: string; displayName: string },
): Promise<boolean> {
  const rows = await db.query(
    `insert into newday.users (user_id, platform, external_id, display_name)
     values ($1, $2, $3, $4) on conflict do nothing returning 1 as inserted`,
    [user.userId, user.platform, user.externalId, user.displayName],
  );
  return rows.length > 0;
}

/**
 * Marks the user as verified by the platform, which is their home platform from then on, whichever opened them
 * first; false when another platform has verified them.
 */
export async function updateUserVerified(
  db: Queryable,
  userId: string,
  platform: string,
): Promise<boolean> {
  const rows = await db.query(
    `update newday.users set proven_at = coalesce(proven_at, now()), verified_by = $2, platform = $2
     where user_id = $1 and coalesce(verified_by, $2) = $2 returning 1 as verified`,
    [userId, platform],
  );
  return rows.length > 0;
}

export async function updateDisplayName(
  db: Queryable,
  userId: string,
  displayName: string,
): Promise<void> {
  await db.query("update newday.users set display_name = $2 where user_id = $1", [
    userId,
    displayName,
  ]);
}

/** A row of the legacy table `players`: the platform that it was made for, and its name. */
export async function findPlayer(
  db: Queryable,
  playerId: string,
): Promise<{ platform: string; nickname: string } | undefined> {
  const [table] = await db.query<{ exists: boolean }>(
    "select to_regclass('public.players') is not null as exists",
  );
  if (!table?.exists) return undefined;
  const [row] = await db.query<{ platform: string; nickname: string }>(
    `select coalesce(preferences->>'platform', 'newday') as platform, nickname
     from public.players where id = $1`,
    [playerId],
  );
  return row;
}

/** Records a nonce; false for a used one. */
export async function insertUsedAssertion(
  db: Queryable,
  assertion: { platform: string; nonce: string; expiresAt: Date },
): Promise<boolean> {
  await db.query("delete from newday.used_assertions where expires_at < now() - interval '1 hour'");
  const rows = await db.query(
    `insert into newday.used_assertions (platform, nonce, expires_at) values ($1, $2, $3)
     on conflict do nothing returning 1 as inserted`,
    [assertion.platform, assertion.nonce, assertion.expiresAt],
  );
  return rows.length > 0;
}
