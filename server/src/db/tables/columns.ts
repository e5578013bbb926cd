/**
 * Columns as data: each column of a table stands once, and select lists, array parameters and
 * joined rows are derived from it. The statements around them stay readable text.
 */
import {
  bigintArray,
  plainArray,
  textArray,
  timestampArray,
  uuidArray,
} from "../pipeline/array-parameters.ts";
import type { BoundStatement, NamedStatement, Parameter } from "../database.ts";

/** How values of one PostgreSQL type travel as an array parameter. */
export interface ArrayType<Value> {
  readonly type: string;
  readonly encode: (values: readonly Value[]) => Parameter;
}

// In binary form: for the statements of the posting path.
export const BIGINT: ArrayType<bigint | null> = { type: "bigint", encode: bigintArray };
export const UUID: ArrayType<string | null> = { type: "uuid", encode: uuidArray };
export const TIMESTAMPTZ: ArrayType<Date | null> = { type: "timestamptz", encode: timestampArray };

// As array literals.
export const TEXT: ArrayType<string | null> = { type: "text", encode: textArray };
/** For fixed words of ours, which are free of quotes. */
export const WORD: ArrayType<string | null> = { type: "text", encode: plainArray };
export const BOOLEAN: ArrayType<boolean> = {
  type: "boolean",
  encode: (values) => plainArray(values.map((value) => (value ? "t" : "f"))),
};
export const SMALLINT: ArrayType<number | null> = { type: "smallint", encode: plainArray };
export const INTEGER: ArrayType<number | null> = { type: "int", encode: plainArray };
export const BIGINT_LITERAL: ArrayType<bigint | null> = { type: "bigint", encode: plainArray };
export const UUID_LITERAL: ArrayType<string | null> = { type: "uuid", encode: plainArray };
export const TIMESTAMPTZ_LITERAL: ArrayType<Date | null> = {
  type: "timestamptz",
  encode: (values) => textArray(values.map((value) => value?.toISOString() ?? null)),
};
export const JSONB: ArrayType<object | null> = {
  type: "jsonb",
  // JSON's own escapes of a text are those of an array's element, as JSON has no raw control characters.
  encode: (values) =>
    plainArray(
      values.map((value) => (value === null ? null : JSON.stringify(JSON.stringify(value)))),
    ),
};

/** Name and type of every member of a row; a member without a column is a type error. */
export type Columns<Row> = {
  readonly [Member in keyof Row]-?: readonly [name: string, type: ArrayType<Row[Member]>];
};

/** The columns for a select list, each under its member's name; of `alias` when it is given. */
export function selectList<Row>(columns: Columns<Row>, alias?: string): string {
  const named = Object.entries<readonly [string, unknown]>(columns);
  return selectNames(
    named.map(([member, [name]]) => [member, name]),
    alias,
  );
}

/** As `selectList`, of pairs of a member and its column. */
export function selectNames(
  names: readonly (readonly [member: string, name: string])[],
  alias?: string,
): string {
  const prefix = alias === undefined ? "" : `${alias}.`;
  return names
    .map(([member, name]) => prefix + (member === name ? name : `${name} as "${member}"`))
    .join(", ");
}

/** One array parameter of a statement: its name and type, and its values for some rows. */
export interface ArrayColumn<Row> {
  readonly name: string;
  readonly type: string;
  readonly encode: (rows: readonly Row[]) => Parameter;
}

/** An array parameter of what `valueOf` takes from each row. */
export function arrayColumn<Row, Value>(
  name: string,
  { type, encode }: ArrayType<Value>,
  valueOf: (row: Row) => Value,
): ArrayColumn<Row> {
  return { name, type, encode: (rows) => encode(rows.map(valueOf)) };
}

/** The array parameters of all members but the generated ones, in the order of the columns. */
export function arrayColumns<Row, Generated extends keyof Row = never>(
  columns: Columns<Row>,
  generated: readonly Generated[] = [],
): ArrayColumn<Pick<Row, Exclude<keyof Row, Generated>>>[] {
  const isSent = (member: keyof Row): member is Exclude<keyof Row, Generated> =>
    !generated.some((one) => one === member);
  const members = Object.keys(columns) as (keyof Row)[];
  return members.filter(isSent).map((member) => {
    const [name, type] = columns[member];
    return arrayColumn(name, type, (row) => row[member]);
  });
}

/** A statement with its array parameters, which come first; `bindRows` gives it values. */
export interface ArrayStatement<Row> extends NamedStatement {
  readonly columns: readonly ArrayColumn<Row>[];
}

export function bindRows<Row>(
  statement: ArrayStatement<Row>,
  rows: readonly Row[],
  ...more: readonly Parameter[]
): BoundStatement {
  return { statement, values: [...statement.columns.map(({ encode }) => encode(rows)), ...more] };
}

type Named = Pick<ArrayColumn<never>, "name" | "type">;

/** `id, owner_id`. */
export function namesOf(columns: readonly Named[]): string {
  return columns.map(({ name }) => name).join(", ");
}

/** `$1::bigint[], $2::text[]`. */
export function parametersOf(columns: readonly Named[]): string {
  return columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(", ");
}

/** Inserts the rows of `unnest($1, $2)`. */
export function insertFromUnnest(table: string, columns: readonly Named[]): string {
  return `insert into ${table} (${namesOf(columns)})
  select * from unnest(${parametersOf(columns)})`;
}

/**
 * `$1`, `$2`, ... side by side as rows. In the select list, because `from unnest(...)` first copies
 * every array into a store of its own. That is a tenth of the whole statement's cost.
 */
export function unnested(columns: readonly Named[]): string {
  const list = columns.map(({ name, type }, at) => `unnest($${at + 1}::${type}[]) as ${name}`);
  return `(select ${list.join(", ")})`;
}

/** Inserts the rows of `unnested`. */
export function insertFromSelect(table: string, columns: readonly Named[]): string {
  return `insert into ${table} (${namesOf(columns)}) select * from ${unnested(columns)} v`;
}
