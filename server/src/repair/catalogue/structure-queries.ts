/** The structure of some tables, described by shape: names are labels beside it, not part of it. */
import type { Queryable } from "../../db/database.ts";

export interface StructureRow {
  readonly table: string;
  readonly kind: "table" | "column" | "constraint" | "index" | "trigger" | "policy";
  /** Its identity; for a column its name. */
  readonly key: string;
  readonly detail: string;
  /** This environment's name for it; empty where the name is the key. */
  readonly label: string;
}

/** Tables of the schema that a repair concerns: the named ones, and those tied to them by a key. */
export async function findConcernedTables(
  db: Queryable,
  schema: string,
  names: readonly string[],
): Promise<number[]> {
  const rows = await db.query<{ oid: number }>(
    `with named as (
       select c.oid from pg_catalog.pg_class c
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and c.relname::text = any($2::text[]) and c.relkind in ('r', 'p')
     )
     select oid::int8::float8 as oid from named
     union
     select unnest(array[f.conrelid, f.confrelid])::int8::float8 from pg_catalog.pg_constraint f
      where f.contype = 'f' and f.conparentid = 0
        and (f.conrelid in (select oid from named) or f.confrelid in (select oid from named))
     order by 1`,
    [schema, names],
  );
  return rows.map(({ oid }) => oid);
}

/**
 * Version-dependent noise is left out: NOT NULL rows of 18 (they are in the columns), internal
 * triggers (they follow their key), the names of partitions' constraints.
 */
export function readStructure(db: Queryable, tables: readonly number[]): Promise<StructureRow[]> {
  return db.query<StructureRow>(
    `select c.relname::text as "table", 'table' as kind, 'kind' as key,
            concat_ws(' ', case c.relkind when 'p' then 'partitioned' else 'plain' end,
                      case when c.relrowsecurity then 'row security' end,
                      case when c.relforcerowsecurity then 'forced' end) as detail, '' as label
       from pg_catalog.pg_class c where c.oid = any($1::oid[])
     union all
     select a.attrelid::regclass::text, 'column', a.attname::text,
            concat_ws(' ', format_type(a.atttypid, a.atttypmod),
                      case when a.attnotnull then 'not null' end,
                      'default ' || pg_get_expr(d.adbin, d.adrelid)), ''
       from pg_catalog.pg_attribute a
       left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped
     union all
     select c.conrelid::regclass::text, 'constraint',
            regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', ''),
            case when c.convalidated then 'valid' else 'not valid' end
              || case when exists (select from pg_catalog.pg_trigger t
                                    where t.tgconstraint = c.oid and t.tgenabled not in ('O', 'A'))
                      then ', triggers disabled' else '' end,
            c.conname::text
       from pg_catalog.pg_constraint c
      where (c.conrelid = any($1::oid[]) or (c.contype = 'f' and c.confrelid = any($1::oid[])))
        and c.contype in ('p', 'u', 'f', 'c', 'x') and c.conparentid = 0
     union all
     select i.indrelid::regclass::text, 'index',
            regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX .*? ON ', '\\1'),
            case when i.indisvalid and i.indisready then 'valid' else 'invalid' end, x.relname::text
       from pg_catalog.pg_index i
       join pg_catalog.pg_class x on x.oid = i.indexrelid
      where i.indrelid = any($1::oid[])
     union all
     select t.tgrelid::regclass::text, 'trigger',
            regexp_replace(pg_get_triggerdef(t.oid), '^CREATE (CONSTRAINT )?TRIGGER \\S+ ', ''),
            case t.tgenabled when 'D' then 'disabled' else 'enabled' end, t.tgname::text
       from pg_catalog.pg_trigger t where t.tgrelid = any($1::oid[]) and not t.tgisinternal
     union all
     select p.polrelid::regclass::text, 'policy', p.polname::text,
            concat_ws(' ', p.polcmd::text, pg_get_expr(p.polqual, p.polrelid),
                      pg_get_expr(p.polwithcheck, p.polrelid)), ''
       from pg_catalog.pg_policy p where p.polrelid = any($1::oid[])
     order by 1, 2, 3, 5`,
    [tables],
  );
}
