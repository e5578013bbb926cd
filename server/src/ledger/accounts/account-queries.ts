/** SQL of the accounts table. */
import type { NamedStatement, Statement } from "../../db/database.ts";
import { unnested, type UnnestedColumn } from "../../db/pipeline/array-parameters.ts";

const READ = `select id, balance, held, version, revision, minimum, maximum, flags,
    last_transfer as "lastTransfer"
  from newday.accounts where id = any($1::bigint[])`;

const read: Statement = { name: "accounts_read", text: READ };
const lock: Statement = { name: "accounts_lock", text: `${READ} order by id for update` };

export function readAccounts(locking: boolean): Statement {
  return locking ? lock : read;
}

/**
 * The revision decides whether the row is unchanged since the decision read it. It is compared
 * after the row is locked: a condition would see the version before another batch's pending commit.
 * `room` is given back to the page (migration 0061).
 */
function updateText(columns: readonly UnnestedColumn[], assignments = ""): string {
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

const MOVED: readonly UnnestedColumn[] = [
  ["id", "bigint"],
  ["revision", "bigint"],
  ["steps", "bigint"],
  ["balance", "bigint"],
  ["held", "bigint"],
  ["version", "bigint"],
  ["last_transfer", "uuid"],
];

export const updateAccounts: NamedStatement = {
  name: "accounts_update",
  text: updateText(MOVED),
};

export const updateAccountsWholly: NamedStatement = {
  name: "accounts_update_wholly",
  text: updateText(
    [...MOVED, ["minimum", "bigint"], ["maximum", "bigint"], ["flags", "smallint"]],
    ", minimum = v.minimum, maximum = v.maximum, flags = v.flags",
  ),
};

export const insertAccounts: NamedStatement = {
  name: "accounts_insert",
  text: `insert into newday.accounts (id, balance, held, version, revision, minimum, maximum,
    flags, last_transfer)
  select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
    $6::bigint[], $7::bigint[], $8::smallint[], $9::uuid[])`,
};

/** A missing account is at revision 0. */
export const requireAccounts: NamedStatement = {
  name: "accounts_require",
  text: `select newday.require_rows(count(*), cardinality($1::bigint[]))
    from ${unnested([
      ["id", "bigint"],
      ["revision", "bigint"],
    ])} v
    left join newday.accounts a on a.id = v.id
    where coalesce(a.revision, 0) = v.revision`,
};
