/**
 * Shared by every `newday repair` command: the database, the language, and the end.
 *
 * However a command ends, its exit code is true and its last line is read from the catalogue.
 */
import { helpText } from "../usage/help-text.ts";
import { operatorName } from "../../lib/operator-name.ts";
import type { Command } from "commander";
import { readBuildInfo } from "../../lib/build-info.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import { readConnectionParameters } from "../../db/connection-parameters.ts";
import { readDatabaseUrl } from "../../config.ts";
import { isNewDayError, type NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { findFileError } from "../../lib/file-error.ts";
import { fileRefusal } from "../../repair/model/output-file.ts";
import { isQueryRefused } from "../../repair/connection/optional-query.ts";
import { wordsOf } from "../../errors/operator-words.ts";
import { isLostLine, withRepairConnection } from "../../repair/connection/connection.ts";
import type { ConnectionTarget } from "../../db/driver/direct-client.ts";
import type { RepairDefinition } from "../../repair/model/definition.ts";
import { readRepairFile } from "../../repair/model/repair-file.ts";
import {
  addRepair,
  DEFAULT_REPAIR,
  knownRepairs,
  findRepair,
  giveProbeValues,
  leaveOutProbes,
  readProbeValue,
} from "../../repair/model/repairs.ts";
import { emitter, type Emit } from "../../repair/model/events.ts";
import { readPlanFile } from "../../repair/plan/plan-file.ts";
import { isProbeLeftOut, type Plan } from "../../repair/model/plan.ts";
import { isLockTimeout, queryRefused } from "../../repair/plan/query-refused.ts";
import type { Language, Message } from "../../lib/messages.ts";
import { readFinalStatus } from "../../repair/verify/final-status.ts";
import { PROBE_VALUE_OPTION } from "./list-option.ts";
import { createPrinter } from "./printer.ts";
import { languageOfCommand } from "../usage/usage-error.ts";

export const EXIT = { done: 0, fault: 1, usage: 2, satisfied: 11 } as const;

export interface SharedOptions {
  readonly databaseUrl?: string;
  readonly repair?: string;
  readonly repairFile?: string;
  readonly probeValue?: readonly string[];
  readonly schema?: string;
  readonly json?: boolean;
  /** The file of a plan, where a command takes one. */
  readonly plan?: string | boolean;
  readonly planFile?: string;
}

export interface RepairSession {
  readonly target: ConnectionTarget;
  readonly repair: RepairDefinition;
  readonly schema: string | undefined;
  readonly language: Language;
  readonly json: boolean;
  readonly emit: Emit;
  readonly tool: string;
  readonly operator: string;
}

/** Adds the options that every command of the repair knows. */
export function withSharedOptions(command: Command): Command {
  return command
    .option(
      "--database-url <url>",
      helpText({
        en: "PostgreSQL to repair; default: DATABASE_URL",
        zh: "要修复的 PostgreSQL；默认 DATABASE_URL",
      }),
    )
    .option(
      "--repair <id>",
      helpText({
        en: `one of ${shippedRepairs()}; default: ${DEFAULT_REPAIR}`,
        zh: `可选 ${shippedRepairs()}；默认 ${DEFAULT_REPAIR}`,
      }),
    )
    .option(
      "--repair-file <file>",
      helpText({
        en: "a repair of your own, as JSON (docs/repair/design.md)",
        zh: "自定义修复的 JSON 文件（见 docs/repair/design.md）",
      }),
    )
    .option(...PROBE_VALUE_OPTION)
    .option(
      "--schema <name>",
      helpText({
        en: "schema of the tables, when several hold them",
        zh: "表所在的 schema（有多个时指定）",
      }),
    )
    .option(
      "--json",
      helpText({
        en: "one JSON event a line instead of text",
        zh: "每行输出一个 JSON 事件，代替文本",
      }),
    );
}

export interface CommandSettings {
  /** Ends with the final status from the catalogue. */
  readonly truth: boolean;
  /** Reads the plan first: a command that cannot do without one says so before all else. */
  readonly planned?: () => Plan;
  /** False for a command that works on files only. */
  readonly database?: boolean;
}

/** Runs a command to its end: sets the exit code, prints the final status. */
export async function runCommand(
  options: SharedOptions,
  work: (session: RepairSession) => Promise<number>,
  settings: CommandSettings = { truth: true },
): Promise<void> {
  const language = languageOfCommand();
  const printer = createPrinter(language, options.json ?? false);
  const emit = emitter((event) => printer.event(event));
  let session: RepairSession | undefined;
  try {
    const own = options.repairFile === undefined ? undefined : readRepairFile(options.repairFile);
    if (own) addRepair(own);
    const plan = settings.planned?.() ?? planNamedBy(options);
    giveProbeValues(plan?.probeValues ?? []);
    if (plan && isProbeLeftOut(plan)) leaveOutProbes();
    giveProbeValues((options.probeValue ?? []).map(readProbeValue));
    const repair = plan?.repair.id ?? options.repair ?? own?.id ?? DEFAULT_REPAIR;
    const schema = plan?.target.schema ?? options.schema;
    const url = settings.database === false ? "" : databaseUrlOf(options);
    session = openSession({ ...options, repair, schema }, url, { language, emit });
    process.exitCode = await work(session);
    if (settings.truth) await showFinalStatus(session);
  } catch (cause) {
    const error = await inWords(session, cause);
    process.exitCode = exitCodeOf(error);
    printer.failure(error);
    if (!settings.truth || !mayKnowFinalStatus(error)) return;
    session ??= sessionOfStatus(options, { language, emit });
    if (session) await showFinalStatus(session);
  }
}

/** For the last line of a command that ended before its session: undefined without a usable URL. */
function sessionOfStatus(
  options: SharedOptions,
  shown: Pick<RepairSession, "language" | "emit">,
): RepairSession | undefined {
  try {
    const { repair = DEFAULT_REPAIR, schema } = options;
    return openSession({ ...options, repair, schema }, databaseUrlOf(options), shown);
  } catch {
    return undefined;
  }
}

/** The plan decides the repair and the schema: the final status is then about the same tables. */
function planNamedBy({ plan, planFile }: SharedOptions): Plan | undefined {
  const path = typeof plan === "string" ? plan : planFile;
  return path === undefined ? undefined : readPlanFile(path).plan;
}

function openSession(
  options: Omit<SharedOptions, "schema"> & {
    readonly repair: string;
    readonly schema: string | undefined;
  },
  url: string,
  { language, emit }: Pick<RepairSession, "language" | "emit">,
): RepairSession {
  return {
    target: url,
    repair: findRepair(options.repair),
    schema: options.schema,
    language,
    json: options.json ?? false,
    emit,
    tool: `newday ${readBuildInfo().version}`,
    operator: operatorName(),
  };
}

function databaseUrlOf(options: SharedOptions): string {
  const url = options.databaseUrl ?? readDatabaseUrl(process.env);
  if (url === undefined || url === "")
    throw refusal("database_url_missing", {}, { details: { option: "--database-url" } });
  if (!/^postgres(ql)?:\/\//.test(url))
    throw refusal("database_url_scheme", {}, { details: { option: "--database-url" } });
  // An ignored option would lead to the server on this machine.
  if (/[?&]service=/.test(url))
    throw refusal("database_url_service", {}, { details: { option: "--database-url" } });
  // A parameter that pg_dump would read in another way is refused here, before any effect.
  readConnectionParameters(url);
  return url;
}

/**
 * A command blocked by an exclusive lock names its holder; a lost connection is reported as such.
 */
async function inWords(session: RepairSession | undefined, error: unknown): Promise<unknown> {
  if (isNewDayError(error)) return error;
  const fileError = findFileError(error);
  if (fileError) return fileRefusal(fileError);
  if (isLostLine(error)) return lostLine(error);
  if (isQueryRefused(error)) return queryNotAllowed(error);
  if (sqlStateOf(error) === SQL_STATE.readOnlyTransaction) return readOnlyServer(error);
  if (!session || !isLockTimeout(error)) return error;
  const { target, repair } = session;
  return withRepairConnection(target, "blockers", (client) =>
    queryRefused(client, repair, error),
  ).catch(() => error);
}

function lostLine(cause: unknown): NewDayError {
  const words = cause instanceof Error ? cause.message : String(cause);
  return refusal("connection_lost", { words }, { cause });
}

/** The plan's B02, met by a command that writes its journal. */
function readOnlyServer(cause: unknown): NewDayError {
  const words = wordsOf(cause);
  return refusal("server_takes_no_writes", { words }, { details: { finding: "B02" }, cause });
}

function queryNotAllowed(cause: unknown): NewDayError {
  return refusal(
    "query_not_allowed",
    { words: wordsOf(cause) },
    { details: { finding: "B46" }, cause },
  );
}

function exitCodeOf(error: unknown): number {
  return isNewDayError(error) ? error.definition.exitCode : EXIT.fault;
}

/** An unreachable database has no status to read. */
function mayKnowFinalStatus(error: unknown): boolean {
  if (!isNewDayError(error)) return true;
  return error.details["connected"] !== false && error.details["finding"] !== "B04";
}

async function showFinalStatus({ target, repair, schema, emit }: RepairSession): Promise<void> {
  try {
    const truth = await readFinalStatus(target, repair, schema);
    emit("truth", truth.text, { ...truth, text: undefined });
  } catch (error) {
    // The command has already reported why the database is unreachable.
    if (!isNewDayError(error) && !isLostLine(error) && !isQueryRefused(error)) throw error;
    const behindPooler = isNewDayError(error) && error.details["finding"] === "B03";
    emit("truth", behindPooler ? BEHIND_POOLER : UNKNOWN, { known: false });
  }
}

const UNKNOWN: Message = {
  en: "The state of the database cannot be read now; `newday repair status` will tell.",
  zh: "目前无法读取数据库状态；稍后请运行 newday repair status。",
};

/** The same URL leads to the same pooler. */
const BEHIND_POOLER: Message = {
  en: "The state of the database was not read: behind a pooler the answering server is unknown.",
  zh: "未读取数据库状态：连接池之后无法得知由哪台服务器应答。",
};

/** Picks the language of a text, for lines outside events. */
export function inLanguage(session: Pick<RepairSession, "language">, text: Message): string {
  return text[session.language];
}

/** The ids of `knownRepairs`; the options are registered before a repair file is read. */
function shippedRepairs(): string {
  return knownRepairs()
    .map(({ id }) => id)
    .join(", ");
}
