/** SQL of the accounts table. */
import type { Statement } from "../db/database.ts";

const READ = `select id, balance, held, version, revision, minimum, maximum, flags
  from newday.accounts where id = any($1::bigint[])`;

const read: Statement = { name: "accounts_read", text: READ };
const lock: Statement = { name: "accounts_lock", text: `${READ} order by id for update` };

export function readAccounts(locking: boolean): Statement {
  return locking ? lock : read;
}

/**
 * The revision decides whether the row is still what the decision was made from. It is compared
 * after the row is locked, not in the condition: while another batch is about to commit, the
 * condition would look at the version before it.
 */
export const updateAccounts: Statement = {
  name: "accounts_update",
  text: `with written as (
    update newday.accounts a
    set balance = v.balance, held = v.held, version = v.version, revision = a.revision + 1,
      changed_at = statement_timestamp()
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
      as v (id, revision, balance, held, version)
    where a.id = v.id
    returning a.revision = v.revision + 1 as as_read
  )
  select newday.require_rows((select count(*) from written where as_read), $6)`,
};

export const updateAccountsWholly: Statement = {
  name: "accounts_update_wholly",
  text: `with written as (
    update newday.accounts a
    set balance = v.balance, held = v.held, version = v.version, revision = a.revision + 1,
      changed_at = statement_timestamp(), minimum = v.minimum, maximum = v.maximum,
      flags = v.flags
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
      $7::bigint[], $8::bigint[], $9::smallint[])
      as v (id, revision, balance, held, version, minimum, maximum, flags)
    where a.id = v.id
    returning a.revision = v.revision + 1 as as_read
  )
  select newday.require_rows((select count(*) from written where as_read), $6)`,
};

export const insertAccounts: Statement = {
  name: "accounts_insert",
  text: `insert into newday.accounts (id, balance, held, version, minimum, maximum, flags)
  select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
    $6::bigint[], $7::smallint[])`,
};
