/** SQL of erasure: what a user still has, and the last step (migration 0087). */
import type { Database, Queryable } from "../../db/database.ts";
import type { Person } from "../inventory/personal-column.ts";

/** What a person has, in numbers; money by currency, in minor units. */
export interface Property {
  readonly erasedAs: string | null;
  readonly frozenByOperator: boolean;
  readonly holds: bigint;
  readonly listings: bigint;
  /** Gifts that wait for the user's answer. */
  readonly gifts: bigint;
  /** Owned, exported or offered; an item in escrow is counted with its listing. */
  readonly items: bigint;
  readonly balances: Readonly<Record<string, string>>;
  readonly sessions: bigint;
  readonly consents: bigint;
  readonly entries: bigint;
  readonly purchases: bigint;
}

const OWN = "between $2::bigint << 16 and (($2::bigint + 1) << 16) - 1";

export async function findProperty(db: Queryable, { userId, wallet }: Person): Promise<Property> {
  const [row] = await db.query<Property>(
    `select
      (select erased_as from newday.user_freezes where wallet = $2) as "erasedAs",
      exists (select from newday.user_freezes where wallet = $2 and (operator_blocks is not null
        and (operator_until is null or operator_until > now()) or audit_blocks is not null)) as "frozenByOperator",
      (select count(*) from newday.holds where account ${OWN} and state = 'open') as holds,
      (select count(*) from newday.listings where seller_id = $1 and status = 'active') as listings,
      (select count(*) from newday.items where owner_id = $1 and gift_from is not null) as gifts,
      (select count(*) from newday.items
        where owner_id = $1 and gift_from is null and state in ('owned', 'exported', 'offered')) as items,
      (select coalesce(jsonb_object_agg(c.code, a.balance::text order by c.number)
          filter (where a.balance <> 0), '{}')
        from newday.accounts a join newday.currencies c on c.number = a.id & 65535
        where a.id ${OWN}) as balances,
      (select count(*) from newday.sessions
        where user_id = $1 and revoked_at is null and expires_at > now()) as sessions,
      (select count(*) from newday.consents where account ${OWN}) as consents,
      (select coalesce(sum(version), 0)::bigint from newday.accounts where id ${OWN}) as entries,
      (select count(*) from newday.purchases where buyer_id = $1 or seller_id = $1) as purchases`,
    [userId, wallet],
  );
  if (!row) throw new Error("select returned no row");
  return row;
}

export interface OpenAffairs {
  readonly holds: readonly string[];
  readonly listings: readonly { readonly listingId: string; readonly itemId: string | null }[];
}

export async function findOpenAffairs(
  db: Queryable,
  { userId, wallet }: Person,
): Promise<OpenAffairs> {
  const holds = await db.query<{ id: string }>(
    `select id from newday.holds where account ${OWN} and state = 'open' and $1::text is not null`,
    [userId, wallet],
  );
  const listings = await db.query<{ listingId: string; itemId: string | null }>(
    `select id as "listingId", item_id as "itemId" from newday.listings
      where seller_id = $1 and status = 'active'`,
    [userId],
  );
  return { holds: holds.map(({ id }) => id), listings };
}

/** Items that the user owns, or gave and may still get back; so many at once. */
export async function findItemIds(db: Queryable, userId: string, limit: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `(select id from newday.items where owner_id = $1 limit $2)
      union (select id from newday.items where gift_from = $1 limit $2)`,
    [userId, limit],
  );
  return rows.map(({ id }) => id);
}

export async function findAccountIds(db: Queryable, wallet: bigint): Promise<bigint[]> {
  const rows = await db.query<{ id: bigint }>(
    `select id from newday.accounts where id >= $1::bigint << 16 and id < ($1::bigint + 1) << 16
      order by id`,
    [wallet],
  );
  return rows.map(({ id }) => id);
}

export interface Names {
  /** Public and external. */
  readonly ids: readonly string[];
  readonly displayName: string | null;
}

/** The ids and the name of a user, as far as there are such. */
export async function findNames(db: Queryable, userId: string): Promise<Names> {
  const [row] = await db.query<{ externalId: string; displayName: string }>(
    `select external_id as "externalId", display_name as "displayName" from newday.users
      where user_id = $1`,
    [userId],
  );
  return row
    ? { ids: [userId, row.externalId], displayName: row.displayName }
    : { ids: [userId], displayName: null };
}

/** The day, UTC, on which a user of this id was erased, and their platform; undefined for every other. */
export async function findErasedOn(
  db: Queryable,
  userId: string,
): Promise<{ readonly day: string; readonly platform: string } | undefined> {
  const [row] = await db.query<{ day: string; platform: string }>(
    `select erased_on::text as day, platform from newday.erased_people
      where mark = newday.person_mark($1)`,
    [userId],
  );
  return row;
}

/** The end of every transaction that now writes. */
export async function findWriteHorizon(db: Queryable): Promise<bigint> {
  const [row] = await db.query<{ horizon: bigint }>(
    "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as horizon",
  );
  if (!row) throw new Error("select returned no row");
  return row.horizon;
}

/** Whether every transaction below the horizon has ended. */
export async function hasPassed(db: Queryable, horizon: bigint): Promise<boolean> {
  const [row] = await db.query<{ passed: boolean }>(
    "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= $1 as passed",
    [horizon],
  );
  return row?.passed ?? false;
}

/** Adds the transfers of a page of the journal that may hold the person: numbers behind the first one, up to the second. */
export async function findTransfersOfPerson(
  db: Queryable,
  { userId, wallet }: Person,
  { behind, upTo }: { readonly behind: bigint; readonly upTo: bigint },
): Promise<void> {
  await db.query(FIND_TRANSFERS, [wallet, userId, behind, upTo]);
}

/** As `findTransfersOfPerson`, of the rows of a release before, which have no number: seconds for millions. */
export async function findUnnumberedOfPerson(
  db: Database,
  { userId, wallet }: Person,
): Promise<void> {
  await db.transaction((tx) => tx.query(FIND_TRANSFERS, [wallet, userId, null, null]), {
    statementTimeoutMs: 0,
  });
}

const FIND_TRANSFERS = {
  name: "erasure-find-transfers",
  text: `insert into newday.erasure_finds (wallet, transfer_id)
    select distinct $1::bigint, found from newday.transfers_of_person($1, $2, $3, $4) as found
    on conflict do nothing`,
};

/** Replaces the person everywhere, in one transaction. `foundUpTo` is the number up to which their transfers are found. */
export async function erasePersonRows(
  db: Database,
  {
    wallet,
    platform,
    foundUpTo,
  }: { readonly wallet: bigint; readonly platform: string; readonly foundUpTo: bigint },
): Promise<void> {
  await db.transaction(
    (tx) => tx.query("select newday.erase_person($1, $2, $3)", [wallet, platform, foundUpTo]),
    { statementTimeoutMs: 0 },
  );
}
