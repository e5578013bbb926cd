/** SQL of the transfers table. */
import type { Statement } from "../db/database.ts";

const MOVEMENT_COLUMNS = `from_account, to_account, amount, from_balance, to_balance, from_version,
  to_version, id, fingerprint, line, kind, caller`;
const MOVEMENT_ARRAYS = `$1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
  $6::bigint[], $7::bigint[], $8::uuid[], $9::uuid[], $10::smallint[], $11::text[], $12::text[]`;

/**
 * The time of a batch is the start of this statement: it runs after the accounts are locked, so the
 * times of an account's entries never go back.
 */
function insertText(columns: string, arrays: string): string {
  return `with written as (
    insert into newday.transfers (recorded_at, ${columns})
    select statement_timestamp(), * from unnest(${arrays})
    returning recorded_at
  )
  select max(recorded_at) as "recordedAt" from written`;
}

/** Transfers that need no more than the movement: the ordinary case, with fewer parameters. */
export const insertPlainTransfers: Statement = {
  name: "transfers_insert_plain",
  text: insertText(MOVEMENT_COLUMNS, MOVEMENT_ARRAYS),
};

export const insertFullTransfers: Statement = {
  name: "transfers_insert_full",
  text: insertText(
    `${MOVEMENT_COLUMNS}, effective_at, related, reference, metadata, result, refusal`,
    `${MOVEMENT_ARRAYS}, $13::timestamptz[], $14::uuid[], $15::text[], $16::jsonb[], $17::jsonb[],
      $18::text[]`,
  ),
};

export const readTransfers: Statement = {
  name: "transfers_read",
  text: `select id, line, fingerprint, kind, caller, from_account as "from", to_account as "to",
      amount, from_balance as "fromBalance", to_balance as "toBalance",
      from_version as "fromVersion", to_version as "toVersion", related, result, refusal,
      recorded_at as "recordedAt"
    from newday.transfers where id = any($1::uuid[]) order by id, line`,
};
