/** Transfers as rows: stores a decided operation, and reads a stored one back. */
import type { BoundStatement, Queryable } from "../../db/database.ts";
import type { ErrorCode } from "../../errors/error-table.ts";
import { plainArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import type { DecidedOperation, KnownOutcome, DecidedOutcome } from "../../engine/decide-batch.ts";
import type { JsonObject, Movement } from "../../engine/operation.ts";
import { DETAIL_NAMES } from "./detail-columns.ts";
import {
  insertFullTransfers,
  insertPlainTransfers,
  readTransfers,
  type TransferLine,
} from "./transfer-queries.ts";
import { fromWireDetails } from "../../errors/wire-details.ts";

/** One statement that stores every line and returns `recordedAt`, the same for the whole batch. */
export function insertTransfers(newOutcomes: readonly DecidedOperation[]): BoundStatement {
  const lines = linesOf(newOutcomes);
  return bindRows(lines.every(isPlain) ? insertPlainTransfers : insertFullTransfers, lines);
}

function linesOf(newOutcomes: readonly DecidedOperation[]): TransferLine[] {
  const lines: TransferLine[] = [];
  for (const { prepared, known } of newOutcomes) {
    if (!known) continue;
    const { operation, transferId: id } = prepared;
    const { decision } = known;
    const movements = decision.status === "posted" ? decision.movements : [];
    if (movements.length === 0)
      lines.push({ id, line: 0, operation, movement: undefined, decision });
    for (let line = 0; line < movements.length; line += 1)
      lines.push({ id, line, operation, movement: movements[line], decision });
  }
  return lines;
}

function isPlain({ line, operation, decision }: TransferLine): boolean {
  return (
    line === 0 &&
    decision.status === "posted" &&
    decision.result === null &&
    decision.related === null &&
    DETAIL_NAMES.every((detail) => operation.terms[detail] === undefined)
  );
}

export interface StoredLine extends Movement {
  readonly id: string;
  readonly line: number;
  readonly fingerprint: string | null;
  readonly kind: string;
  readonly caller: string;
  readonly related: string | null;
  readonly result: JsonObject | null;
  readonly refusal: ErrorCode | null;
  readonly recordedAt: Date;
}

/** The stored outcomes of these transfer ids; unknown ids are left out. */
export async function readOutcomes(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, KnownOutcome>> {
  const lines = await db.query<StoredLine>(readTransfers, [plainArray(ids)]);
  const byTransfer = new Map<string, StoredLine[]>();
  for (const line of lines) {
    const stored = byTransfer.get(line.id);
    if (stored) stored.push(line);
    else byTransfer.set(line.id, [line]);
  }
  return new Map([...byTransfer].map(([id, stored]) => [id, outcomeOf(stored)]));
}

const ERASED_CALLER = /^(?:user|unverified):erased:/;

/** The outcome of one transfer from its lines, in order. */
function outcomeOf(lines: readonly StoredLine[]): KnownOutcome {
  const [first] = lines;
  if (!first) throw new Error("a transfer without lines");
  const { fingerprint, recordedAt, refusal, result, related } = first;
  const isOfErased = ERASED_CALLER.test(first.caller);
  const movements = lines.filter(({ amount }) => amount > 0n).map(movementOf);
  const decision: DecidedOutcome =
    refusal === null
      ? { status: "posted", movements, result, related }
      : { status: "refused", code: refusal, details: fromWireDetails(result ?? {}) };
  return { decision, fingerprint, recordedAt, isOfErased };
}

function movementOf(line: StoredLine): Movement {
  const { from, to, amount, fromBalance, toBalance, fromVersion, toVersion } = line;
  const { fromPrevious, toPrevious } = line;
  return {
    from,
    to,
    amount,
    fromBalance,
    toBalance,
    fromVersion,
    toVersion,
    fromPrevious,
    toPrevious,
  };
}
