/** Statement entries as /api/v1 shows and exports them. */
import type { Static } from "typebox";
import type { StatementEntry } from "../../../ledger/statements/statement-queries.ts";
import type { Caller } from "../app/caller.ts";
import { showDetails } from "../app/operation-details.ts";
import type { StatementEntrySchema } from "../schemas/schemas-statement.ts";

export type ShownEntry = Static<typeof StatementEntrySchema>;

/** The user alone sees through which of their identities they asked, as in the list of sessions. */
export function toStatementEntry({ kind }: Pick<Caller, "kind">, row: StatementEntry): ShownEntry {
  return {
    version: `${row.version}`,
    amount: `${row.amount}`,
    balanceAfter: `${row.balance}`,
    counterparty: row.counterpartyUserId,
    transferId: row.transferId,
    kind: row.kind,
    ...showDetails(row),
    recordedAt: row.recordedAt.toISOString(),
    effectiveAt: row.effectiveAt.toISOString(),
    test: row.test,
    unverified: row.unverified,
    ...(kind === "user" && row.throughUserId !== null && { through: row.throughUserId }),
  };
}

type CsvFields = {
  readonly [Name in Exclude<keyof ShownEntry, "metadata">]-?: (entry: ShownEntry) => string;
};

/** The columns of the file, in order. Metadata is in the JSON form alone. */
const CSV_FIELDS: CsvFields = {
  version: ({ version }) => version,
  recordedAt: ({ recordedAt }) => recordedAt,
  effectiveAt: ({ effectiveAt }) => effectiveAt,
  kind: ({ kind }) => kind,
  amount: ({ amount }) => amount,
  balanceAfter: ({ balanceAfter }) => balanceAfter,
  counterparty: ({ counterparty }) => counterparty,
  transferId: ({ transferId }) => transferId,
  reference: ({ reference }) => reference ?? "",
  unverified: ({ unverified }) => (unverified ? "unverified" : ""),
  test: ({ test }) => (test ? "test" : ""),
  reason: ({ reason }) => reason ?? "",
  through: ({ through }) => through ?? "",
};
const CSV_COLUMNS = Object.entries(CSV_FIELDS);

export const CSV_HEADER = `${Object.keys(CSV_FIELDS).join(",")}\r\n`;

/** A line of RFC 4180. */
export function toCsvLine(entry: ShownEntry): string {
  return `${CSV_COLUMNS.map(([name, valueOf]) => toCsvField(name, valueOf(entry))).join(",")}\r\n`;
}

/**
 * What a spreadsheet takes for the start of a formula; Chinese and Japanese editions know the wide signs too.
 * Some drop blanks and marks of no width before the sign.
 */
const FORMULA_START = /^(?:[\s\p{Cf}]*[=+\-@＝＋－＠]|[\t\r])/u;

/** Escapes a text that a spreadsheet would run as a formula; amounts stay numbers. */
function toCsvField(column: string, value: string): string {
  const isFigure = column === "amount" || column === "balanceAfter";
  const safe = !isFigure && FORMULA_START.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
