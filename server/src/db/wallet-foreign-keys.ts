/** The one question that the server asks again and again: does a key still tie wallets to players? */
import type { Queryable } from "./database.ts";

/**
 * Names of the foreign keys that tie `public.wallets` to `public.players`; empty when there are
 * none, when `wallets` is a view (adopted) or absent. Reads `pg_constraint` only, takes no lock on
 * either table, and needs no right on them.
 */
export async function walletForeignKeys(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select c.conname::text as name
       from pg_catalog.pg_constraint c
      where c.contype = 'f' and c.conparentid = 0
        and c.conrelid = to_regclass('public.wallets')
        and c.confrelid = to_regclass('public.players')
      order by c.conname`,
  );
  return rows.map(({ name }) => name);
}
