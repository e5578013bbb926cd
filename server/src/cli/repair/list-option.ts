/** Options of several commands. */
import { helpText } from "../usage/help-text.ts";

export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

/** The same option of `plan`, `apply` and `resume`. */
export const REPLICA_OPTION: [string, string, typeof collect, string[]] = [
  "--replica-url <url>",
  helpText({
    en: "a standby whose readers must not be stalled; may be given several times",
    zh: "其读者不得被阻塞的备库；可多次给出",
  }),
  collect,
  [],
];

/** An option of every command that plans or proves. */
export const PROBE_VALUE_OPTION: [string, string, typeof collect, string[]] = [
  "--probe-value <TABLE.COLUMN=VALUE>",
  helpText({
    en: "a value for the proof's row where finding B35 asks for one; may be given several times",
    zh: "阻止项 B35 要求时，证明所用行的值；可多次给出",
  }),
  collect,
  [],
];

/** For a database that keeps no journal: `status` and `report` read the file that `apply` wrote. */
export const LOCAL_JOURNAL_OPTION: [string, string] = [
  "--backup-dir <folder>",
  helpText({
    en: "the folder of apply's local journal, when the database keeps none",
    zh: "apply 本地日志所在目录（数据库中没有日志时）",
  }),
];
