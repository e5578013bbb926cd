/** One row of a search as SQL: its INSERT, and the questions that tell which rules refuse it. */
import { quoteIdentifier, quoteLiteral } from "../../db/driver/direct-client.ts";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { isQueryRefused } from "../connection/optional-query.ts";
import type { ColumnRow } from "./catalogue-queries.ts";
import type { Inspection } from "./inspection.ts";
import type { TableRule, TableRules } from "./probe-rules.ts";
import { clientPathSql } from "./probe-sql.ts";

/** Bounds each query: an unindexed rule stays unknown. */
const QUERY_TIMEOUT_MS = 2_000;

export interface Search {
  readonly client: DirectClient;
  readonly inspection: Inspection;
  readonly table: string;
  readonly columns: readonly ColumnRow[];
  readonly ids: ReadonlySet<string>;
  readonly given: ReadonlyMap<string, string>;
  readonly rules: TableRules;
  tries: number;
}

/** SQL of the named columns; `r` is a row of the table. */
export type Row = ReadonlyMap<string, string>;

/** The rules that refuse the row; a rule that cannot be asked is unknown and left out. */
export async function refusedBy(search: Search, row: Row): Promise<TableRule[]> {
  const rules = [...search.rules.rules, ...requiredRules(search)];
  const from = rowSql(search, row);
  const conditions = rules.map(({ sql }, at) => `${sql} as c${at}`);
  const all = await tryQuery(search, `select ${["true as c", ...conditions].join(", ")} ${from}`);
  if ("rows" in all) {
    const [answers] = all.rows as Record<string, boolean>[];
    return rules.filter((_, at) => answers?.[`c${at}`] === false);
  }
  if (isQueryRefused(all.error)) return [];
  const impossible = await impossibleColumns(search, row);
  if (impossible.length > 0) return impossible;
  const refused: TableRule[] = [];
  for (const rule of rules) {
    const one = await tryQuery(search, `select ${rule.sql} as c ${from}`);
    if ("rows" in one && (one.rows as { c: boolean }[])[0]?.c === false) refused.push(rule);
  }
  return refused;
}

function requiredRules({ columns }: Search): TableRule[] {
  return columns
    .filter(({ isRequired, isNumbered, isComputed }) => isRequired && !isNumbered && !isComputed)
    .map(({ name }) => ({
      name: `${name} NOT NULL`,
      columns: [name],
      sql: `v.${quoteIdentifier(name)} is not null`,
      definition: "",
    }));
}

/** Columns whose type refuses the value: a domain's CHECK, a length, an enum. */
async function impossibleColumns(search: Search, row: Row): Promise<TableRule[]> {
  const found: TableRule[] = [];
  for (const column of search.columns) {
    const value = row.get(column.name);
    if (value === undefined) continue;
    const one = await tryQuery(
      search,
      `select (${value})::${column.type} from ${sampleSql(search)}`,
    );
    if ("rows" in one) continue;
    const words = one.error instanceof Error ? one.error.message : String(one.error);
    found.push({ name: words, columns: [column.name], sql: "true", definition: "" });
  }
  return found;
}

function sampleSql({ table }: Search): string {
  return `(select) one left join lateral (select * from ${table} limit 1) r on true`;
}

/** FROM with `v`: the row as the table would hold it, defaults and generated columns included. */
function rowSql(search: Search, row: Row): string {
  const { columns } = search;
  const cell = ({ name, type, collation, isNumbered, defaultSql }: ColumnRow) => {
    const fallback = isNumbered || defaultSql === null ? "null" : defaultSql;
    return `(${row.get(name) ?? fallback})::${type}${collation} as ${quoteIdentifier(name)}`;
  };
  const computed = columns
    .filter(({ computedSql }) => computedSql !== null)
    .map(
      ({ name, type, collation, computedSql }) =>
        `(select (${computedSql})::${type}${collation} from (select b.*) x) as ${quoteIdentifier(name)}`,
    );
  const base = columns.filter(({ computedSql }) => computedSql === null).map(cell);
  return `from ${sampleSql(search)}
    cross join lateral (select ${base.join(", ")}) b
    cross join lateral (select ${["b.*", ...computed].join(", ")}) v`;
}

export function insertSql(search: Search, row: Row): string {
  const named = search.columns.filter(({ name }) => row.has(name));
  const names = named.map(({ name }) => quoteIdentifier(name)).join(", ");
  const values = named.map(({ name, type }) => `(${row.get(name)})::${type}`).join(", ");
  const from = [...row.values()].some((value) => /\br\./.test(value))
    ? ` from ${sampleSql(search)}`
    : "";
  return `insert into ${search.table} (${names}) select ${values}${from}`;
}

type Result = { readonly rows: readonly object[] } | { readonly error: unknown };

/** One query under the clients' path, undone with all of its settings. */
export async function tryQuery(search: Search, query: string): Promise<Result> {
  const { client, table } = search;
  search.tries++;
  try {
    const results = await client.script(
      `savepoint probe; set local statement_timeout = ${QUERY_TIMEOUT_MS};
       select ${clientPathSql(quoteLiteral(table))}; ${query}`,
    );
    return { rows: results.at(-1) ?? [] };
  } catch (error) {
    if (client.isLost()) throw error;
    return { error };
  } finally {
    if (!client.isLost()) await client.query("rollback to savepoint probe");
  }
}
