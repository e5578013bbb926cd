/**
 * The proof by behaviour: an INSERT of somebody who is no player, to be rolled back.
 *
 * A catalogue without a foreign key and a table that takes a stranger are two different facts; the
 * repair checks both. The statement is built from the catalogue, because the tables of this database
 * may have columns that ours have not.
 */
import { quoteIdentifier } from "../../db/direct-client.ts";
import type { ColumnRow } from "../catalogue/catalogue-queries.ts";
import type { Inspection } from "../catalogue/inspection.ts";
import type { PlannedProbe } from "./plan.ts";

/** A number that no id generator hands out. */
const PROBE_NUMBER = -73_010;
const PROBE_TEXT = "newday-repair-probe";

/** One probe for each table whose key goes. */
export function probesFor(inspection: Inspection): PlannedProbe[] {
  const tables = [...new Set(inspection.rules.map(({ table }) => table))];
  return tables.map((table) => {
    const strangers = inspection.rules
      .filter((rule) => rule.table.oid === table.oid)
      .map((rule) => rule.columnNumber);
    const name = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
    const columns = inspection.columns.filter(({ tableOid }) => tableOid === table.oid);
    return { table: name, sql: insertSql(name, columns, strangers) };
  });
}

function insertSql(
  table: string,
  columns: readonly ColumnRow[],
  strangers: readonly number[],
): string {
  const named = columns.filter((column) => column.needsValue || strangers.includes(column.number));
  const names = named.map(({ name }) => quoteIdentifier(name)).join(", ");
  const values = named.map((column) =>
    strangers.includes(column.number) ? strangerValue(column) : fillerValue(column),
  );
  return `insert into ${table} (${names}) values (${values.join(", ")})`;
}

/** An id that belongs to nobody: fresh on every run, cut to the column's length by the cast. */
function strangerValue(column: ColumnRow): string {
  if (column.category === "N") return `${PROBE_NUMBER}::${column.type}`;
  if (column.type === "uuid") return "pg_catalog.gen_random_uuid()";
  return `pg_catalog.gen_random_uuid()::text::${column.type}`;
}

/** Some value of the type: the row never becomes visible to anybody. */
export function fillerValue({ category, type }: ColumnRow): string {
  if (type === "uuid") return "pg_catalog.gen_random_uuid()";
  if (category === "N") return `0::${type}`;
  if (category === "B") return "false";
  if (category === "D") return `pg_catalog.now()::${type}`;
  if (category === "E") return `(pg_catalog.enum_range(null::${type}))[1]`;
  if (category === "A" || type === "json" || type === "jsonb") return `'{}'::${type}`;
  // A unique text column must not meet the row of an earlier filler.
  if (category === "S") return `('${PROBE_TEXT}-' || pg_catalog.gen_random_uuid())::${type}`;
  return `null::${type}`;
}
