/** SQL of the refunds table. */
import type { Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT_LITERAL,
  insertFromUnnest,
  namesOf,
  parametersOf,
  selectList,
  SMALLINT,
  UUID_LITERAL,
  type ArrayColumn,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import type { RowUpdate } from "../../engine/resource.ts";
import type { RefundRow } from "./refunds.ts";

type StoredRefund = Omit<RefundRow, "key">;

const COLUMNS: Columns<StoredRefund> = {
  transferId: ["transfer_id", UUID_LITERAL],
  line: ["line", SMALLINT],
  amount: ["amount", BIGINT_LITERAL],
  refunded: ["refunded", BIGINT_LITERAL],
  revision: ["revision", BIGINT_LITERAL],
};

const READ = `select r.transfer_id || '/' || r.line as key, ${selectList(COLUMNS, "r")}
  from newday.refunds r
  where (r.transfer_id, r.line) in (select * from unnest($1::uuid[], $2::smallint[]))`;

const read: Statement = { name: "refunds_read", text: READ };
const lock: Statement = {
  name: "refunds_lock",
  text: `${READ} order by r.transfer_id, r.line for update of r`,
};

export function readRefunds(locking: boolean): Statement {
  return locking ? lock : read;
}

const UPDATED: readonly ArrayColumn<RowUpdate<RefundRow>>[] = [
  arrayColumn("transfer_id", UUID_LITERAL, ({ after }) => after.transferId),
  arrayColumn("line", SMALLINT, ({ after }) => after.line),
  arrayColumn("revision", BIGINT_LITERAL, ({ before }) => before.revision),
  arrayColumn("refunded", BIGINT_LITERAL, ({ after }) => after.refunded),
];

export const updateRefunds: ArrayStatement<RowUpdate<RefundRow>> = {
  name: "refunds_update",
  text: `with written as (
    update newday.refunds r set refunded = v.refunded, revision = r.revision + 1
    from unnest(${parametersOf(UPDATED)})
      as v (${namesOf(UPDATED)})
    where r.transfer_id = v.transfer_id and r.line = v.line and r.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), $5)`,
  columns: UPDATED,
};

const INSERTED = arrayColumns(COLUMNS, ["revision"]);

export const insertRefunds: ArrayStatement<Omit<StoredRefund, "revision">> = {
  name: "refunds_insert",
  text: insertFromUnnest("newday.refunds", INSERTED),
  columns: INSERTED,
};
