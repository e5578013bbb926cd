import type { Queryable, Statement } from "../db/database.ts";

/**
 * Foreign keys by structure, from the catalogue: any key on `user_id` of `public.wallets` that
 * references `public.players`, whatever its name. information_schema hides keys from roles that do
 * not own the table (INCIDENTS.md A5).
 */
const FIND_WALLET_FOREIGN_KEYS: Statement = {
  name: "find-wallet-foreign-keys",
  text: `select c.conname::text as name from pg_catalog.pg_constraint c
         where c.contype = 'f' and c.conrelid = to_regclass('public.wallets')
           and c.confrelid = to_regclass('public.players') and c.conparentid = 0
         order by c.conname`,
};

/** Names of the keys that let only players own wallets; empty when repaired or adopted. */
export async function findWalletForeignKeys(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ name: string }>(FIND_WALLET_FOREIGN_KEYS);
  return rows.map(({ name }) => name);
}
