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
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import { isNewDayError } from "../../errors/errors.ts";
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
  { type, terms, prepare }: Resolving<Result>,
): Promise<Outcome<Result>> {
  const submit = async () => submitOperation(engine, await prepare());
  return (await submitOrRepeat(db, { type, terms }, submit)).outcome;
}

/**
 * The result of `submit`; when that fails before anything is decided, the first outcome under the key.
 * Errors: as `submitResolved`.
 */
export async function submitOrRepeat<Result extends OperationResult>(
  db: Queryable,
  { type, terms }: Pick<Resolving<Result>, "type" | "terms">,
  submit: () => Promise<Submitted<Result>>,
): Promise<Submitted<Result>> {
  try {
    return await submit();
  } catch (error) {
    const { caller, idempotency } = terms;
    if (!idempotency || !isNewDayError(error) || error.definition.status >= 500) throw error;
    const outcome = await findFirstOutcome(db, type, { caller, idempotency });
    if (!outcome) throw error;
    return { operation: { type, terms }, outcome };
  }
}
