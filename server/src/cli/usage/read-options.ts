/** Options and output of the commands that read: pages as long as those of the API, as lines or as JSON. */
import { Option } from "commander";
import { helpText } from "./help-text.ts";
import { invalidArgument } from "./usage-error.ts";

const LIMIT_DEFAULT = 50;
/** As a page of the API. */
const LIMIT_MAX = 200;

export interface ListOptions {
  readonly json?: true;
  readonly limit: number;
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** `json`: the rows as one array; undefined: the lines, or a dash for none. */
export function printRows(json: readonly unknown[] | undefined, lines: readonly string[]): void {
  printLine(json === undefined ? lines.join("\n") || "-" : JSON.stringify(json));
}

export function limitOption(): Option {
  return new Option("--limit <n>", helpText({ en: "1 to 200", zh: "1 到 200" }))
    .argParser(parseLimit)
    .default(LIMIT_DEFAULT);
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw invalidArgument({
    en: `a whole number from 1 to ${LIMIT_MAX}`,
    zh: `1 到 ${LIMIT_MAX} 的整数`,
  });
}

export function examples(...lines: string[]): string {
  const title = helpText({ en: "Examples:", zh: "示例：" });
  return `\n${title}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
