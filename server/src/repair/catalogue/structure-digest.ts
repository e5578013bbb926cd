/**
 * One digest of "everything about these tables except the keys that go".
 *
 * The plan stores it; the critical section computes it again after the drop and under the lock.
 * Equal digests mean that the rest is unchanged since the plan, through the drop. It is compared on
 * one server and one version only, which keeps version-dependent noise out.
 */

import type { Queryable } from "../../db/database.ts";

/**
 * A scalar SQL expression. `tables` and `keys` are SQL expressions of type oid[]; partitions of the
 * tables and constraint rows that descend from the keys are found by the expression itself.
 */
export function structureDigestSql(tables: string, keys: string): string {
  return `(select md5(coalesce(string_agg(line, E'\\n' order by line), ''))
    from (${structureLinesSql(tables, keys)}) structure)`;
}

/** The facts themselves, one a line: shown as a difference when a plan has become stale. */
export function structureLinesSql(tables: string, keys: string): string {
  return `
  with recursive gone as (
    select k.oid from unnest(${keys}) k(oid)
    union
    select c.oid from pg_catalog.pg_constraint c join gone on c.conparentid = gone.oid
  ), rel as (
    select t.oid from unnest(${tables}) t(oid)
    union
    select p.relid::oid from unnest(${tables}) t(oid)
     cross join lateral pg_catalog.pg_partition_tree(t.oid::regclass) p
  ), lines as (
    select 'relation ' || c.oid || ' ' || c.relname || ' ' || c.relkind::text || ' ' || c.relowner || ' '
           || c.relrowsecurity || ' ' || c.relforcerowsecurity || ' ' || c.relpersistence::text as line
      from pg_catalog.pg_class c where c.oid in (select oid from rel)
    union all
    select 'column ' || a.attrelid || ' ' || a.attnum || ' ' || a.attname || ' '
           || pg_catalog.format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
           || a.attidentity::text || ' ' || a.attgenerated::text || ' ' || a.attcollation || ' '
           || coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '')
      from pg_catalog.pg_attribute a
      left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid in (select oid from rel) and a.attnum > 0 and not a.attisdropped
    union all
    select 'constraint ' || c.oid || ' ' || c.conrelid || ' ' || c.conname || ' '
           || pg_catalog.pg_get_constraintdef(c.oid)
      from pg_catalog.pg_constraint c
     where (c.conrelid in (select oid from rel) or c.confrelid in (select oid from rel))
       and c.oid not in (select oid from gone)
    union all
    select 'index ' || i.indexrelid || ' ' || i.indisunique || ' ' || i.indisvalid || ' '
           || i.indisready || ' ' || pg_catalog.pg_get_indexdef(i.indexrelid)
      from pg_catalog.pg_index i where i.indrelid in (select oid from rel)
    union all
    select 'trigger ' || t.oid || ' ' || t.tgenabled::text || ' '
           || case when t.tgisinternal then '' else pg_catalog.pg_get_triggerdef(t.oid) end
      from pg_catalog.pg_trigger t
     where t.tgrelid in (select oid from rel) and t.tgconstraint not in (select oid from gone)
    union all
    select 'policy ' || p.oid || ' ' || p.polname || ' ' || p.polcmd::text || ' '
           || coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '') || ' '
           || coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '')
      from pg_catalog.pg_policy p where p.polrelid in (select oid from rel)
  )
  select line from lines`;
}

/** The digest of these tables without these keys. */
export async function readStructureDigest(
  db: Queryable,
  tables: readonly number[],
  keys: readonly number[],
): Promise<string> {
  const [row] = await db.query<{ digest: string }>(
    `select ${structureDigestSql("$1::oid[]", "$2::oid[]")} as digest`,
    [tables, keys],
  );
  return row?.digest ?? "";
}

export async function readStructureLines(
  db: Queryable,
  tables: readonly number[],
  keys: readonly number[],
): Promise<string[]> {
  const rows = await db.query<{ line: string }>(
    `select line from (${structureLinesSql("$1::oid[]", "$2::oid[]")}) structure order by line`,
    [tables, keys],
  );
  return rows.map(({ line }) => line);
}
