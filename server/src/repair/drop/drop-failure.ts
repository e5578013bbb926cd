/** Translates a final failure of an attempt into an error of the catalogue. */
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import type { ErrorCode } from "../../errors/error-table.ts";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { DROP_REFUSAL } from "./drop-batch.ts";
import type { Backend } from "./round.ts";

const CODES: Readonly<Record<string, ErrorCode>> = {
  [DROP_REFUSAL.stale]: "repair_plan_stale",
  [DROP_REFUSAL.structureChanged]: "repair_plan_stale",
  [SQL_STATE.queryCanceled]: "repair_blocked",
  [SQL_STATE.insufficientPrivilege]: "repair_refused",
};

/** An attempt: its message held the work and a COMMIT. */
interface FailedAttempt {
  readonly backend: Backend;
  /** The server cancels the work under the locks after this time. */
  readonly holdMs: number;
}

/**
 * Rolls back if the connection lives. A lost connection leaves the outcome of an attempt unknown,
 * and the error says how to find out.
 */
export async function dropFailure(
  client: DirectClient,
  cause: unknown,
  attempt?: FailedAttempt,
): Promise<NewDayError> {
  const state = sqlStateOf(cause);
  const words = cause instanceof Error ? cause.message : String(cause);
  const answered = state !== undefined && /^[0-9A-Z]{5}$/.test(state) && !state.startsWith("57P");
  if (client.isLost() || !answered) return lost(attempt?.backend, words, cause);
  await client.query("rollback").catch(() => undefined);
  const detail = (cause as { detail?: string }).detail;
  if (state === DROP_REFUSAL.probeFailed)
    return refusal("probe_refused", { words }, { details: { sqlState: state, detail }, cause });
  if (attempt && state === SQL_STATE.queryCanceled)
    return refusal(
      "held_too_long",
      { bound: attempt.holdMs, words },
      { details: { sqlState: state, holdMs: attempt.holdMs }, cause },
    );
  return refusal(
    "database_rolled_back",
    { words },
    { details: { sqlState: state, detail }, cause, error: CODES[state] ?? "repair_verify_failed" },
  );
}

function lost(backend: Backend | undefined, words: string, cause: unknown): NewDayError {
  if (!backend) return refusal("connection_lost_before_change", { words }, { cause });
  return refusal("connection_lost_during_change", { words }, { details: { ...backend }, cause });
}
