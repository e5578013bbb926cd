/** System wallets of platforms: found by their reserved user ids, made when first needed. */
import type { Database, Queryable } from "../../db/database.ts";
import { systemUserId, type WalletRole } from "./wallet-rows.ts";

/**
 * Returns the number of a platform's system wallet and creates a missing row; safe to call from
 * several processes at once. Its accounts get their bounds from the role
 * (ledger/transfers/apply-posting.ts).
 */
export async function systemWallet(
  db: Database | Queryable,
  platform: string,
  role: WalletRole,
): Promise<bigint> {
  const userId = systemUserId(platform, role);
  // The id equals the user id: two simultaneous inserts may conflict on either of the two.
  await db.query(
    `insert into newday.wallets (number, id, user_id, platform, role)
      select nextval('newday.wallet_number'), $1, $1, $2, $3
      where not exists (select from newday.wallets where user_id = $1)
      on conflict do nothing`,
    [userId, platform, role],
  );
  const [row] = await db.query<{ number: bigint }>(
    "select number from newday.wallets where user_id = $1",
    [userId],
  );
  if (!row) throw new Error(`the system wallet ${userId} vanished`);
  return row.number;
}
