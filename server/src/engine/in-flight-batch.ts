/**
 * One in-flight batch. A batch with bad data is retried unit by unit, so that one bad operation
 * fails alone.
 */
import type { Database } from "../db/database.ts";
import { createRetryLoop, type RetryLoop } from "./retry-loop.ts";
import { isConnectionLost } from "./connection-lost.ts";
import type { DecidedOperation, Unit } from "./decide-batch.ts";
import type { OptimisticOptions, PostedBatch, PostingContext } from "./post-batch.ts";
import type { Writer } from "./writer.ts";

/** The result of one unit of a batch. */
export type UnitResult =
  | { readonly decided: readonly DecidedOperation[]; readonly recordedAt: Date }
  | { readonly failure: unknown };

export interface InFlightResult {
  readonly results: readonly UnitResult[];
  readonly repeats: number;
}

export interface InFlightBatch {
  /**
   * Posts the units; the results are in their order. `onSent` reports that the batch is sent and
   * its rows are cached. Rejects only when the outcome of every unit is unknown.
   */
  post(units: readonly Unit[], onSent: () => void): Promise<InFlightResult>;
  close(): Promise<void>;
}

/** A retry is decided from the database, and its locks block no other batch. */
const FROM_DATABASE: OptimisticOptions = { useCache: false, onSent: () => undefined };

export function createInFlightBatch(
  db: Database,
  context: PostingContext,
  shared: { applicationName: string; writer: Writer },
): InFlightBatch {
  const retryLoop = createRetryLoop(db, context, shared);
  return {
    async post(units, onSent) {
      try {
        return await postAll(retryLoop, units, { useCache: true, onSent });
      } catch (error) {
        if (units.length === 1 || isConnectionLost(error)) throw error;
        return postEachAlone(retryLoop, units);
      }
    },
    close: () => retryLoop.close(),
  };
}

async function postAll(
  retryLoop: RetryLoop,
  units: readonly Unit[],
  options: OptimisticOptions,
): Promise<InFlightResult> {
  const posted = await retryLoop.post(units, options);
  return {
    results: posted.units.map((decided) => resultOf(decided, posted)),
    repeats: posted.repeats,
  };
}

const NO_RESULT: UnitResult = { failure: new Error("a unit of the batch has no result") };

async function postEachAlone(
  retryLoop: RetryLoop,
  units: readonly Unit[],
): Promise<InFlightResult> {
  const results: UnitResult[] = [];
  for (const unit of units) results.push(await postAlone(retryLoop, unit));
  return { results, repeats: units.length };
}

async function postAlone(retryLoop: RetryLoop, unit: Unit): Promise<UnitResult> {
  try {
    const { results } = await postAll(retryLoop, [unit], FROM_DATABASE);
    return results[0] ?? NO_RESULT;
  } catch (failure) {
    return { failure };
  }
}

function resultOf(decided: readonly DecidedOperation[], { recordedAt }: PostedBatch): UnitResult {
  return { decided, recordedAt };
}
