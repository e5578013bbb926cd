/** docs/errors.md: one heading per code, so that an error's `type` has a place to point to. */
import type { ErrorDefinition } from "../../server/src/error-definition.ts";
import { ERRORS, type ErrorCode } from "../../server/src/errors.ts";

const HEAD = `# Errors

Every way in which New Day says no, generated from the catalogue by \`npm run generate\`. A rule throws a
code of this table; the edges translate it:

- \`/api/v1\` and \`/api/admin\` answer \`application/problem+json\` with \`code\` and the status of that column;
- \`/api/shared\` and \`/api/allinone\` answer with \`errorCode\`, the word their clients know;
- a command ends with the exit code, and the server's own start does so too.

\`details\` names the field, the rule and the remedy wherever one request can be made right. "Again" says
whether the same request, unchanged, may succeed later: then wait for \`Retry-After\`. 以下各条均附中文说明。
`;

/** What to do where the kind of the error does not already say it. */
const REMEDIES: Partial<Record<ErrorCode, string>> = {
  insufficient_funds: "Ask for less, or wait until the account has more. Nothing was changed.",
  invalid_token: "Log in again and send the new token as `Authorization: Bearer <token>`.",
  idempotency_conflict:
    "One key means one request: choose a new key for a new request, and send the first body unchanged to repeat it.",
  precondition_failed: "Read the resource again and send its new ETag in `If-Match`.",
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

export function errorsPage(): string {
  const entries = Object.entries(ERRORS) as [ErrorCode, ErrorDefinition][];
  entries.sort(([a], [b]) => a.localeCompare(b, "en"));
  return [HEAD, overview(entries), ...entries.map(section)].join("\n");
}

function overview(entries: readonly [ErrorCode, ErrorDefinition][]): string {
  const rows = entries.map(
    ([code, row]) =>
      `| [\`${code}\`](#${code}) | ${row.problemStatus} | ${row.status} | \`${row.contractCode}\` | ${row.exitCode} | ${row.retryable ? "yes" : "no"} |`,
  );
  return [
    "| code | status, v1 | status, shared | `errorCode` | exit code | again |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function section([code, row]: [ErrorCode, ErrorDefinition]): string {
  return [
    `## ${code}`,
    "",
    `${row.message} ${row.messageZh}。`,
    "",
    `What to do: ${REMEDIES[code] ?? remedyOf(row)}`,
    "",
  ].join("\n");
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
