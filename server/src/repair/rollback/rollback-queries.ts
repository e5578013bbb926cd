/** Catalogue queries about keys that a rollback has added. */
import type { Queryable } from "../../db/database.ts";
import type { PlannedLock } from "../model/plan.ts";

/** Both tables of each key, the referencing ones first, in the order of a repair's locks. */
export function readKeyEnds(
  db: Queryable,
  keys: readonly { readonly table: string; readonly name: string }[],
): Promise<PlannedLock[]> {
  return db.query<PlannedLock>(
    `select c.oid::int8::float8 as oid, c.oid::regclass::text as name,
            has_table_privilege(c.oid, 'UPDATE') or has_table_privilege(c.oid, 'DELETE')
              or has_table_privilege(c.oid, 'TRUNCATE') as "mayLock"
       from jsonb_to_recordset($1::jsonb) as added("table" text, name text)
       join pg_catalog.pg_constraint k
         on k.conrelid = to_regclass(added."table") and k.conname = added.name
       join pg_catalog.pg_class c on c.oid in (k.conrelid, k.confrelid)
      group by c.oid
      order by bool_and(c.oid = k.confrelid), c.oid`,
    [JSON.stringify(keys)],
  );
}
