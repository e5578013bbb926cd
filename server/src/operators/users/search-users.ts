/** The search for users, by any part of name, id or external id. */
import type { Queryable } from "../../db/database.ts";
import { OWNER_PLATFORM, WITH_OWNERS } from "../../ledger/wallets/owned-wallet-queries.ts";
import {
  findMatches,
  type SearchPosition,
  type SearchSource,
  type SearchWanted,
} from "../search/find-matches.ts";

export interface FoundUser {
  readonly userId: string;
  readonly platform: string;
  /** null: the user never logged in. */
  readonly externalId: string | null;
  readonly displayName: string | null;
  readonly verifiedAt: Date | null;
  readonly createdAt: Date;
}

export interface FoundUserRow extends FoundUser {
  readonly position: SearchPosition;
}

const USERS: SearchSource = {
  name: "users",
  table: "newday.users",
  scope: "true",
  id: "user_id",
  place: "newday.search_place(user_id)",
  text: "user_id || E'\\n' || external_id || E'\\n' || display_name",
  columns: "user_id, external_id, platform",
  // Those that `findExact` finds.
  excluded: `c.user_id = $1 or c.external_id = $1
    and exists (select from newday.platforms p where p.name = c.platform)`,
};

/** Those without a row in `users`. */
const WALLETS: SearchSource = {
  name: "wallets",
  table: "newday.ledger_wallets",
  scope: "role is null",
  id: "user_id",
  place: "newday.search_place(user_id)",
  text: "user_id",
  columns: "user_id",
  excluded: "c.user_id = $1 or exists (select from newday.users u where u.user_id = c.user_id)",
};

/** Users whose id, or external id at a platform, is the whole text come first; the index is by platform. */
const EXACT_PLACE = -1n;

/** The next users, `limit` at most. */
export async function searchUsers(db: Queryable, wanted: SearchWanted): Promise<FoundUserRow[]> {
  const after = wanted.after?.place === EXACT_PLACE ? undefined : wanted.after;
  // At once: one after the other they would be eight round trips.
  const [exact, users, wallets] = await Promise.all([
    findExact(db, wanted),
    findMatches(db, USERS, { ...wanted, after }),
    findMatches(db, WALLETS, { ...wanted, after }),
  ]);
  const rest = [...users, ...wallets].toSorted(comparePositions);
  return readUsers(db, [...exact, ...rest].slice(0, wanted.limit));
}

function comparePositions(one: SearchPosition, other: SearchPosition): number {
  if (one.place !== other.place) return one.place < other.place ? -1 : 1;
  // By code points, as the index compares: UTF-8 and UTF-16 order other planes differently.
  return Buffer.compare(Buffer.from(one.id), Buffer.from(other.id));
}

async function findExact(
  db: Queryable,
  { part, after, limit }: SearchWanted,
): Promise<SearchPosition[]> {
  if (after && after.place !== EXACT_PLACE) return [];
  const rows = await db.query<{ id: string }>(
    {
      name: "search-users-exact",
      text: `select user_id collate "C" as id from (
          select user_id from newday.users where user_id = $1
          union select user_id from newday.ledger_wallets where user_id = $1 and role is null
          union select u.user_id from newday.platforms p
            join newday.users u on u.platform = p.name and u.external_id = $1) e
        where user_id collate "C" > $2 order by user_id collate "C" limit $3`,
    },
    [part, after?.id ?? "", limit],
  );
  return rows.map(({ id }) => ({ place: EXACT_PLACE, id }));
}

/** The users at these positions, in their order. */
async function readUsers(
  db: Queryable,
  positions: readonly SearchPosition[],
): Promise<FoundUserRow[]> {
  const users = await listUsersById(
    db,
    positions.map(({ id }) => id),
  );
  const byId = new Map(users.map((user) => [user.userId, user]));
  return positions.flatMap((position) => {
    const user = byId.get(position.id);
    return user ? [{ ...user, position }] : [];
  });
}

/** Users of these ids, logged in or not; unknown ids are left out. */
export function listUsersById(db: Queryable, ids: readonly string[]): Promise<FoundUser[]> {
  return db.query(
    {
      name: "search-users-by-id",
      text: `select i.id as "userId", ${OWNER_PLATFORM} as platform, u.external_id as "externalId",
          coalesce(u.display_name, p.nickname) as "displayName", u.proven_at as "verifiedAt",
          least(u.created_at, w.created_at) as "createdAt"
        from unnest($1::text[]) as i (id)
        left join newday.ledger_wallets l on l.user_id = i.id and l.role is null
        cross join lateral (select i.id as user_id, l.platform, l.created_at) w
        ${WITH_OWNERS}
        where l.number is not null or u.user_id is not null`,
    },
    [ids],
  );
}
