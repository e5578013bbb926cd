/** SQL of the transfers table. */
import type { NamedStatement, Statement } from "../../db/database.ts";
import { unnested, type UnnestedColumn } from "../../db/pipeline/array-parameters.ts";

/** The columns of every line of a transfer; `line` itself is 0 where a transfer has only one. */
const MOVEMENT: readonly UnnestedColumn[] = [
  ["from_account", "bigint"],
  ["to_account", "bigint"],
  ["amount", "bigint"],
  ["from_balance", "bigint"],
  ["to_balance", "bigint"],
  ["from_version", "bigint"],
  ["to_version", "bigint"],
  ["from_previous", "uuid"],
  ["to_previous", "uuid"],
  ["id", "uuid"],
  ["fingerprint", "uuid"],
  ["kind", "text"],
  ["caller", "text"],
];
const REST: readonly UnnestedColumn[] = [
  ["line", "smallint"],
  ["effective_at", "timestamptz"],
  ["related", "uuid"],
  ["reference", "text"],
  ["metadata", "jsonb"],
  ["result", "jsonb"],
  ["refusal", "text"],
];

/**
 * The time of a batch is the start of this statement: it runs after the accounts are locked, so the
 * times of an account's entries only grow.
 */
function insertText(columns: readonly UnnestedColumn[], constant: Record<string, string>): string {
  const names = [...Object.keys(constant), ...columns.map(([name]) => name)];
  return `with written as (
    insert into newday.transfers (${names.join(", ")})
    select ${Object.values(constant).join(", ")}, v.* from ${unnested(columns)} v
    returning recorded_at
  )
  select max(recorded_at) as "recordedAt" from written`;
}

const NOW = { recorded_at: "statement_timestamp()" };

/** Transfers of one line that consist of the movement alone: the ordinary case. */
export const insertPlainTransfers: NamedStatement = {
  name: "transfers_insert_plain",
  text: insertText(MOVEMENT, { ...NOW, line: "0" }),
};

export const insertFullTransfers: NamedStatement = {
  name: "transfers_insert_full",
  text: insertText([...MOVEMENT, ...REST], NOW),
};

export const readTransfers: Statement = {
  name: "transfers_read",
  text: `select id, line, fingerprint, kind, caller, from_account as "from", to_account as "to",
      amount, from_balance as "fromBalance", to_balance as "toBalance",
      from_version as "fromVersion", to_version as "toVersion",
      from_previous as "fromPrevious", to_previous as "toPrevious", related, result, refusal,
      recorded_at as "recordedAt"
    from newday.transfers where id = any($1::uuid[]) order by id, line`,
};
