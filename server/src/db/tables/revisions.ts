/** Statements of rows that have a revision: each update raises it, each batch compares what it has read. */
import { insertFromUnnest, unnested, type ArrayColumn, type ArrayStatement } from "./columns.ts";

type NamedColumn = Pick<ArrayColumn<never>, "name" | "type">;

interface Written<Updated, Inserted, Checked> {
  /** Columns of the primary key. */
  readonly keys: readonly string[];
  readonly updated: readonly ArrayColumn<Updated>[];
  readonly inserted: readonly ArrayColumn<Inserted>[];
  /** The keys, then the revision, which is 0 for a missing row. */
  readonly checked: readonly ArrayColumn<Checked>[];
}

/** The statements that write and compare the rows of `newday.<table>`, and bear its name. */
export function statementsByRevision<Updated, Inserted, Checked>(
  table: string,
  { keys, updated, inserted, checked }: Written<Updated, Inserted, Checked>,
): {
  readonly update: ArrayStatement<Updated>;
  readonly insert: ArrayStatement<Inserted>;
  readonly require: ArrayStatement<Checked>;
} {
  const name = `newday.${table}`;
  return {
    update: {
      name: `${table}_update`,
      text: updateByRevision(name, keys, updated),
      columns: updated,
    },
    insert: { name: `${table}_insert`, text: insertFromUnnest(name, inserted), columns: inserted },
    require: { name: `${table}_require`, text: requireRevisions(name, checked), columns: checked },
  };
}

/**
 * Sets all columns but the keys and `revision`. The revision is compared after the row is locked: a condition
 * would see the row before another batch's pending commit.
 */
export function updateByRevision(
  table: string,
  keys: readonly string[],
  columns: readonly NamedColumn[],
): string {
  const set = columns
    .map(({ name }) => name)
    .filter((name) => name !== "revision" && !keys.includes(name));
  return `with written as (
    update ${table} t set ${set.map((name) => `${name} = v.${name}`).join(", ")}, revision = t.revision + 1
    from ${unnested(columns)} v
    where ${sameKey(keys)}
    returning t.revision = v.revision + 1 as as_read
  )
  select newday.require_rows((select count(*) from written where as_read), ${countOf(columns)})`;
}

/** Compares the last column of `columns`, the revision; the others are the key. A missing row is at 0. */
export function requireRevisions(table: string, columns: readonly NamedColumn[]): string {
  const names = columns.map(({ name }) => name);
  const revision = names.at(-1);
  return `select newday.require_rows(count(*), ${countOf(columns)})
    from ${unnested(columns)} v
    left join ${table} t on ${sameKey(names.slice(0, -1))}
    where coalesce(t.${revision}, 0) = v.${revision}`;
}

function sameKey(keys: readonly string[]): string {
  return keys.map((key) => `t.${key} = v.${key}`).join(" and ");
}

function countOf([first]: readonly NamedColumn[]): string {
  return `cardinality($1::${first?.type}[])`;
}
