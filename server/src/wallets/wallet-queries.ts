/** SQL that reads wallets with their balances. */
import type { Queryable, Statement } from "../db/database.ts";
import type { Wallet } from "./wallet.ts";

const FIND_WALLETS: Statement = {
  name: "wallets_with_balances",
  text: `select w.id, w.user_id as "userId", w.created_at as "createdAt",
      greatest(w.created_at, w.updated_at, c1.changed_at, c2.changed_at, c3.changed_at)
        as "updatedAt",
      coalesce(c1.balance, 0) as "gameCoins", coalesce(c2.balance, 0) as "cashBalance",
      coalesce(c3.balance, 0) as "computingPower"
    from newday.wallets w
    left join newday.accounts c1 on c1.id = w.number * 65536 + 1
    left join newday.accounts c2 on c2.id = w.number * 65536 + 2
    left join newday.accounts c3 on c3.id = w.number * 65536 + 3
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

/** Fresh wallet numbers from the sequence. Numbers that are not used are lost, which is harmless. */
export async function takeWalletNumbers(db: Queryable, count: number): Promise<bigint[]> {
  const rows = await db.query<{ number: bigint }>(
    "select nextval('newday.wallet_number') as number from generate_series(1, $1::int)",
    [count],
  );
  return rows.map(({ number }) => number);
}
