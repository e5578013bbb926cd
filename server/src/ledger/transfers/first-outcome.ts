/** The first outcome under a key, for repeated requests whose subject is gone. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { Operation, Outcome } from "../../engine/operation.ts";
import { transferIdFor } from "../../engine/identifiers.ts";
import { readOutcomes } from "./transfer-rows.ts";

/** The outcome frozen under the key, or undefined. Errors: `idempotency_conflict`. */
export async function findFirstOutcome(
  db: Queryable,
  caller: string,
  { key, fingerprint }: NonNullable<Operation["idempotency"]>,
): Promise<Outcome | undefined> {
  const transferId = transferIdFor(caller, key);
  const known = (await readOutcomes(db, [transferId])).get(transferId);
  if (!known?.recordedAt) return undefined;
  if (known.fingerprint !== fingerprint)
    throw new NewDayError("idempotency_conflict", { transferId });
  return { ...known.verdict, transferId, recordedAt: known.recordedAt, replayed: true };
}
