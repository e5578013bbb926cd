/** SQL of the refunds table. */
import type { NamedStatement, Statement } from "../../db/database.ts";

const READ = `select r.transfer_id || '/' || r.line as key, r.transfer_id as "transferId", r.line,
    r.amount, r.refunded, r.revision
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

export const updateRefunds: NamedStatement = {
  name: "refunds_update",
  text: `with written as (
    update newday.refunds r set refunded = v.refunded, revision = r.revision + 1
    from unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::bigint[])
      as v (transfer_id, line, revision, refunded)
    where r.transfer_id = v.transfer_id and r.line = v.line and r.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), $5)`,
};

export const insertRefunds: NamedStatement = {
  name: "refunds_insert",
  text: `insert into newday.refunds (transfer_id, line, amount, refunded)
  select * from unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::bigint[])`,
};
