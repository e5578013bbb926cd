/** What a second session sees of a transaction that holds locks. */
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
