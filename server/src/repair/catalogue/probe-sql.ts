/**
 * The probe by behaviour: an INSERT for an external user, to be rolled back.
 *
 * A catalogue without a foreign key and a table that accepts a foreign row are two different facts;
 * the repair checks both. The statement is built from the catalogue, because this database's tables
 * may have further columns.
 */
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import type { ColumnRow } from "./catalogue-queries.ts";
import type { Inspection } from "./inspection.ts";
import type { PlannedProbe } from "../model/plan.ts";

/** A number beyond every id generator. */
const PROBE_NUMBER = -73_010;
const PROBE_TEXT = "newday-repair-probe";

/** One probe for each table whose key goes. */
export function probesFor(inspection: Inspection): PlannedProbe[] {
  const tables = [...new Set(inspection.rules.map(({ table }) => table))];
  return tables.map((table) => {
    const idColumns = inspection.rules
      .filter((rule) => rule.table.oid === table.oid)
      .map((rule) => rule.columnNumber);
    const name = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
    const columns = inspection.columns.filter(({ tableOid }) => tableOid === table.oid);
    const named = columns.filter(
      ({ needsValue, number }) => needsValue || idColumns.includes(number),
    );
    const unique = uniqueColumns(inspection, table.oid, named, idColumns);
    const values = named.map((column) => {
      if (idColumns.includes(column.number)) return externalIdValue(column);
      return unique.has(column.name) ? fillerValue(column) : sampleValue(name, column);
    });
    const names = named.map((column) => quoteIdentifier(column.name)).join(", ");
    return { table: name, sql: `insert into ${name} (${names}) values (${values.join(", ")})` };
  });
}

/** Columns of a unique index that need a unique value beside the foreign id. */
function uniqueColumns(
  { uniqueIndexes }: Inspection,
  tableOid: number,
  named: readonly ColumnRow[],
  idColumns: readonly number[],
): Set<string> {
  const ids = named.filter(({ number }) => idColumns.includes(number)).map(({ name }) => name);
  const indexes = uniqueIndexes.filter(
    (index) => index.tableOid === tableOid && !index.columns.some((name) => ids.includes(name)),
  );
  return new Set(indexes.flatMap(({ columns }) => columns));
}

/** Values of an existing row satisfy the table's CHECKs and other keys; invented ones may fail. */
function sampleValue(table: string, column: ColumnRow): string {
  const sample = `(select t.${quoteIdentifier(column.name)} from ${table} t limit 1)`;
  return `coalesce(${sample}, ${fillerValue(column)})`;
}

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

/** An unused id: new on every run, cut to the column's length by the cast. */
function externalIdValue(column: ColumnRow): string {
  if (column.category === "N") return `${PROBE_NUMBER}::${column.type}`;
  if (column.type === "uuid") return "pg_catalog.gen_random_uuid()";
  return `pg_catalog.gen_random_uuid()::text::${column.type}`;
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
