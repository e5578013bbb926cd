/** SQL of the issuance budgets. */
import type { Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  selectList,
  TEXT,
  TIMESTAMPTZ,
  type ArrayColumn,
  type Columns,
} from "../../db/tables/columns.ts";
import { statementsByRevision } from "../../db/tables/revisions.ts";
import type { ReadRow, RowUpdate } from "../../engine/resource.ts";
import type { IssuanceBudgetRow } from "./budget-rows.ts";

const COLUMNS: Columns<IssuanceBudgetRow> = {
  account: ["account", BIGINT],
  platform: ["platform", TEXT],
  currency: ["currency", TEXT],
  perDay: ["per_day", BIGINT],
  total: ["total", BIGINT],
  version: ["version", BIGINT],
  sinceVersion: ["since_version", BIGINT],
  day: ["day", TIMESTAMPTZ],
  issuedOnDay: ["issued_on_day", BIGINT],
  issued: ["issued", BIGINT],
  revision: ["revision", BIGINT],
};

const READ = `select ${selectList(COLUMNS)}
  from newday.issuance_budgets where account = any($1::bigint[])`;

const read: Statement = { name: "issuance_budgets_read", text: READ };
const lock: Statement = {
  name: "issuance_budgets_lock",
  text: `${READ} order by account for update`,
};

export function readIssuanceBudgets(locking: boolean): Statement {
  return locking ? lock : read;
}

const UPDATED: readonly ArrayColumn<RowUpdate<IssuanceBudgetRow>>[] = [
  arrayColumn("account", BIGINT, ({ before }) => before.account),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("per_day", BIGINT, ({ after }) => after.perDay),
  arrayColumn("total", BIGINT, ({ after }) => after.total),
  arrayColumn("version", BIGINT, ({ after }) => after.version),
  arrayColumn("day", TIMESTAMPTZ, ({ after }) => after.day),
  arrayColumn("issued_on_day", BIGINT, ({ after }) => after.issuedOnDay),
  arrayColumn("issued", BIGINT, ({ after }) => after.issued),
];

const INSERTED = arrayColumns(COLUMNS);

const CHECKED: readonly ArrayColumn<ReadRow<bigint, IssuanceBudgetRow>>[] = [
  arrayColumn("account", BIGINT, ({ id }) => id),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

/** A row that is missing is at revision 0. */
export const issuanceBudgetStatements = statementsByRevision("issuance_budgets", {
  keys: ["account"],
  updated: UPDATED,
  inserted: INSERTED,
  checked: CHECKED,
});
