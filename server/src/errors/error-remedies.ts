/** The remedy of each error: shown in docs/errors.md and on the pages of /docs/errors. */
import type { ErrorDefinition } from "./error-definition.ts";
import { ERRORS, type ErrorCode } from "./errors.ts";

/** Overrides the remedy of the error's category. */
const REMEDIES: Partial<Record<ErrorCode, string>> = {
  insufficient_funds: "Ask for less, or wait until the account has more. Nothing was changed.",
  invalid_token: "Log in again and send the new token as `Authorization: Bearer <token>`.",
  idempotency_conflict:
    "One key means one request: choose a new key for a new request, and send the first body unchanged to repeat it.",
  precondition_failed: "Read the resource again and send its new ETag in `If-Match`.",
  listing_not_started: "Wait until the `startsAt` of the answer, then buy with a new key.",
  unproven_limit:
    "Pay less at a time, or let the platform sign the login (docs/login.md). Nothing was changed.",
  merge_undone: "Nothing is left to do: the item has its own id again.",
  merge_moved_on:
    "Operator: bring the item that stayed back (cancel its listing, return it), or grant the player another one.",
  repair_due:
    "Operator: run `newday repair plan`, read it, then `newday repair apply`. Clients: repeat the request later.",
  not_adopted: "Operator: run `newday adopt --dry-run`, then `newday adopt`.",
  adoption_refused: "Operator: run `newday repair plan` and `newday repair apply` first.",
  adoption_mismatch:
    "Operator: nothing was switched; `newday adopt --dry-run` names the wallets that differ.",
  database_unavailable:
    "Operator: the log has the reason (refused, password, no such database); correct `DATABASE_URL` or start the database.",
  database_too_old: "Operator: upgrade to PostgreSQL 15 or newer, or leave `DATABASE_URL` out.",
  database_newer:
    "Operator: run the New Day version that made it, or restore a backup from before the upgrade.",
  migration_changed: "Operator: check out the released files; never edit an applied migration.",
  port_in_use: "Operator: stop the other program or set `PORT` to another port.",
  config_invalid: "Operator: correct the variable that the message names.",
  data_folder_in_use:
    "Operator: stop the process that the message names, or set `NEWDAY_DATA_DIR` to another folder.",
  data_folder_foreign: "Operator: set `NEWDAY_DATA_DIR` to a new or empty folder.",
  data_folder_newer:
    "Operator: run the version that made the folder, or set `NEWDAY_DATA_DIR` to another one.",
  data_folder_unusable:
    "Operator: check that the folder exists, belongs to the user of the server and is not full.",
  embedded_failed:
    "Operator: the message ends with PostgreSQL's reason; the whole log is `data.log` in the data folder. `DATABASE_URL` is the way around.",
  internal: "Report the `requestId`; the log holds the cause under it. Nothing was posted.",
};

/** One or two imperative sentences for the caller. */
export function remedyFor(code: ErrorCode): string {
  return REMEDIES[code] ?? remedyOf(ERRORS[code]);
}

function remedyOf({ retryable, problemStatus }: ErrorDefinition): string {
  if (retryable) return "Wait for `Retry-After` and send the same request again.";
  if (problemStatus >= 500) return "Operator: the message and the log name the reason.";
  if (problemStatus === 403) return "Use a credential that has the right, or ask who grants it.";
  if (problemStatus === 404) return "Check the id; what another platform owns looks the same.";
  if (problemStatus === 409)
    return "Read the present state, then decide anew. Nothing was changed.";
  return "Correct what `details` names (field, rule, remedy) and send it again. Nothing was changed.";
}
