/**
 * One in-flight batch. A batch with bad data is retried unit by unit, so that one bad operation
 * fails alone.
 */
import type { Database } from "../db/database.ts";
import { createAttempts, type Attempts } from "./retry-loop.ts";
import { isConnectionLost } from "./connection-lost.ts";
import type { DecidedOperation, Unit } from "./decide-batch.ts";
import type { OptimisticOptions, PostedBatch, PostingContext } from "./post-batch.ts";
import type { Writer } from "./writer.ts";

/** The result of one unit of a batch. */
export type UnitResult =
  | { readonly decided: readonly DecidedOperation[]; readonly recordedAt: Date }
  | { readonly failure: unknown };

export interface SlotResult {
  readonly results: readonly UnitResult[];
  readonly repeats: number;
}

export interface Slot {
  /**
   * Posts the units; the results are in their order. `onSent` reports that the batch is sent and
   * its rows are cached. Rejects only when the outcome of every unit is unknown.
   */
  post(units: readonly Unit[], onSent: () => void): Promise<SlotResult>;
  close(): Promise<void>;
}

/** A retry is decided from the database, and its locks block no other batch. */
const FROM_DATABASE: OptimisticOptions = { guess: false, onSent: () => undefined };

export function createSlot(
  db: Database,
  context: PostingContext,
  shared: { applicationName: string; writer: Writer },
): Slot {
  const attempts = createAttempts(db, context, shared);
  return {
    async post(units, onSent) {
      try {
        return await postAll(attempts, units, { guess: true, onSent });
      } catch (error) {
        if (units.length === 1 || isConnectionLost(error)) throw error;
        return postEachAlone(attempts, units);
      }
    },
    close: () => attempts.close(),
  };
}

async function postAll(
  attempts: Attempts,
  units: readonly Unit[],
  options: OptimisticOptions,
): Promise<SlotResult> {
  const posted = await attempts.post(units, options);
  return {
    results: posted.units.map((decided) => resultOf(decided, posted)),
    repeats: posted.repeats,
  };
}

const NO_RESULT: UnitResult = { failure: new Error("a unit of the batch has no result") };

async function postEachAlone(attempts: Attempts, units: readonly Unit[]): Promise<SlotResult> {
  const results: UnitResult[] = [];
  for (const unit of units) results.push(await postAlone(attempts, unit));
  return { results, repeats: units.length };
}

async function postAlone(attempts: Attempts, unit: Unit): Promise<UnitResult> {
  try {
    const { results } = await postAll(attempts, [unit], FROM_DATABASE);
    return results[0] ?? NO_RESULT;
  } catch (failure) {
    return { failure };
  }
}

function resultOf(decided: readonly DecidedOperation[], { recordedAt }: PostedBatch): UnitResult {
  return { decided, recordedAt };
}
