/** Counters of limits, as rows that operations post together with the counted change. */
import type { BoundStatement, NamedStatement, Queryable, Statement } from "../../db/database.ts";
import { plainArray, textArray } from "../../db/pipeline/array-parameters.ts";
import type { View } from "../../engine/operation.ts";
import { change, type Change, type Resource } from "../../engine/resource.ts";
import type { RowChange } from "../../engine/resource.ts";

interface CounterRow {
  readonly id: string;
  readonly count: bigint;
  readonly revision: bigint;
}

const READ = "select id, count, revision from newday.limit_counters where id = any($1::text[])";
const read: Statement = { name: "limit_counters_read", text: READ };
const lock: Statement = { name: "limit_counters_lock", text: `${READ} order by id for update` };

const update: NamedStatement = {
  name: "limit_counters_update",
  text: `with written as (
    update newday.limit_counters c set count = v.count, revision = c.revision + 1
    from unnest($1::text[], $2::bigint[], $3::bigint[]) as v (id, revision, count)
    where c.id = v.id and c.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), $4)`,
};

const insert: NamedStatement = {
  name: "limit_counters_insert",
  text: `insert into newday.limit_counters (id, count)
    select * from unnest($1::text[], $2::bigint[])`,
};

/** By counter id, made by `counterId`. */
export const limitCounters: Resource<string, CounterRow> = {
  name: "limit_counters",
  async read(db: Queryable, ids: readonly string[], locking: boolean) {
    const rows = await db.query<CounterRow>(locking ? lock : read, [textArray(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  },
  write(changes: readonly Change<string, CounterRow>[]): BoundStatement[] {
    const inserted = changes.filter(({ before }) => before === undefined);
    const updated = changes.filter(({ before }) => before !== undefined);
    return [
      ...(updated.length > 0 ? [updateStatement(updated)] : []),
      ...(inserted.length > 0 ? [insertStatement(inserted)] : []),
    ];
  },
};

function updateStatement(changes: readonly Change<string, CounterRow>[]): BoundStatement {
  return {
    statement: update,
    values: [
      textArray(changes.map(({ id }) => id)),
      plainArray(changes.map(({ before }) => before?.revision ?? 0n)),
      plainArray(changes.map(({ after }) => after.count)),
      changes.length,
    ],
  };
}

function insertStatement(changes: readonly Change<string, CounterRow>[]): BoundStatement {
  return {
    statement: insert,
    values: [
      textArray(changes.map(({ id }) => id)),
      plainArray(changes.map(({ after }) => after.count)),
    ],
  };
}

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
export function counted(
  view: View,
  id: string,
  { by, limit }: { by: bigint; limit?: bigint },
): RowChange | undefined {
  const row = view.get(limitCounters, id) ?? { id, count: 0n, revision: 0n };
  const count = row.count + by;
  if (limit !== undefined && count > limit) return undefined;
  return change(limitCounters, id, { ...row, count: count < 0n ? 0n : count });
}
