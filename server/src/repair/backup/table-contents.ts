/** The content of the tables, as comparable numbers: rows, and a hash that ignores order. */
import type { Queryable } from "../../db/database.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import { refusal } from "../../errors/refusals.ts";

export interface TableContents {
  readonly table: string;
  readonly rows: number;
  /** Sum of the rows' hashes: equal contents give equal sums in whatever order they are stored. */
  readonly hash: string;
}

/**
 * Counts and hashes every row. Run it inside the snapshot that is to be compared.
 * The text of a row is hashed, so both sides must run with the same DateStyle and TimeZone.
 * `report` hears of each table that is done. Throws `repair_refused` that names the table which the role may not read.
 */
export async function readTableContents(
  db: Queryable,
  tables: readonly { readonly name: string }[],
  report: (table: string) => void = () => undefined,
): Promise<TableContents[]> {
  const contents: TableContents[] = [];
  for (const { name } of tables) {
    const [row] = await db
      .query<{ rows: number; hash: string }>(
        `select count(*)::float8 as rows,
                coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint::numeric), 0)::text as hash
           from ${name} t`,
      )
      .catch((error: unknown) => {
        throw unreadable(name, error);
      });
    contents.push({ table: name, rows: row?.rows ?? 0, hash: row?.hash ?? "0" });
    report(name);
  }
  return contents;
}

/** A table missing from a backup would be noticed at the restore only. */
function unreadable(table: string, error: unknown): unknown {
  if (sqlStateOf(error) !== SQL_STATE.insufficientPrivilege) return error;
  return refusal(
    "table_unreadable",
    { table },
    { details: { step: "backup", table }, cause: error },
  );
}
