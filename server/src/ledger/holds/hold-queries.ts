/** SQL of the holds table. */
import type { Queryable, Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT_LITERAL,
  insertFromUnnest,
  namesOf,
  parametersOf,
  selectList,
  TIMESTAMPTZ_LITERAL,
  UUID_LITERAL,
  WORD,
  type ArrayColumn,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import type { RowUpdate } from "../../engine/resource.ts";
import type { HoldRow } from "./holds.ts";

const COLUMNS: Columns<HoldRow> = {
  id: ["id", UUID_LITERAL],
  account: ["account", BIGINT_LITERAL],
  toAccount: ["to_account", BIGINT_LITERAL],
  amount: ["amount", BIGINT_LITERAL],
  captured: ["captured", BIGINT_LITERAL],
  state: ["state", WORD],
  expiresAt: ["expires_at", TIMESTAMPTZ_LITERAL],
  revision: ["revision", BIGINT_LITERAL],
};

const READ = `select ${selectList(COLUMNS)} from newday.holds where id = any($1::uuid[])`;

const read: Statement = { name: "holds_read", text: READ };
const lock: Statement = { name: "holds_lock", text: `${READ} order by id for update` };

export function readHolds(locking: boolean): Statement {
  return locking ? lock : read;
}

/** A minute covers the time from here to the decision, and the skew of two clocks. */
export const listExpiringHoldIds: Statement = {
  name: "expiring_holds_read",
  text: `select account, array_agg(id::text order by id) as "holdIds" from newday.holds
    where account = any($1::bigint[]) and state = 'open'
      and expires_at < statement_timestamp() + interval '1 minute'
    group by account`,
};

const UPDATED: readonly ArrayColumn<RowUpdate<HoldRow>>[] = [
  arrayColumn("id", UUID_LITERAL, ({ before }) => before.id),
  arrayColumn("revision", BIGINT_LITERAL, ({ before }) => before.revision),
  arrayColumn("captured", BIGINT_LITERAL, ({ after }) => after.captured),
  arrayColumn("state", WORD, ({ after }) => after.state),
];

export const updateHolds: ArrayStatement<RowUpdate<HoldRow>> = {
  name: "holds_update",
  text: `with written as (
    update newday.holds h
    set captured = v.captured, state = v.state, revision = h.revision + 1
    from unnest(${parametersOf(UPDATED)})
      as v (${namesOf(UPDATED)})
    where h.id = v.id and h.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), $5)`,
  columns: UPDATED,
};

const INSERTED = arrayColumns(COLUMNS, ["revision"]);

export const insertHolds: ArrayStatement<Omit<HoldRow, "revision">> = {
  name: "holds_insert",
  text: insertFromUnnest("newday.holds", INSERTED),
  columns: INSERTED,
};

/** Due holds, oldest first, for the sweep. */
export async function listExpiredHolds(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from newday.holds where state = 'open' and expires_at <= clock_timestamp()
      order by expires_at limit $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}
