/**
 * Columns of a table whose rows are written one at a time. Each value is a parameter of its own, so that a
 * column may be an array, which no array parameter of `columns.ts` can hold.
 */

/** The column of every member of a row; a member without a column is a type error. */
export type ColumnNames<Row> = { readonly [Member in keyof Row]-?: string };

/** Inserts one row of `valuesOf`. */
export function insertOne<Row>(table: string, columns: ColumnNames<Row>): string {
  const names = Object.values<string>(columns);
  return `insert into ${table} (${names.join(", ")})
  values (${names.map((_, at) => `$${at + 1}`).join(", ")})`;
}

/** Sets all columns but the key, which is the first one, of one row of `valuesOf`. */
export function updateOne<Row>(table: string, columns: ColumnNames<Row>): string {
  const [key, ...names] = Object.values<string>(columns);
  return `update ${table} set ${names.map((name, at) => `${name} = $${at + 2}`).join(", ")}
  where ${key} = $1`;
}

/** The values of a row in the order of its columns; the driver sends an object as JSON, an array as an array. */
export function valuesOf<Row>(columns: ColumnNames<Row>, row: Row): unknown[] {
  const members = Object.keys(columns) as (keyof Row)[];
  return members.map((member) => row[member]);
}
