/**
 * Finds a row of an external user that the table's own rules accept, by queries alone.
 *
 * It starts from the columns that need a value and mends one refused rule after the other: with
 * values of real rows, unused keys, the values that the rules name, and invented ones.
 */
import { quoteIdentifier, quoteLiteral } from "../../db/driver/direct-client.ts";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import type { RepairDefinition } from "../model/definition.ts";
import type { PlannedProbe } from "../model/plan.ts";
import type { ColumnRow } from "./catalogue-queries.ts";
import type { Inspection } from "./inspection.ts";
import { externalIdValue, fillerValue, LONGEST_ID } from "./probe-sql.ts";
import { insertSql, refusedBy, tryQuery, type Row, type Search } from "./probe-row.ts";
import { readTableRules, type TableRule } from "./probe-rules.ts";
import { inventValues, varyValues } from "./probe-values.ts";

/** A rule for which no accepted value is known. */
export interface UnknownValue {
  /** As in the database, unquoted. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly rule: string;
}

export interface FoundProbes {
  readonly probes: readonly PlannedProbe[];
  readonly unknown: readonly UnknownValue[];
  /** Rules that refuse an id of the longest promised length. */
  readonly shortIds: readonly UnknownValue[];
  /** The operator accepted that no row is inserted. */
  readonly isLeftOut?: boolean;
}

/** Bounds the queries of one table. */
const TRIES_MAX = 600;
/** Rows whose values are varied, and free keys of a referenced table. */
const SAMPLES = 5;
/** Values of each column where a rule reads several. */
const PAIRED_VALUES = 8;

/** Searches in the caller's transaction, which may be read-only. */
export async function findProbes(
  client: DirectClient,
  inspection: Inspection,
  { probeValues: given = [], isProbed }: Pick<RepairDefinition, "probeValues" | "isProbed">,
): Promise<FoundProbes> {
  if (isProbed === false) return { probes: [], unknown: [], shortIds: [], isLeftOut: true };
  const found = {
    probes: [] as PlannedProbe[],
    unknown: [] as UnknownValue[],
    shortIds: [] as UnknownValue[],
  };
  const tables = [...new Set(inspection.rules.map(({ table }) => table))];
  for (const { oid, schema, name } of tables) {
    const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
    const numbers = inspection.rules
      .filter((rule) => rule.table.oid === oid)
      .map((rule) => rule.columnNumber);
    const columns = inspection.columns.filter(({ tableOid }) => tableOid === oid);
    const search: Search = {
      client,
      inspection,
      table,
      columns,
      ids: new Set(
        columns.filter(({ number }) => numbers.includes(number)).map((column) => column.name),
      ),
      given: new Map(
        given
          .filter((one) => one.table === name)
          .map((one) => [one.column, quoteLiteral(one.value)]),
      ),
      rules: await readTableRules(client, inspection, { oid, name: table }),
      tries: 0,
    };
    const unknownOf = (rule: TableRule) => ({
      table: name,
      columns: rule.columns,
      rule: rule.name,
    });
    const { row, refused } = await searchRow(search);
    if (!row) {
      found.unknown.push(...refused.slice(0, 1).map(unknownOf));
      continue;
    }
    const long = await withLongestIds(search, row);
    found.shortIds.push(...long.refused.map(unknownOf));
    found.probes.push({ table, sql: insertSql(search, long.row) });
  }
  return found;
}

interface Outcome {
  /** Undefined when no row satisfies every rule. */
  readonly row?: Row;
  readonly refused: readonly TableRule[];
}

async function searchRow(search: Search): Promise<Outcome> {
  const needed = await mend(search, firstRow(search));
  if (needed.row) return needed;
  // The whole of a real row satisfies the rules that tie columns together.
  const whole = await mend(search, new Map([...wholeRow(search), ...idValues(search)]));
  return whole.row ? whole : needed;
}

function idValues({ columns, ids, given }: Search): [string, string][] {
  return columns
    .filter(({ name }) => ids.has(name))
    .map((column) => [column.name, given.get(column.name) ?? externalIdValue(column)]);
}

function firstRow(search: Search): Row {
  const { columns, given, ids, inspection } = search;
  const unique = new Set(
    inspection.uniqueIndexes
      .filter(
        ({ tableOid, columns: of }) =>
          tableOid === columns[0]?.tableOid && !of.some((name) => ids.has(name)),
      )
      .flatMap((index) => index.columns),
  );
  const named = columns.filter(
    ({ name, needsValue }) => (needsValue || given.has(name)) && !ids.has(name),
  );
  const values = named.map((column): [string, string] => [
    column.name,
    given.get(column.name) ?? (unique.has(column.name) ? fillerValue(column) : sampleOf(column)),
  ]);
  return new Map([...idValues(search), ...values]);
}

/** Values of an existing row satisfy the table's CHECKs and other keys; invented ones may fail. */
function sampleOf(column: ColumnRow): string {
  return `coalesce(r.${quoteIdentifier(column.name)}, ${fillerValue(column)})`;
}

function wholeRow({ columns, given }: Search): [string, string][] {
  return columns
    .filter(({ isComputed, isNumbered }) => !isComputed && !isNumbered)
    .map(({ name }) => [name, given.get(name) ?? `r.${quoteIdentifier(name)}`]);
}

async function mend(search: Search, first: Row): Promise<Outcome> {
  let row = first;
  let refused = await refusedBy(search, row);
  while (refused.length > 0 && search.tries < TRIES_MAX) {
    const better = await mendOne(search, row, refused);
    if (!better) return { refused };
    ({ row, refused } = better);
  }
  return refused.length > 0 ? { refused } : { row, refused };
}

async function mendOne(search: Search, row: Row, refused: readonly TableRule[]) {
  for (const rule of refused.toSorted((a, b) => a.columns.length - b.columns.length)) {
    const changes = await changesFor(search, rule);
    for (const change of changes) {
      if (search.tries >= TRIES_MAX) return undefined;
      const next = changed(row, change);
      const left = await refusedBy(search, next);
      if (left.length < refused.length) return { row: next, refused: left };
    }
  }
  return undefined;
}

/** A column without a value is left out of the INSERT. */
type Change = readonly (readonly [column: string, value: string | undefined])[];

function changed(row: Row, change: Change): Row {
  const next = new Map(row);
  for (const [column, value] of change)
    if (value === undefined) next.delete(column);
    else next.set(column, value);
  return next;
}

async function changesFor(search: Search, rule: TableRule): Promise<Change[]> {
  const columns = search.columns.filter(
    ({ name, isComputed, isNumbered }) =>
      rule.columns.includes(name) && !isComputed && !isNumbered && !search.given.has(name),
  );
  const values: Change[][] = [];
  for (const column of columns) {
    const own = await candidatesOf(search, column);
    values.push(own.map((value) => [[column.name, value]]));
  }
  const pairs = values.flatMap((own, at) =>
    values
      .slice(at + 1)
      .flatMap((other) =>
        own
          .slice(0, PAIRED_VALUES)
          .flatMap((one) => other.slice(0, PAIRED_VALUES).map((two) => [...one, ...two])),
      ),
  );
  return [...values.flat(), ...pairs];
}

async function candidatesOf(search: Search, column: ColumnRow): Promise<(string | undefined)[]> {
  const { columns, ids, rules } = search;
  const about = rules.rules.filter((rule) => rule.columns.includes(column.name));
  const definitions = [
    ...about.map(({ definition }) => definition),
    ...(rules.domains.get(column.name) ?? []),
  ];
  const isId = ids.has(column.name);
  const omitted = isId || column.needsValue ? [] : [undefined, "null"];
  const real = await realValues(search, column);
  const labels = column.category === "E" ? await enumLabels(search, column) : [];
  const others = columns.filter(
    ({ name, category }) => name !== column.name && category === column.category,
  );
  return [
    ...omitted,
    ...(isId ? [externalIdValue(column)] : await freeKeys(search, column)),
    ...varyValues(real),
    ...(isId ? [] : real.map(quoteLiteral)),
    ...labels,
    ...inventValues(column, definitions),
    ...(isId ? [] : others.filter(({ name }) => ids.has(name)).map(externalIdValue)),
  ];
}

async function realValues(search: Search, { name }: ColumnRow): Promise<string[]> {
  const column = quoteIdentifier(name);
  return texts(
    search,
    `select t.${column}::text as text from ${search.table} t where t.${column} is not null limit ${SAMPLES}`,
  );
}

/** Keys of a referenced table that no row of this one uses. */
async function freeKeys(search: Search, { name, tableOid }: ColumnRow): Promise<string[]> {
  const free: string[] = [];
  const keys = search.inspection.remaining.filter(
    (key) => key.tableOid === tableOid && key.columns.length === 1 && key.columns[0] === name,
  );
  for (const { references, referencedColumns } of keys) {
    const parent = `p.${quoteIdentifier(referencedColumns[0] ?? "")}`;
    const child = `t.${quoteIdentifier(name)}`;
    const query = `select ${parent}::text as text from ${references} p
      where not exists (select from ${search.table} t where ${child} = ${parent}) limit ${SAMPLES}`;
    free.push(...(await texts(search, query)));
  }
  return free.map(quoteLiteral);
}

async function enumLabels(search: Search, { type }: ColumnRow): Promise<string[]> {
  const labels = await texts(
    search,
    `select e::text as text from unnest(enum_range(null::${type})) e`,
  );
  return labels.map(quoteLiteral);
}

async function texts(search: Search, query: string): Promise<string[]> {
  const result = await tryQuery(search, query);
  return "rows" in result ? (result.rows as { text: string }[]).map(({ text }) => text) : [];
}

/** Fillers of an id: one of them fits most patterns. */
const FILLERS = ["-", "a", "0"];

/** The id of the longest promised length instead, where the rules accept it. */
async function withLongestIds(search: Search, row: Row): Promise<LongRow> {
  const { columns, ids, given } = search;
  const wide = columns.filter(
    (column) => ids.has(column.name) && !given.has(column.name) && holdsLongestId(column),
  );
  if (wide.length === 0) return { row, refused: [] };
  let refused: readonly TableRule[] = [];
  for (const filler of FILLERS) {
    const long = changed(
      row,
      wide.map(({ name }) => [
        name,
        `pg_catalog.rpad(${row.get(name)}, ${LONGEST_ID}, '${filler}')`,
      ]),
    );
    refused = await refusedBy(search, long);
    if (refused.length === 0) return { row: long, refused };
  }
  return { row, refused };
}

interface LongRow {
  readonly row: Row;
  readonly refused: readonly TableRule[];
}

/** The type of the column leaves room for the longest id that the API accepts. */
export function holdsLongestId({
  category,
  baseType,
}: Pick<ColumnRow, "category" | "baseType">): boolean {
  if (category !== "S") return false;
  const length = /\((\d+)\)/.exec(baseType)?.[1];
  return length === undefined || Number(length) >= LONGEST_ID;
}
