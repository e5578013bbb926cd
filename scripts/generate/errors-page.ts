/** docs/errors.md: one heading per code, so that an error's `type` has a place to point to. */
import type { ErrorDefinition } from "../../server/src/errors/error-row.ts";
import { ERRORS, type ErrorCode } from "../../server/src/errors/error-table.ts";
import type { RefusalRow } from "../../server/src/errors/refusal-row.ts";
import { REFUSALS } from "../../server/src/errors/refusals.ts";

const HEAD = `# Errors

Every way in which New Day says no, generated from the catalogue by \`npm run generate\`. A rule throws a
code of this table; the edges translate it:

- \`/api/v1\` and \`/api/admin\` answer \`application/problem+json\` with \`code\` and the status of that column;
- \`/api/shared\` and \`/api/allinone\` answer with \`errorCode\`, the word their clients know;
- a command ends with the exit code, and the server's own start does so too.

\`details\` names the field, the rule and the remedy wherever one request can be made right. "Again" says
whether the same request, unchanged, may succeed later: then wait for \`Retry-After\`. 各条均附中文说明与处理办法。
`;

export function errorsPage(): string {
  const entries = Object.entries(ERRORS) as [ErrorCode, ErrorDefinition][];
  entries.sort(([a], [b]) => a.localeCompare(b, "en"));
  return [HEAD, overview(entries), ...entries.map(section), refusals()].join("\n");
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
    `${row.message.en} ${row.message.zh}。`,
    "",
    `What to do: ${row.remedy.en} 处理：${row.remedy.zh}。`,
    "",
  ].join("\n");
}

/** The reasons behind the codes of the repair; words in braces are filled in. */
function refusals(): string {
  const rows = Object.entries<RefusalRow>(REFUSALS)
    .toSorted(([a], [b]) => a.localeCompare(b, "en"))
    .map(([reason, { error, message, remedy }]) => {
      const texts = [`${message.en} ${remedy.en}`, `${message.zh}${remedy.zh}`].map(inCell);
      return `| \`${reason}\` | \`${error}\` | ${ERRORS[error].exitCode} | ${texts.join(" | ")} |`;
    });
  return [
    "## Refusals of the repair",
    "",
    "`newday repair` prints one of these after its `✗`; `--json` has the reason in `details.reason`.",
    "",
    "| reason | code | exit code | English | 中文 |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function inCell(text: string): string {
  return text
    .trim()
    .replaceAll("|", "\\|")
    .replaceAll(/\s*\n\s*/g, " ");
}
