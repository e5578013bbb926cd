/** Keys of changes of settings: a repeated request is answered with the change that its first one made. */
import type { Queryable, Transaction } from "../../db/database.ts";
import { transferIdFor } from "../../engine/identifiers.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { ModelChange, OperatorContext } from "./operator-changes.ts";

/** Two requests of one key follow one another, whatever they lock. */
export async function lockChangeKey(tx: Transaction, context: OperatorContext): Promise<void> {
  const id = keyIdOf(context);
  if (id !== undefined)
    await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [id]);
}

/** The change as the log has it, without its secret. Errors: `idempotency_conflict`. */
export async function findKeyedChange(
  db: Queryable,
  context: OperatorContext,
): Promise<ModelChange | undefined> {
  const id = keyIdOf(context);
  if (id === undefined) return undefined;
  const [row] = await db.query<Omit<ModelChange, "accounts"> & { fingerprint: string }>(
    `select k.fingerprint, c.what, coalesce(c.subject, 'erased') as subject, c.before, c.after
      from newday.operator_change_keys k join newday.operator_changes c on c.id = k.change_id
      where k.id = $1`,
    [id],
  );
  if (!row) return undefined;
  const { fingerprint, ...change } = row;
  if (fingerprint !== context.idempotency?.fingerprint)
    throw new NewDayError("idempotency_conflict", {});
  return { ...change, accounts: 0n, replayed: true };
}

export async function insertChangeKey(
  tx: Transaction,
  context: OperatorContext,
  changeId: bigint,
): Promise<void> {
  const id = keyIdOf(context);
  if (id === undefined) return;
  await tx.query(
    "insert into newday.operator_change_keys (id, fingerprint, change_id) values ($1, $2, $3)",
    [id, context.idempotency?.fingerprint, changeId],
  );
}

function keyIdOf({ operator, idempotency }: OperatorContext): string | undefined {
  return idempotency && transferIdFor(operator, idempotency.key);
}
