/**
 * The tables that a dump holds with their rows, and those with structure only.
 *
 * By default: the tables of the repair, every table that refers to one of them, and the targets of
 * those references. A copy needs restorable foreign keys.
 */
import type { Queryable } from "../../db/database.ts";

export interface DumpScope {
  /** Tables whose contents are compared; partitions are counted with their root. */
  readonly compared: readonly { readonly name: string; readonly bytes: number }[];
  /** Tables of which only the structure is dumped. */
  readonly structureOnly: readonly string[];
  /** An upper bound for the disk space of the dump and its restored copy. */
  readonly bytes: number;
}

interface ScopeRow {
  readonly name: string;
  readonly held: boolean;
  readonly child: boolean;
  readonly bytes: number;
}

export async function readDumpScope(
  db: Queryable,
  repaired: readonly number[],
  full: boolean,
): Promise<DumpScope> {
  const rows = await db.query<ScopeRow>(
    `with recursive held(oid) as (
       (select r.oid from unnest($1::oid[]) r(oid)
        union
        select f.conrelid from pg_catalog.pg_constraint f
         where f.contype = 'f' and f.confrelid = any($1::oid[]))
       union
       select next.oid from held
        cross join lateral (
          select f.confrelid as oid from pg_catalog.pg_constraint f
           where f.contype = 'f' and f.conrelid = held.oid
          union all
          select i.inhrelid from pg_catalog.pg_inherits i where i.inhparent = held.oid) next
     )
     select format('%I.%I', n.nspname, c.relname) as name,
            $2 or c.oid in (select oid from held) as held,
            exists (select from pg_catalog.pg_inherits i where i.inhrelid = c.oid) as child,
            case when c.relkind = 'r' then pg_total_relation_size(c.oid)::float8
                 else 0::float8 end as bytes
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and c.relpersistence <> 't'
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_catalog.pg_depend d
                         where d.objid = c.oid and d.deptype = 'e')
      order by 1`,
    [repaired, full],
  );
  const held = rows.filter((row) => row.held);
  return {
    compared: held.filter(({ child }) => !child),
    structureOnly: rows.filter((row) => !row.held).map(({ name }) => name),
    bytes: held.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

export interface KeyLine {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** Every foreign key of the database, as text that must be equal in a restored copy. */
export function readKeyLines(db: Queryable): Promise<KeyLine[]> {
  return db.query<KeyLine>(
    `select c.conrelid::regclass::text as "table", c.conname::text as name,
            pg_get_constraintdef(c.oid) as definition
       from pg_catalog.pg_constraint c
      where c.contype = 'f' and c.conparentid = 0
      order by 1, 2, 3`,
  );
}
