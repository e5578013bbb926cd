/** SQL that reads wallets with their balances. */
import type { Queryable, Statement } from "../../db/database.ts";
import type { Wallet } from "./wallet.ts";

/**
 * The three accounts of a wallet lie side by side in the index: one descent finds them all. As
 * three joins, the planner scanned the whole table three times while its statistics were small.
 */
const FIND_WALLETS: Statement = {
  name: "wallets_with_balances",
  text: `select w.id, w.user_id as "userId", w.created_at as "createdAt",
      greatest(w.created_at, w.updated_at, a.changed_at) as "updatedAt",
      a."gameCoins", a."cashBalance", a."computingPower"
    from newday.ledger_wallets w
    cross join lateral (
      select max(changed_at) as changed_at,
        coalesce(max(balance) filter (where id & 65535 = 1), 0) as "gameCoins",
        coalesce(max(balance) filter (where id & 65535 = 2), 0) as "cashBalance",
        coalesce(max(balance) filter (where id & 65535 = 3), 0) as "computingPower"
      from newday.accounts where id between w.number * 65536 + 1 and w.number * 65536 + 3
    ) a
    where w.user_id = any($1::text[]) and w.role is null`,
};

/** The wallets of these users with their balances now, by user id; users without one left out. */
export async function findWallets(
  db: Queryable,
  userIds: readonly string[],
): Promise<Map<string, Wallet>> {
  const rows = await db.query<Wallet>(FIND_WALLETS, [userIds]);
  return new Map(rows.map((row) => [row.userId, row]));
}

/** New wallet numbers from the sequence. Unused numbers are skipped, which is harmless. */
export async function takeWalletNumbers(db: Queryable, count: number): Promise<bigint[]> {
  const rows = await db.query<{ number: bigint }>(
    "select nextval('newday.wallet_number') as number from generate_series(1, $1::int)",
    [count],
  );
  return rows.map(({ number }) => number);
}
