/**
 * Counts what PostgreSQL logs as failed foreign keys of the repaired tables, from the start of the
 * watch on. PostgreSQL keeps no counter by SQLSTATE; its log is the only place that knows.
 */
import { isNewDayError } from "../../errors/errors.ts";
import { readOnly, withRepairConnection, type ConnectionTarget } from "../connection/connection.ts";
import { tablesOf, type RepairDefinition } from "../model/definition.ts";
import type { Text } from "../model/text.ts";
import { createLineReader } from "./log-line.ts";
import { prefixReader, type PrefixReader } from "./log-prefix.ts";
import { readLogSettings, type LogSettings } from "./log-settings-queries.ts";
import { openLogTail, type TailRead } from "./log-tail.ts";
import type { Reading, Sense } from "./sense.ts";

/** PostgreSQL's longest name; what is longer was not written by it. */
const MAX_NAME_LENGTH = 63;
/** Constraints that a line names; the rest is counted and not named. */
const NAMES_SHOWN = 3;
/** Levels above ERROR in `log_min_messages`: errors are not written at all. */
const SILENT_LEVELS: ReadonlySet<string> = new Set(["log", "fatal", "panic"]);

export interface ServerLog {
  readonly target: ConnectionTarget;
  readonly repair: RepairDefinition;
  readonly path: string;
}

/** Follows the log from its present end. Throws `repair_usage` when it cannot be read. */
export async function followServerLog({ target, repair, path }: ServerLog): Promise<Sense> {
  const tail = await openLogTail(path);
  const reader = createLineReader();
  const tables = tablesOf(repair);
  const byConstraint = new Map<string, number>();
  let settings: LogSettings | undefined;
  let prefix: PrefixReader = prefixReader("");
  let [total, bytes] = [0, 0];
  return {
    name: "failedForeignKeys",
    async read() {
      if (!settings) {
        settings = await askSettings(target);
        if (settings) prefix = prefixReader(settings.linePrefix);
      }
      const read = await tail.read();
      const scope = { tables, database: settings?.database, prefix };
      const found = read.lines.flatMap((line) => reader.read(line, scope) ?? []);
      for (const { constraint } of found) add(byConstraint, nameOf(constraint));
      total += found.length;
      bytes += read.bytes;
      return reading({ total, growth: found.length, bytes, byConstraint }, read, settings);
    },
    close: () => tail.close(),
  };
}

/** Undefined when nobody answers; asked again at the next look. */
function askSettings(target: ConnectionTarget): Promise<LogSettings | undefined> {
  return withRepairConnection(target, "watch", (client) =>
    readOnly(client, () => readLogSettings(client)),
  ).catch((error: unknown) => {
    if (isNewDayError(error)) return undefined;
    throw error;
  });
}

interface Counts {
  readonly total: number;
  readonly growth: number;
  readonly bytes: number;
  readonly byConstraint: ReadonlyMap<string, number>;
}

function reading(counts: Counts, read: TailRead, settings: LogSettings | undefined): Reading {
  const { total, growth, bytes, byConstraint } = counts;
  const names = [...byConstraint].map(([name, count]) => `${name} ${count}`);
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  const more = names.length > NAMES_SHOWN ? ", ..." : "";
  return {
    label: ["failed foreign keys in the log", "日志中的外键错误"],
    total,
    growth,
    detail: `${shown}${more}`,
    trouble: troubleOf(read) ?? blindness(settings),
    facts: { total, bytesRead: bytes, state: read.state, byConstraint: Object.fromEntries(byConstraint) },
  }; // prettier-ignore
}

function troubleOf({ state, reason }: TailRead): Text | undefined {
  if (state === "absent")
    return [
      "the server's log is not there (yet); failed foreign keys are not seen until it comes",
      "服务器日志文件（尚）不存在；出现之前看不到外键错误",
    ];
  if (state === "unreadable")
    return [
      `the server's log can no longer be read (${reason}); failed foreign keys are not seen`,
      `服务器日志已无法读取（${reason}）；看不到外键错误`,
    ];
  return undefined;
}

/** A setting under which the log stays silent, or speaks a language that we cannot tell errors by. */
function blindness(settings: LogSettings | undefined): Text | undefined {
  if (!settings) return undefined;
  const { minimum, messages, linePrefix, verbosity, destination } = settings;
  if (SILENT_LEVELS.has(minimum))
    return [
      `the server does not log errors (log_min_messages = ${minimum}); set it to error or warning`,
      `服务器不记录错误（log_min_messages = ${minimum}）；请设为 error 或 warning`,
    ];
  const named = /(?<!%)(%%)*%-?\d*e/.test(linePrefix) || verbosity === "verbose";
  if (named || /csvlog|jsonlog/.test(destination) || /^(C|POSIX|en)\b|^en_|^C\./.test(messages))
    return undefined;
  return [
    `the server's messages are translated (lc_messages = ${messages}) and name no SQLSTATE; put %e into log_line_prefix, or log as csvlog or jsonlog`,
    `服务器日志为译文（lc_messages = ${messages}）且不含 SQLSTATE；请在 log_line_prefix 中加入 %e，或使用 csvlog、jsonlog`,
  ];
}

/** What comes out of a log is shown on a terminal: no control characters, no essay. */
function nameOf(constraint: string | undefined): string {
  if (constraint === undefined) return "?";
  return constraint.replaceAll(/\p{C}/gu, "?").slice(0, MAX_NAME_LENGTH);
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
