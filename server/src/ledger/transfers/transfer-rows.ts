/** Transfers as rows: stores a decided operation, and reads a stored one back. */
import type { BoundStatement, Queryable } from "../../db/database.ts";
import type { ErrorCode } from "../../errors/error-table.ts";
import {
  bigintArray,
  plainArray,
  textArray,
  uuidArray,
} from "../../db/pipeline/array-parameters.ts";
import type { DecidedOperation, KnownOutcome, Verdict } from "../../engine/decide-batch.ts";
import type { JsonObject, Movement, Operation } from "../../engine/operation.ts";
import { insertFullTransfers, insertPlainTransfers, readTransfers } from "./transfer-queries.ts";

interface TransferLine {
  readonly id: string;
  readonly line: number;
  readonly operation: Operation;
  readonly movement: Movement | undefined;
  readonly verdict: Verdict;
}

/** One statement that stores every line and returns `recordedAt`, the same for the whole batch. */
export function insertTransfers(fresh: readonly DecidedOperation[]): BoundStatement {
  const lines = linesOf(fresh);
  const common = [
    bigintArray(lines.map(({ movement }) => movement?.from ?? null)),
    bigintArray(lines.map(({ movement }) => movement?.to ?? null)),
    bigintArray(lines.map(({ movement }) => movement?.amount ?? 0n)),
    bigintArray(lines.map(({ movement }) => movement?.fromBalance ?? null)),
    bigintArray(lines.map(({ movement }) => movement?.toBalance ?? null)),
    bigintArray(lines.map(({ movement }) => movement?.fromVersion ?? null)),
    bigintArray(lines.map(({ movement }) => movement?.toVersion ?? null)),
    uuidArray(lines.map(({ movement }) => movement?.fromPrevious ?? null)),
    uuidArray(lines.map(({ movement }) => movement?.toPrevious ?? null)),
    uuidArray(lines.map(({ id }) => id)),
    uuidArray(lines.map(({ line, operation }) => header(line, operation.idempotency?.fingerprint))),
    plainArray(lines.map(({ operation }) => operation.type.name)),
    textArray(lines.map(({ operation }) => operation.caller)),
  ];
  if (lines.every(isPlain)) return { statement: insertPlainTransfers, values: common };
  return { statement: insertFullTransfers, values: [...common, ...headers(lines)] };
}

function headers(lines: readonly TransferLine[]): string[] {
  return [
    plainArray(lines.map(({ line }) => line)),
    textArray(
      lines.map(({ line, operation }) => header(line, operation.effectiveAt?.toISOString())),
    ),
    plainArray(lines.map(({ line, verdict }) => header(line, relatedOf(verdict)))),
    textArray(lines.map(({ line, operation }) => header(line, operation.reference))),
    textArray(lines.map(({ line, operation }) => json(line, operation.metadata))),
    textArray(lines.map(({ line, verdict }) => json(line, resultOf(verdict)))),
    textArray(lines.map(({ verdict }) => (verdict.status === "refused" ? verdict.code : null))),
  ];
}

function linesOf(fresh: readonly DecidedOperation[]): TransferLine[] {
  const lines: TransferLine[] = [];
  for (const { prepared, known } of fresh) {
    if (!known) continue;
    const { operation, transferId: id } = prepared;
    const { verdict } = known;
    const movements = verdict.status === "posted" ? verdict.movements : [];
    if (movements.length === 0)
      lines.push({ id, line: 0, operation, movement: undefined, verdict });
    for (let line = 0; line < movements.length; line += 1)
      lines.push({ id, line, operation, movement: movements[line], verdict });
  }
  return lines;
}

function isPlain({ line, operation, verdict }: TransferLine): boolean {
  return (
    line === 0 &&
    verdict.status === "posted" &&
    verdict.result === null &&
    verdict.related === null &&
    operation.metadata === undefined &&
    operation.reference === undefined &&
    operation.effectiveAt === undefined
  );
}

function header(line: number, value: string | null | undefined): string | null {
  return line === 0 ? (value ?? null) : null;
}

function json(line: number, value: JsonObject | null | undefined): string | null {
  return header(line, value ? JSON.stringify(value) : null);
}

function relatedOf(verdict: Verdict): string | null {
  return verdict.status === "posted" ? verdict.related : null;
}

function resultOf(verdict: Verdict): JsonObject | null {
  return verdict.status === "posted" ? verdict.result : verdict.details;
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

/** The outcome of one transfer from its lines, in order. */
function outcomeOf(lines: readonly StoredLine[]): KnownOutcome {
  const [first] = lines;
  if (!first) throw new Error("a transfer without lines");
  const { fingerprint, recordedAt, refusal, result, related } = first;
  const movements = lines.filter(({ amount }) => amount > 0n).map(movementOf);
  const verdict: Verdict =
    refusal === null
      ? { status: "posted", movements, result, related }
      : { status: "refused", code: refusal, details: result ?? {} };
  return { verdict, fingerprint, recordedAt };
}

function movementOf(line: StoredLine): Movement {
  const { from, to, amount, fromBalance, toBalance, fromVersion, toVersion } = line;
  const { fromPrevious, toPrevious } = line;
  return {
    from, to, amount, fromBalance, toBalance, fromVersion, toVersion, fromPrevious, toPrevious,
  }; // prettier-ignore
}
