/** SQL of the transfers table. */
import type { Statement } from "../../db/database.ts";
import {
  arrayColumn,
  BIGINT,
  JSONB,
  namesOf,
  SMALLINT,
  TEXT,
  unnested,
  UUID,
  UUID_LITERAL,
  WORD,
  type ArrayColumn,
  type ArrayStatement,
} from "../../db/tables/columns.ts";
import type { DecidedOutcome } from "../../engine/decide-batch.ts";
import type { Movement, Operation, OperationDetails } from "../../engine/operation.ts";
import { DETAIL_COLUMNS, DETAIL_NAMES } from "./detail-columns.ts";
import { toWireDetails } from "../../errors/wire-details.ts";

/** One row of a transfer: a movement, or a transfer without movements. */
export interface TransferLine {
  readonly id: string;
  readonly line: number;
  readonly operation: Operation;
  readonly movement: Movement | undefined;
  readonly decision: DecidedOutcome;
}

type LineColumn = ArrayColumn<TransferLine>;

/** The columns of every transfer's lines; `line` itself is 0 for a single one. */
const MOVEMENT: readonly LineColumn[] = [
  arrayColumn("from_account", BIGINT, ({ movement }) => movement?.from ?? null),
  arrayColumn("to_account", BIGINT, ({ movement }) => movement?.to ?? null),
  arrayColumn("amount", BIGINT, ({ movement }) => movement?.amount ?? 0n),
  arrayColumn("from_balance", BIGINT, ({ movement }) => movement?.fromBalance ?? null),
  arrayColumn("to_balance", BIGINT, ({ movement }) => movement?.toBalance ?? null),
  arrayColumn("from_version", BIGINT, ({ movement }) => movement?.fromVersion ?? null),
  arrayColumn("to_version", BIGINT, ({ movement }) => movement?.toVersion ?? null),
  arrayColumn("from_previous", UUID, ({ movement }) => movement?.fromPrevious ?? null),
  arrayColumn("to_previous", UUID, ({ movement }) => movement?.toPrevious ?? null),
  arrayColumn("id", UUID, ({ id }) => id),
  arrayColumn("fingerprint", UUID, ({ line, operation }) =>
    line === 0 ? (operation.terms.idempotency?.fingerprint ?? null) : null,
  ),
  arrayColumn("kind", WORD, ({ operation }) => operation.type.name),
  arrayColumn("caller", TEXT, ({ operation }) => operation.terms.caller),
];

/** What a transfer may carry beside. Details without a place of their own come last. */
const REST: Readonly<Record<string, LineColumn>> = {
  line: arrayColumn("line", SMALLINT, ({ line }: TransferLine) => line),
  effectiveAt: detailColumn("effectiveAt"),
  related: arrayColumn("related", UUID_LITERAL, ({ line, decision }: TransferLine) =>
    line === 0 && decision.status === "posted" ? decision.related : null,
  ),
  reference: detailColumn("reference"),
  metadata: detailColumn("metadata"),
  result: arrayColumn("result", JSONB, ({ line, decision }: TransferLine) => {
    if (line !== 0) return null;
    return decision.status === "posted" ? decision.result : toWireDetails(decision.details);
  }),
  refusal: arrayColumn("refusal", TEXT, ({ decision }: TransferLine) =>
    decision.status === "refused" ? decision.code : null,
  ),
  ...Object.fromEntries(DETAIL_NAMES.map((detail) => [detail, detailColumn(detail)])),
};

const NO_DETAILS: OperationDetails = {};

function detailColumn(detail: keyof OperationDetails): LineColumn {
  const { encode, ...column } = DETAIL_COLUMNS[detail];
  return {
    ...column,
    encode: (lines) =>
      encode(lines.map(({ line, operation }) => (line === 0 ? operation.terms : NO_DETAILS))),
  };
}

/**
 * The start of this statement is the batch's time: it runs after the accounts are locked, so the times
 * of an account's entries never decrease.
 */
function insertText(columns: readonly LineColumn[], constant: Record<string, string>): string {
  return `with written as (
    insert into newday.transfers (${[...Object.keys(constant), namesOf(columns)].join(", ")})
    select ${Object.values(constant).join(", ")}, v.* from ${unnested(columns)} v
    returning recorded_at
  )
  select max(recorded_at) as "recordedAt" from written`;
}

const NOW = { recorded_at: "statement_timestamp()" };

/** For transfers of one line with the movement alone: the usual case. */
export const insertPlainTransfers: ArrayStatement<TransferLine> = {
  name: "transfers_insert_plain",
  text: insertText(MOVEMENT, { ...NOW, line: "0" }),
  columns: MOVEMENT,
};

const FULL = [...MOVEMENT, ...Object.values(REST)];

export const insertFullTransfers: ArrayStatement<TransferLine> = {
  name: "transfers_insert_full",
  text: insertText(FULL, NOW),
  columns: FULL,
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
