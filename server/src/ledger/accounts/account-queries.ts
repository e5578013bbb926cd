/** SQL of the accounts table. */
import type { Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  insertFromUnnest,
  selectList,
  SMALLINT,
  unnested,
  UUID,
  type ArrayColumn,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import { requireRevisions } from "../../db/tables/revisions.ts";
import type { ReadRow, RowUpdate } from "../../engine/resource.ts";
import type { AccountRow } from "./accounts.ts";

const COLUMNS: Columns<AccountRow> = {
  id: ["id", BIGINT],
  balance: ["balance", BIGINT],
  held: ["held", BIGINT],
  locked: ["locked", BIGINT],
  claim: ["claim", BIGINT],
  version: ["version", BIGINT],
  revision: ["revision", BIGINT],
  minimum: ["minimum", BIGINT],
  maximum: ["maximum", BIGINT],
  flags: ["flags", SMALLINT],
  lastTransfer: ["last_transfer", UUID],
};

const READ = `select ${selectList(COLUMNS)}
  from newday.accounts where id = any($1::bigint[])`;

const read: Statement = { name: "accounts_read", text: READ };
const lock: Statement = { name: "accounts_lock", text: `${READ} order by id for update` };

export function readAccounts(locking: boolean): Statement {
  return locking ? lock : read;
}

type Update = RowUpdate<AccountRow>;

const MOVED: readonly ArrayColumn<Update>[] = [
  arrayColumn("id", BIGINT, ({ before }) => before.id),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("steps", BIGINT, ({ before, after }) => after.revision - before.revision),
  arrayColumn("balance", BIGINT, ({ after }) => after.balance),
  arrayColumn("held", BIGINT, ({ after }) => after.held),
  arrayColumn("version", BIGINT, ({ after }) => after.version),
  arrayColumn("last_transfer", UUID, ({ after }) => after.lastTransfer),
];
const POLICY: readonly ArrayColumn<Update>[] = [
  arrayColumn("minimum", BIGINT, ({ after }) => after.minimum),
  arrayColumn("maximum", BIGINT, ({ after }) => after.maximum),
  arrayColumn("flags", SMALLINT, ({ after }) => after.flags),
  arrayColumn("locked", BIGINT, ({ after }) => after.locked),
  arrayColumn("claim", BIGINT, ({ after }) => after.claim),
];

/**
 * The revision decides whether the row is unchanged since the decision read it. It is compared
 * after the row is locked: a condition would see the version before another batch's pending commit.
 * `room` is given back to the page (migration 0061).
 */
function updateText(columns: readonly ArrayColumn<Update>[], assignments = ""): string {
  return `with written as (
    update newday.accounts a
    set balance = v.balance, held = v.held, version = v.version,
      revision = a.revision + v.steps, changed_at = statement_timestamp(), room = '',
      last_transfer = v.last_transfer${assignments}
    from ${unnested(columns)} v
    where a.id = v.id
    returning a.revision = v.revision + v.steps as as_read
  )
  select newday.require_rows((select count(*) from written where as_read),
    cardinality($1::bigint[]))`;
}

export const updateAccounts: ArrayStatement<Update> = {
  name: "accounts_update",
  text: updateText(MOVED),
  columns: MOVED,
};

export const updateAccountsWholly: ArrayStatement<Update> = {
  name: "accounts_update_wholly",
  text: updateText(
    [...MOVED, ...POLICY],
    `, minimum = v.minimum, maximum = v.maximum, flags = v.flags, locked = v.locked,
      claim = v.claim`,
  ),
  columns: [...MOVED, ...POLICY],
};

const INSERTED = arrayColumns(COLUMNS);

export const insertAccounts: ArrayStatement<AccountRow> = {
  name: "accounts_insert",
  text: insertFromUnnest("newday.accounts", INSERTED),
  columns: INSERTED,
};

const CHECKED: readonly ArrayColumn<ReadRow<bigint, AccountRow>>[] = [
  arrayColumn("id", BIGINT, ({ id }) => id),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

/** An account without a row is at revision 0. */
export const requireAccounts: ArrayStatement<ReadRow<bigint, AccountRow>> = {
  name: "accounts_require",
  text: requireRevisions("newday.accounts", CHECKED),
  columns: CHECKED,
};
