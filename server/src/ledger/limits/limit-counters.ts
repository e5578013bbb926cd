/** Counters of limits, as rows that operations post together with the counted change. */
import type { Queryable, Statement } from "../../db/database.ts";
import { textArray } from "../../db/pipeline/array-parameters.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT_LITERAL,
  bindRows,
  insertFromUnnest,
  namesOf,
  parametersOf,
  selectList,
  TEXT,
  type ArrayColumn,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import type { View } from "../../engine/operation.ts";
import {
  change,
  writeChanges,
  type Resource,
  type RowChange,
  type RowUpdate,
} from "../../engine/resource.ts";

interface CounterRow {
  readonly id: string;
  readonly count: bigint;
  readonly revision: bigint;
}

const COLUMNS: Columns<CounterRow> = {
  id: ["id", TEXT],
  count: ["count", BIGINT_LITERAL],
  revision: ["revision", BIGINT_LITERAL],
};

const READ = `select ${selectList(COLUMNS)} from newday.limit_counters where id = any($1::text[])`;
const read: Statement = { name: "limit_counters_read", text: READ };
const lock: Statement = { name: "limit_counters_lock", text: `${READ} order by id for update` };

const UPDATED: readonly ArrayColumn<RowUpdate<CounterRow>>[] = [
  arrayColumn("id", TEXT, ({ before }) => before.id),
  arrayColumn("revision", BIGINT_LITERAL, ({ before }) => before.revision),
  arrayColumn("count", BIGINT_LITERAL, ({ after }) => after.count),
];

const update: ArrayStatement<RowUpdate<CounterRow>> = {
  name: "limit_counters_update",
  text: `with written as (
    update newday.limit_counters c set count = v.count, revision = c.revision + 1
    from unnest(${parametersOf(UPDATED)}) as v (${namesOf(UPDATED)})
    where c.id = v.id and c.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), $4)`,
  columns: UPDATED,
};

const INSERTED = arrayColumns(COLUMNS, ["revision"]);

const insert: ArrayStatement<Omit<CounterRow, "revision">> = {
  name: "limit_counters_insert",
  text: insertFromUnnest("newday.limit_counters", INSERTED),
  columns: INSERTED,
};

/** By counter id, made by `counterId`. */
export const limitCounters: Resource<string, CounterRow> = {
  name: "limit_counters",
  async read(db: Queryable, ids: readonly string[], locking: boolean) {
    const rows = await db.query<CounterRow>(locking ? lock : read, [textArray(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(update, updates, updates.length),
      insert: (rows) => bindRows(insert, rows),
    }),
};

/** An id with unambiguous parts, whatever characters they hold. */
export function counterId(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

const DAY_MS = 86_400_000;
let lastDay = { number: NaN, name: "" };

/** The UTC day of an instant, as a part of a counter's id; formatted once per day. */
export function dayOf(instant: Date): string {
  const number = Math.floor(instant.getTime() / DAY_MS);
  if (lastDay.number !== number) lastDay = { number, name: instant.toISOString().slice(0, 10) };
  return lastDay.name;
}

/** The counter moved by `by`, or undefined past `limit`. */
export function moveCounter(
  view: View,
  id: string,
  { by, limit }: { by: bigint; limit?: bigint },
): RowChange | undefined {
  const row = view.get(limitCounters, id) ?? { id, count: 0n, revision: 0n };
  const count = row.count + by;
  if (limit !== undefined && count > limit) return undefined;
  return change(limitCounters, id, { ...row, count: count < 0n ? 0n : count });
}
