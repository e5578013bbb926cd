/**
 * Ways through the data in pages: by the number of a journal's row, or by the key of a table. A page is a select of
 * the table's rows and its parameters; an invariant is a query over such a page.
 */
import type { Queryable } from "../../db/database.ts";

/** As stored: the last key that was read. */
export type WalkPosition = Readonly<Record<string, string>>;

export interface WalkPage {
  /** A select of the rows, with $1, $2, ... */
  readonly rows: string;
  readonly values: readonly unknown[];
  readonly position: WalkPosition;
  readonly count: bigint;
  /** Nothing is behind this page. */
  readonly last: boolean;
}

export interface Walk {
  readonly name: WalkName;
  /** Undefined: there is nothing behind the position. */
  nextPage(
    db: Queryable,
    position: WalkPosition | null,
    bounds: { readonly rowsMax: number; readonly journalEnd: bigint },
  ): Promise<WalkPage | undefined>;
}

export type WalkName = "journal" | "accounts" | "items" | "purchases";

const ROWS_OF_HISTORY = `select * from newday.transfers where sequence is null
  and (id, line) > ($1::uuid, $2::smallint) and (id, line) <= ($3::uuid, $4::smallint)`;
const ROWS_OF_JOURNAL = "select * from newday.transfers where sequence > $1 and sequence <= $2";
const NO_ID = "00000000-0000-0000-0000-000000000000";

/** Rows from before the numbers by id, then the others by number. */
const journal: Walk = {
  name: "journal",
  async nextPage(db, position, { rowsMax, journalEnd }) {
    if (position?.["sequence"] === undefined) {
      const after = [position?.["id"] ?? NO_ID, position?.["line"] ?? "-1"];
      const [end] = await db.query<{ id: string | null; line: number | null; count: bigint }>(
        `select (array_agg(id order by id desc, line desc))[1] as id,
            (array_agg(line order by id desc, line desc))[1] as line, count(*) as count
          from (select id, line from newday.transfers
            where sequence is null and (id, line) > ($1::uuid, $2::smallint)
              and exists (select from newday.economy_progress where has_history)
            order by id, line limit $3) page`,
        [...after, rowsMax],
      );
      if (end?.id !== null && end !== undefined) {
        const { id, line, count } = end;
        const reached = { id, line: `${line}` };
        const values = [...after, id, line];
        return { rows: ROWS_OF_HISTORY, values, position: reached, count, last: false };
      }
    }
    const after = BigInt(position?.["sequence"] ?? 0);
    const through = journalEnd - after > BigInt(rowsMax) ? after + BigInt(rowsMax) : journalEnd;
    if (through <= after) return undefined;
    return {
      rows: ROWS_OF_JOURNAL,
      values: [after, through],
      position: { sequence: `${through}` },
      count: through - after,
      last: through === journalEnd,
    };
  },
};

/** By the primary key of a table. */
function byKey(name: WalkName, table: string, type: "bigint" | "text"): Walk {
  const first = type === "bigint" ? "0" : "";
  return {
    name,
    async nextPage(db, position, { rowsMax }) {
      const after = position?.["key"] ?? first;
      const [end] = await db.query<{ key: string | null; count: bigint }>(
        `select max(id)::text as key, count(*) as count from (
            select id from newday.${table} where id > $1::${type} order by id limit $2) page`,
        [after, rowsMax],
      );
      if (!end || end.key === null) return undefined;
      return {
        rows: `select * from newday.${table} where id > $1::${type} and id <= $2::${type}`,
        values: [after, end.key],
        position: { key: end.key },
        count: end.count,
        last: end.count < BigInt(rowsMax),
      };
    },
  };
}

export const WALKS: Readonly<Record<WalkName, Walk>> = {
  journal,
  accounts: byKey("accounts", "accounts", "bigint"),
  items: byKey("items", "items", "text"),
  purchases: byKey("purchases", "purchases", "text"),
};
