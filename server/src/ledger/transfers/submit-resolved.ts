/**
 * Commands whose subject may be gone when the request is repeated: an item given away, ingredients
 * used up. When preparing fails, the first outcome under the key is the answer.
 */
import type { Queryable } from "../../db/database.ts";
import type { OperationType } from "../../engine/operation-type.ts";
import type {
  Operation,
  OperationResult,
  OperationTerms,
  Outcome,
  PostingEngine,
} from "../../engine/operation.ts";
import { findFirstOutcome } from "./first-outcome.ts";

interface Resolving<Result extends OperationResult> {
  readonly type: OperationType<never, Result>;
  /** Those of the operation. */
  readonly terms: OperationTerms;
  readonly prepare: () => Promise<Operation<Result>>;
}

/** Errors: those of `prepare`, `idempotency_conflict`, and those of the engine. */
export async function submitResolved<Result extends OperationResult>(
  { db, engine }: { readonly db: Queryable; readonly engine: PostingEngine },
  { type, terms: { caller, idempotency }, prepare }: Resolving<Result>,
): Promise<Outcome<Result>> {
  const resolved = await prepare().catch(async (error: unknown) => {
    const first = idempotency && (await findFirstOutcome(db, type, { caller, idempotency }));
    if (!first) throw error;
    return first;
  });
  return "status" in resolved ? resolved : engine.submit(resolved);
}
