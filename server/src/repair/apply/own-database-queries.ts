/** Checks that the legacy tables are ours and new. */
import type { Queryable } from "../../db/database.ts";

/** The comment of migration 1 on the table that it made. */
const OWN_COMMENT = "created by New Day migration 1";

export async function isOwnAndEmpty(db: Queryable): Promise<boolean> {
  const [table] = await db.query<{ own: boolean }>(
    `select c.relkind = 'r' and obj_description(c.oid, 'pg_class') = $1 as own
       from pg_catalog.pg_class c
      where c.oid = to_regclass('public.wallets')`,
    [OWN_COMMENT],
  );
  if (!table?.own) return false;
  const [rows] = await db.query<{ none: boolean }>(
    `select not exists (select from public.wallets)
        and not exists (select from public.players where id <> 'system')
        and not exists (select from public.market_items)
        and not exists (select from public.transactions)
        and not exists (select from public.user_inventories)
        and not exists (select from public.adventure_items) as none`,
  );
  return rows?.none ?? false;
}
