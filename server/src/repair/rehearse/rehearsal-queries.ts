/** A second session's view of a transaction with locks. */
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import type { Queryable } from "../../db/database.ts";

export interface HeldLock {
  readonly relation: string;
  readonly mode: string;
}

/** The strongest relation lock that this backend holds on each of these tables. */
export async function readHeldLocks(
  db: Queryable,
  pid: number,
  tables: readonly number[],
): Promise<HeldLock[]> {
  return db.query<HeldLock>(
    `select distinct on (l.relation) l.relation::regclass::text as relation, l.mode
       from pg_catalog.pg_locks l
       join unnest(array['AccessShareLock', 'RowShareLock', 'RowExclusiveLock',
              'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
              'AccessExclusiveLock']) with ordinality strength(mode, rank) using (mode)
      where l.pid = $1 and l.locktype = 'relation' and l.granted and l.relation = any($2::oid[])
      order by l.relation, strength.rank desc`,
    [pid, tables],
  );
}

/** Rows that a quarantine has moved aside, in all of its tables. */
export async function countQuarantined(db: Queryable): Promise<number> {
  const tables = await db.query<{ name: string }>(
    `select c.relname::text as name from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'newday' and c.relkind = 'r' and starts_with(c.relname::text, 'quarantine_')`,
  );
  let total = 0;
  for (const { name } of tables) {
    const [row] = await db.query<{ rows: number }>(
      `select count(*)::float8 as rows from newday.${quoteIdentifier(name)}`,
    );
    total += row?.rows ?? 0;
  }
  return total;
}
