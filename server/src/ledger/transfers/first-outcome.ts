/** The first outcome under a key, for repeated requests whose subject is gone. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { OperationType } from "../../engine/operation-type.ts";
import type { OperationResult, OperationTerms, Outcome } from "../../engine/operation.ts";
import { transferIdFor } from "../../engine/identifiers.ts";
import { readOutcomes } from "./transfer-rows.ts";

/**
 * The outcome frozen under the key, or undefined. The type is that of the fingerprint's request.
 * Errors: `idempotency_conflict`.
 */
export async function findFirstOutcome<Result extends OperationResult>(
  db: Queryable,
  _type: OperationType<never, Result>,
  { caller, idempotency }: KeyedTerms,
): Promise<Outcome<Result> | undefined> {
  const transferId = transferIdFor(caller, idempotency.key);
  const known = (await readOutcomes(db, [transferId])).get(transferId);
  if (!known?.recordedAt) return undefined;
  if (known.fingerprint !== idempotency.fingerprint)
    throw new NewDayError("idempotency_conflict", { transferId });
  const { recordedAt, decision } = known;
  // The fingerprint says that it is this request's outcome, so that its result is of the type's.
  return { ...decision, transferId, recordedAt, replayed: true } as Outcome<Result>;
}

interface KeyedTerms {
  readonly caller: string;
  readonly idempotency: NonNullable<OperationTerms["idempotency"]>;
}
