/** Counts of limits, and the open holds in them, as rows of the posting engine. */
import type { Queryable, Statement } from "../../db/database.ts";
import { plainArray, textArray } from "../../db/pipeline/array-parameters.ts";
import {
  arrayColumn,
  BIGINT,
  bindRows,
  insertFromUnnest,
  JSONB,
  TEXT,
  UUID_LITERAL,
  type ArrayColumn,
  type ArrayStatement,
} from "../../db/tables/columns.ts";
import { statementsByRevision } from "../../db/tables/revisions.ts";
import {
  writeChanges,
  type ReadRow,
  type Resource,
  type RowUpdate,
} from "../../engine/resource.ts";
import type { Bucket } from "../rules/windows.ts";

export interface SpendingCounterRow {
  readonly id: string;
  readonly buckets: readonly Bucket[];
  readonly revision: bigint;
}

interface StoredCounter {
  readonly id: string;
  readonly buckets: readonly (readonly [start: number, amount: string])[];
  readonly revision: bigint;
}

const READ = `select id, buckets, revision from newday.spending_counters where id = any($1::text[])`;
const read: Statement = { name: "spending_counters_read", text: READ };
const lock: Statement = {
  name: "spending_counters_lock",
  text: `${READ} order by id for update`,
};

const UPDATED: readonly ArrayColumn<RowUpdate<SpendingCounterRow>>[] = [
  arrayColumn("id", TEXT, ({ before }) => before.id),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("buckets", JSONB, ({ after }) => toStored(after)),
];

const INSERTED: readonly ArrayColumn<SpendingCounterRow>[] = [
  arrayColumn("id", TEXT, ({ id }) => id),
  arrayColumn("buckets", JSONB, toStored),
];

const CHECKED: readonly ArrayColumn<ReadRow<string, SpendingCounterRow>>[] = [
  arrayColumn("id", TEXT, ({ id }) => id),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

/** A row that is missing is at revision 0. */
const statements = statementsByRevision("spending_counters", {
  keys: ["id"],
  updated: UPDATED,
  inserted: INSERTED,
  checked: CHECKED,
});

function toStored({ buckets }: SpendingCounterRow): object {
  return buckets.map(({ start, amount }) => [start, `${amount}`]);
}

/** By the limit's id, with the account where each user has a counter of their own. */
export const spendingCounters: Resource<string, SpendingCounterRow> = {
  name: "spending_counters",
  async read(db: Queryable, ids: readonly string[], locking: boolean) {
    const rows = await db.query<StoredCounter>(locking ? lock : read, [textArray(ids)]);
    return new Map(
      rows.map(({ id, buckets, revision }) => [
        id,
        {
          id,
          buckets: buckets.map(([start, amount]) => ({ start, amount: BigInt(amount) })),
          revision,
        },
      ]),
    );
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(statements.update, updates),
      insert: (rows) => bindRows(statements.insert, rows),
    }),
  rowToCache: ({ before, after }) => ({ ...after, revision: (before?.revision ?? 0n) + 1n }),
  requireAsRead: (rows) => bindRows(statements.require, rows),
};

/** Where an amount was counted. */
export type Counted =
  | { readonly counter: string; readonly start: number }
  | { readonly consent: string; readonly start: number };

export interface CountedHoldRow {
  readonly holdId: string;
  readonly counted: readonly Counted[];
}

const readCounted: Statement = {
  name: "counted_holds_read",
  text: `select hold_id as "holdId", counted from newday.counted_holds where hold_id = any($1::uuid[])`,
};

const COUNTED: readonly ArrayColumn<CountedHoldRow>[] = [
  arrayColumn("hold_id", UUID_LITERAL, ({ holdId }) => holdId),
  arrayColumn("counted", JSONB, ({ counted }) => counted),
];

const insertCounted: ArrayStatement<CountedHoldRow> = {
  name: "counted_holds_insert",
  text: insertFromUnnest("newday.counted_holds", COUNTED),
  columns: COUNTED,
};

/** By hold id; written once, with the hold. */
export const countedHolds: Resource<string, CountedHoldRow> = {
  name: "counted_holds",
  async read(db: Queryable, ids: readonly string[]) {
    const rows = await db.query<CountedHoldRow>(readCounted, [plainArray(ids)]);
    return new Map(rows.map((row) => [row.holdId, row]));
  },
  write: (changes) => [
    bindRows(
      insertCounted,
      changes.map(({ after }) => after),
    ),
  ],
};
