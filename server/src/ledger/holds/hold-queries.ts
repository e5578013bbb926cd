/** SQL of the holds table. */
import type { NamedStatement, Queryable, Statement } from "../../db/database.ts";

const READ = `select id, account, to_account as "toAccount", amount, captured, state,
  expires_at as "expiresAt", revision from newday.holds where id = any($1::uuid[])`;

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

export const updateHolds: NamedStatement = {
  name: "holds_update",
  text: `with written as (
    update newday.holds h
    set captured = v.captured, state = v.state, revision = h.revision + 1
    from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[])
      as v (id, revision, captured, state)
    where h.id = v.id and h.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), $5)`,
};

export const insertHolds: NamedStatement = {
  name: "holds_insert",
  text: `insert into newday.holds (id, account, to_account, amount, captured, state, expires_at)
  select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
    $6::text[], $7::timestamptz[])`,
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
