/** The limits above which an act needs a second person, and what each person has moved below them. */
import type { Queryable, Statement } from "../../db/database.ts";
import { textArray } from "../../db/pipeline/array-parameters.ts";
import { arrayColumn, BIGINT, bindRows, TEXT, type ArrayColumn } from "../../db/tables/columns.ts";
import { statementsByRevision } from "../../db/tables/revisions.ts";
import {
  writeChanges,
  type ReadRow,
  type Resource,
  type RowUpdate,
} from "../../engine/resource.ts";

/**
 * A hundred starter grants of 1000 coins: support of a day stays below it, and a mistake or theft of this size is
 * repaired by hand.
 */
export const ACT_LIMIT_DEFAULT = 100_000n;

export interface ActLimitRow {
  readonly currency: string;
  readonly maximum: bigint;
}

const readLimits: Statement = {
  name: "act_limits_read",
  text: "select currency, maximum from newday.act_limits where currency = any($1::text[])",
};

/** By currency; changed outside the engine, so a batch takes the limit as of its reads. */
export const actLimits: Resource<string, ActLimitRow> = {
  name: "act_limits",
  async read(db, currencies) {
    const rows = await db.query<ActLimitRow>(readLimits, [textArray(currencies)]);
    return new Map(rows.map((row) => [row.currency, row]));
  },
  write: () => [],
};

/** The limits that were set; every other currency has the default. */
export function listActLimits(db: Queryable): Promise<ActLimitRow[]> {
  return db.query("select currency, maximum from newday.act_limits order by currency");
}

export async function storeActLimit(
  db: Queryable,
  { currency, maximum }: ActLimitRow,
): Promise<void> {
  await db.query(
    `insert into newday.act_limits (currency, maximum) values ($1, $2)
     on conflict (currency) do update set maximum = excluded.maximum`,
    [currency, maximum],
  );
}

export interface ActTotalRow {
  readonly id: string;
  /** The UTC day that the total is of. */
  readonly day: string;
  readonly total: bigint;
  readonly revision: bigint;
}

const READ = "select id, day, total, revision from newday.act_totals where id = any($1::text[])";
const read: Statement = { name: "act_totals_read", text: READ };
const lock: Statement = { name: "act_totals_lock", text: `${READ} order by id for update` };

const UPDATED: readonly ArrayColumn<RowUpdate<ActTotalRow>>[] = [
  arrayColumn("id", TEXT, ({ before }) => before.id),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("day", TEXT, ({ after }) => after.day),
  arrayColumn("total", BIGINT, ({ after }) => after.total),
];
const INSERTED: readonly ArrayColumn<ActTotalRow>[] = [
  arrayColumn("id", TEXT, ({ id }) => id),
  arrayColumn("day", TEXT, ({ day }) => day),
  arrayColumn("total", BIGINT, ({ total }) => total),
];
const CHECKED: readonly ArrayColumn<ReadRow<string, ActTotalRow>>[] = [
  arrayColumn("id", TEXT, ({ id }) => id),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

const statements = statementsByRevision("act_totals", {
  keys: ["id"],
  updated: UPDATED,
  inserted: INSERTED,
  checked: CHECKED,
});

/** By person and currency, so that many small acts count as one large one. */
export const actTotals: Resource<string, ActTotalRow> = {
  name: "act_totals",
  async read(db: Queryable, ids: readonly string[], locking: boolean) {
    const rows = await db.query<ActTotalRow>(locking ? lock : read, [textArray(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(statements.update, updates),
      insert: (rows) => bindRows(statements.insert, rows),
    }),
  requireAsRead: (rows) => bindRows(statements.require, rows),
};
