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
  terms: KeyedTerms,
): Promise<Outcome<Result> | undefined> {
  const [first] = await findFirstOutcomes(db, [terms]);
  // The fingerprint says that it is this request's outcome, so that its result is of the type's.
  return first as Outcome<Result> | undefined;
}

/** As `findFirstOutcome`, of many in one query and in their order; undefined for one without a key too. */
export async function findFirstOutcomes(
  db: Queryable,
  asked: readonly AskedTerms[],
): Promise<(Outcome | undefined)[]> {
  const ids = asked.map(({ caller, idempotency: key }) => key && transferIdFor(caller, key.key));
  const keyed = ids.filter((id) => id !== undefined);
  if (keyed.length === 0) return asked.map(() => undefined);
  const stored = await readOutcomes(db, keyed);
  return asked.map(({ idempotency }, at) => {
    const transferId = ids[at];
    const known = transferId === undefined ? undefined : stored.get(transferId);
    if (transferId === undefined || !known?.recordedAt) return undefined;
    if (known.fingerprint !== idempotency?.fingerprint)
      throw new NewDayError("idempotency_conflict", { transferId });
    const { recordedAt, decision } = known;
    return { ...decision, transferId, recordedAt, replayed: true };
  });
}

type AskedTerms = Pick<OperationTerms, "caller" | "idempotency">;

interface KeyedTerms {
  readonly caller: string;
  readonly idempotency: NonNullable<OperationTerms["idempotency"]>;
}
