/** SQL that reads wallets with their balances. */
import type { Queryable, Statement } from "../../db/database.ts";
import { selectList } from "../../db/tables/columns.ts";
import { WALLET_COLUMNS } from "./wallet-row-queries.ts";
import { OWNER_PLATFORM, WITH_OWNERS } from "./owned-wallet-queries.ts";
import type { Wallet } from "./wallet.ts";

const { id, userId, createdAt } = WALLET_COLUMNS;

/**
 * The three accounts of a wallet lie side by side in the index: one descent finds them all. As
 * three joins, the planner scanned the whole table three times while its statistics were small.
 */
const FIND_WALLETS: Statement = {
  name: "wallets_with_balances",
  text: `select ${selectList({ id, userId, createdAt }, "w")},
      greatest(w.created_at, w.updated_at, a.changed_at) as "updatedAt",
      a."gameCoins", a."cashBalance", a."computingPower", a.claim
    from newday.ledger_wallets w
    cross join lateral (
      select max(changed_at) as changed_at,
        coalesce(max(balance + claim) filter (where id & 65535 = 1), 0) as "gameCoins",
        coalesce(max(claim), 0) as claim,
        coalesce(max(balance) filter (where id & 65535 = 2), 0) as "cashBalance",
        coalesce(max(balance) filter (where id & 65535 = 3), 0) as "computingPower"
      from newday.accounts where id between w.number * 65536 + 1 and w.number * 65536 + 3
    ) a
    where w.user_id = any($1::text[]) and w.role is null`,
};

/** The wallets of these users with their balances now, claims included, by user id; users without one left out. */
export async function findWallets(
  db: Queryable,
  userIds: readonly string[],
): Promise<Map<string, Wallet>> {
  const rows = await db.query<Wallet>(FIND_WALLETS, [userIds]);
  return new Map(rows.map((row) => [row.userId, row]));
}

export interface NewOwner {
  /** The wallet's number, from the sequence. */
  readonly number: bigint;
  /**
   * Of the user's platform (owned-wallet-queries.ts). A user who was erased once has the same claim as a new user, so
   * that reads of others do not show it; `findStarterBudget` never pays it.
   */
  readonly starterGrant: bigint;
}

/** SQL: whether the user of this id was erased once. */
export function wasErased(userId: string): string {
  return `exists (select from newday.erased_people where mark = newday.person_mark(${userId}))`;
}

const NEW_OWNER: Statement = {
  name: "wallet_new_owner",
  text: `select o.number, coalesce(f.starter_grant, 0) as "starterGrant"
    from (select nextval('newday.wallet_number') as number, ${OWNER_PLATFORM} as platform
      from (select $1::text as user_id, null::text as platform) w ${WITH_OWNERS}) o
    left join newday.platforms f on f.name = o.platform`,
};

/** A number for the user's wallet, and what its opening promises. */
export async function findNewOwner(db: Queryable, userId: string): Promise<NewOwner> {
  const [row] = await db.query<NewOwner>(NEW_OWNER, [userId]);
  if (!row) throw new Error("select returned no row");
  return row;
}

/**
 * Coins a UTC day that pay the starter grants of a platform; null: no bound; 0 for a user who was erased once: they
 * have had their grant.
 */
export async function findStarterBudget(
  db: Queryable,
  { platform, userId }: { readonly platform: string; readonly userId: string },
): Promise<bigint | null> {
  const [row] = await db.query<{ budget: bigint | null }>(
    `select case when ${wasErased("$2::text")} then 0 else starter_budget_per_day end as budget
      from newday.platforms where name = $1`,
    [platform, userId],
  );
  return row?.budget ?? null;
}

/** New wallet numbers from the sequence. Unused numbers are skipped, which is harmless. */
export async function takeWalletNumbers(db: Queryable, count: number): Promise<bigint[]> {
  const rows = await db.query<{ number: bigint }>(
    "select nextval('newday.wallet_number') as number from generate_series(1, $1::int)",
    [count],
  );
  return rows.map(({ number }) => number);
}
