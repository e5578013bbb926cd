/** System wallets of platforms: found by their reserved user ids, made when first needed. */
import type { Database, Queryable } from "../db/database.ts";
import { systemUserId, type WalletRole } from "../ledger/wallet-rows.ts";

/**
 * Number of a platform's system wallet. Creates the row if it is missing; safe to call from several
 * processes at once. Its accounts get their bounds from the role (ledger/engine/apply-posting.ts).
 */
export async function systemWallet(
  db: Database | Queryable,
  platform: string,
  role: WalletRole,
): Promise<bigint> {
  const userId = systemUserId(platform, role);
  // The id is the same text as the user id: two who insert at once may meet at either of the two.
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
