/** SQL of the export: the rows of one person, table by table, in pages. */
import type { Queryable } from "../db/database.ts";
import type { Person, PersonalTable } from "./inventory/personal-column.ts";

export interface ReadableTable extends PersonalTable {
  /** Columns of this database that the export shows, in the order of the catalogue. */
  readonly shown: readonly string[];
}

/**
 * The tables that this database has, with their columns: a legacy table may be missing, or may have columns that
 * New Day does not know, which are shown.
 */
export async function findReadableTables(
  db: Queryable,
  tables: readonly PersonalTable[],
): Promise<ReadableTable[]> {
  const rows = await db.query<{ name: string; columns: string[] }>(
    `select t.name, array_agg(a.attname::text order by a.attnum) as columns
      from unnest($1::text[]) as t (name)
      join pg_class c on c.oid = to_regclass(t.name) and c.relkind in ('r', 'p')
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      group by t.name`,
    [tables.map(({ name }) => name)],
  );
  const columnsOf = new Map(rows.map(({ name, columns }) => [name, columns]));
  return tables.flatMap((table) => {
    const columns = columnsOf.get(table.name);
    return columns ? [{ ...table, shown: columns.filter((name) => isShown(table, name)) }] : [];
  });
}

function isShown({ columns, internal }: PersonalTable, name: string): boolean {
  return (columns[name]?.exported ?? true) && !internal.includes(name);
}

type Row = Readonly<Record<string, unknown>>;

const PAGE = 1_000;

/** Every row of the person in the order of the primary key, with the shown columns. */
export async function* readRowsOf(
  db: Queryable,
  { userId, wallet }: Person,
  table: ReadableTable,
): AsyncGenerator<Row> {
  let rows = await db.query<Row>(pageText(table, ""), [userId, wallet]);
  for (;;) {
    for (const row of rows) yield Object.fromEntries(table.shown.map((name) => [name, row[name]]));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    const key = table.key.map((_, place) => last[`key_${place}`]);
    const places = key.map((_, place) => `$${place + 3}`);
    const behind = `and (${table.key.join(", ")}) > (${places.join(", ")})`;
    rows = await db.query<Row>(pageText(table, behind), [userId, wallet, ...key]);
  }
}

/** Both parameters get a type, also where a table needs one of them only. */
function pageText(
  { name, rowsOf, exportOf = rowsOf, key, shown }: ReadableTable,
  behind: string,
): string {
  const columns = [
    ...key.map((part, place) => `${part} as key_${place}`),
    ...shown.map((column) => `"${column.replaceAll('"', '""')}"`),
  ];
  return `select ${columns.join(", ")} from ${name}
    where (${exportOf}) and ($1::text, $2::bigint) is not null ${behind}
    order by ${key.join(", ")} limit ${PAGE}`;
}
