/**
 * Changes that operators make by command: each is planned from the present rows, shown, applied, and
 * recorded with its author in the same transaction. A dry run finds every refusal, read-only.
 */
import type { Database, Transaction } from "../../db/database.ts";
import { patientTransaction } from "../../db/patient-transaction.ts";
import type { JsonObject, OperationTerms } from "../../engine/operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import { findKeyedChange, insertChangeKey, lockChangeKey } from "./change-keys.ts";

export interface OperatorContext {
  /** Recorded with the change. */
  readonly operator: string;
  readonly dryRun: boolean;
  /** Recorded where it is given. */
  readonly reason?: string | undefined;
  /** The request's key, under which a repeated request is answered with the change that it made. */
  readonly idempotency?: OperationTerms["idempotency"];
}

export interface ModelChange {
  readonly what: string;
  readonly subject: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** Accounts whose bounds follow. */
  readonly accounts: bigint;
  /** Shown once to the operator, and recorded nowhere. */
  readonly secret?: string;
  /** True: made by an earlier request of the same key, whose secret is not shown again. */
  readonly replayed?: boolean;
}

export interface PlannedChange {
  readonly planned: ModelChange;
  readonly apply: () => Promise<void>;
}

/** Bounds of every account of a currency are written in one statement. */
const LIMITS = { statementTimeoutMs: 60_000 };

/**
 * Reads the present rows and plans; applies and records the plan, unless the context asks for a dry run.
 * `lock` serialises operators. Errors: `invalid_field` for a change that changes nothing,
 * `idempotency_conflict`.
 */
export function makeOperatorChange(
  db: Pick<Database, "transaction">,
  context: OperatorContext,
  lock: (tx: Transaction) => Promise<void>,
  plan: (tx: Transaction) => Promise<PlannedChange>,
): Promise<ModelChange> {
  const { dryRun } = context;
  const work = async (tx: Transaction) => {
    if (!dryRun) {
      await lockChangeKey(tx, context);
      await lock(tx);
    }
    const repeated = await findKeyedChange(tx, context);
    if (repeated) return repeated;
    const { planned, apply } = await plan(tx);
    if (JSON.stringify(planned.before) === JSON.stringify(planned.after))
      throw new NewDayError("invalid_field", {
        field: planned.subject,
        rule: { en: "is so already", zh: "已经如此" },
      });
    if (dryRun) return planned;
    await apply();
    await insertOperatorChange(tx, context, planned);
    return planned;
  };
  return dryRun
    ? db.transaction(work, { ...LIMITS, readOnly: true })
    : patientTransaction(db, work, {
        holdMs: LIMITS.statementTimeoutMs,
        overrun: (cause) => new NewDayError("database_busy", {}, { cause }),
      });
}

export async function insertOperatorChange(
  tx: Transaction,
  context: OperatorContext,
  { what, subject, before, after }: ModelChange,
): Promise<void> {
  const { operator, reason } = context;
  const [row] = await tx.query<{ id: bigint }>(
    `insert into newday.operator_changes (operator, what, subject, before, after, reason)
      values ($1, $2, $3, $4::jsonb, $5::jsonb, $6) returning id`,
    [
      operator,
      what,
      subject,
      before && JSON.stringify(before),
      after && JSON.stringify(after),
      reason ?? null,
    ],
  );
  if (row) await insertChangeKey(tx, context, row.id);
}
