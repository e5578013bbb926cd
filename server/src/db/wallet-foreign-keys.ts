/** The query that the server polls: does a foreign key still tie wallets to players? */
import type { Queryable } from "./database.ts";

/**
 * Names of the foreign keys that tie `public.wallets` to `public.players`; empty when keys are
 * gone, or `wallets` is a view (adopted) or absent. Reads `pg_constraint` only: takes no lock on
 * either table, needs no right on them.
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
