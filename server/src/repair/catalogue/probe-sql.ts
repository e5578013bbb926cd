/**
 * SQL of the probe by behaviour: an INSERT for an external user, to be rolled back.
 *
 * A catalogue without a foreign key and a table that accepts a foreign row are two different facts;
 * the repair checks both. `probe-search.ts` finds the row, because this database's tables may have
 * further columns and rules.
 */
import type { ColumnRow } from "./catalogue-queries.ts";

/** A number beyond every id generator. */
const PROBE_NUMBER = -73_010;
const PROBE_TEXT = "newday-repair-probe";
/** The longest id that the API accepts (docs/contract.md 1). */
export const LONGEST_ID = 255;

/**
 * SQL that gives a transaction the search path of the database's clients: triggers of the table may
 * use unqualified names. `table` is an SQL expression, the quoted name as text. A null value resets
 * the setting to the session's default, which needs no right on pg_settings.
 */
export function clientPathSql(table: string): string {
  return `set_config('search_path', concat_ws(', ',
    nullif(set_config('search_path', null, true), ''),
    (select quote_ident(n.nspname) from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.oid = ${table}::regclass)), true)`;
}

/** An unused id, new on every run; the cast to the column's type cuts it to its length. */
export function externalIdValue(column: ColumnRow): string {
  if (column.category === "N") return `${PROBE_NUMBER}::${column.type}`;
  if (column.baseType === "uuid") return "pg_catalog.gen_random_uuid()";
  return "pg_catalog.gen_random_uuid()::text";
}

/** Some value of the type: the row stays invisible to other sessions. */
export function fillerValue({ category, type }: ColumnRow): string {
  if (type === "uuid") return "pg_catalog.gen_random_uuid()";
  if (type === "bytea") return "pg_catalog.uuid_send(pg_catalog.gen_random_uuid())";
  if (category === "N") return `0::${type}`;
  if (category === "B") return "false";
  if (category === "D") return `pg_catalog.now()::${type}`;
  if (category === "E") return `(pg_catalog.enum_range(null::${type}))[1]`;
  if (category === "A" || type === "json" || type === "jsonb") return `'{}'::${type}`;
  // A unique text column must differ from the row of an earlier filler.
  if (category === "S")
    return `pg_catalog.concat('${PROBE_TEXT}-', pg_catalog.gen_random_uuid())::${type}`;
  return `null::${type}`;
}
