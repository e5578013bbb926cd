/** Posts an operation that uses up a single-use token. */
import { operationOf } from "../../engine/operation-type.ts";
import type { Operation, OperationResult, PostingEngine } from "../../engine/operation.ts";
import { fingerprintOf, transferIdFor } from "../../engine/identifiers.ts";
import type { Submitted } from "../../engine/submit-operation.ts";
import { isNewDayError, type NewDayError } from "../../errors/errors.ts";
import { useOnceOperation } from "./use-once-operation.ts";

export interface Once {
  /** Unique among all single-use tokens. */
  readonly name: string;
  /** The request that uses it; null for one without a key. */
  readonly usedBy: string | null;
  /** The refusal of a second request. */
  readonly refusal: NewDayError;
}

/**
 * Posts the operation together with a mark, which a refusal of the operation consumes too. The mark's
 * id comes from its name, so a second request conflicts with it in any process. Errors: the refusal
 * of `once`, and those of the engine.
 */
export async function submitOnce<Result extends OperationResult>(
  engine: PostingEngine,
  operation: Operation<Result>,
  { name, usedBy, refusal }: Once,
): Promise<Submitted<Result>> {
  const { caller } = operation.terms;
  const idempotency = { key: `once:${name}`, fingerprint: fingerprintOf({ by: usedBy }) };
  const mark = operationOf(useOnceOperation, {}, { caller, idempotency });
  try {
    const [, outcome] = await engine.submitMany([mark, operation], "atomic");
    return { operation, outcome };
  } catch (error) {
    const met = isNewDayError(error) && error.code === "idempotency_conflict";
    const ofMark = met && error.details["transferId"] === transferIdFor(caller, idempotency.key);
    throw ofMark ? refusal : error;
  }
}
