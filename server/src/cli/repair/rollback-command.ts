import { helpText } from "../usage/help-text.ts";
import { randomUUID } from "node:crypto";
import { invocation } from "../usage/invocation.ts";
import type { Command } from "commander";
import pc from "picocolors";
import { refusal } from "../../errors/refusals.ts";
import { withRepairConnection } from "../../repair/connection/connection.ts";
import { DEFAULT_BUDGET_MS } from "../../repair/drop/critical-section.ts";
import { readPlanFile } from "../../repair/plan/plan-file.ts";
import { readRecordedEvents } from "../../repair/journal/recorded-events.ts";
import { requireRollbackFacts, rollbackFacts } from "../../repair/rollback/facts.ts";
import { requireOpen, runRollback } from "../../repair/rollback/rollback.ts";
import { findOpenRollback, settleRollback } from "../../repair/rollback/resume-rollback.ts";
import { OPTION_NAMES, type OptionName } from "../../repair/rollback/options.ts";
import { readRollback, type RecordedRun, type RollbackView } from "../../repair/rollback/view.ts";
import { counted, shellWord } from "../../repair/model/text.ts";
import { askFacts, databaseFact, environmentFact } from "./ask-facts.ts";
import { withLiveRun } from "./live-run.ts";
import {
  EXIT,
  inLanguage,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

interface RollbackCommandOptions extends SharedOptions {
  readonly plan?: boolean;
  readonly option?: string;
  readonly planFile?: string;
  readonly confirmDatabase?: string;
  readonly confirmEnvironment?: string;
  readonly confirmStrangers?: string;
  readonly reason?: string;
}

export function registerRollback(parent: Command): void {
  const command = parent.command("rollback").description(
    helpText({
      en: "count who stands in the way of going back, list the ways that are open now, or go one of them",
      zh: "统计回滚的障碍，列出当前可行的方式，或执行其中一种",
    }),
  );
  withSharedOptions(command)
    .option(
      "--plan",
      helpText({
        en: "only count and list (also what happens without --option)",
        zh: "只查看：统计并列出（不加 --option 时亦然）",
      }),
    )
    .option(
      "--option <name>",
      helpText({
        en: "exact, freeze, no-action, quarantine, stubs or fix-forward",
        zh: "exact、freeze、no-action、quarantine、stubs 或 fix-forward",
      }),
    )
    .option(
      "--plan-file <file>",
      helpText({
        en: "the plan of the repair, when the database keeps no journal",
        zh: "修复的计划文件（数据库中没有日志时）",
      }),
    )
    .option(
      "--confirm-database <name>",
      helpText({ en: "the database that is to be rolled back", zh: "要回滚的数据库" }),
    )
    .option(
      "--confirm-environment <name>",
      helpText({ en: "the environment that it belongs to", zh: "它所属的环境" }),
    )
    .option(
      "--confirm-strangers <number>",
      helpText({
        en: "how many rows of external users this is about, as counted",
        zh: "涉及的外部用户行数（以统计为准）",
      }),
    )
    .option("--reason <text>", helpText({ en: "why; goes into the journal", zh: "原因；写入日志" }))
    .action((options: RollbackCommandOptions) =>
      runCommand(options, (session) => rollback(session, options)),
    );
}

async function rollback(session: RepairSession, options: RollbackCommandOptions): Promise<number> {
  if (await hasFinishedOpenOne(session, options)) return EXIT.done;
  const view = await withRepairConnection(session.target, "rollback-plan", (client) =>
    readRollback(client, session.repair, { schema: session.schema, ...recordedIn(options) }),
  );
  show(session, view, options);
  if (view.keys.length === 0) return EXIT.satisfied;
  if (options.option === undefined || options.plan) return EXIT.done;
  const option = optionNamed(options.option);
  // A closed option is the more important answer than a missing fact.
  requireOpen(view, option);
  await requireFacts(session, view, options);
  const { database, environment } = rollbackFacts(view);
  const runId = randomUUID();
  const hasChanged = (keysPresent: boolean) => keysPresent;
  const result = await withLiveRun(
    session,
    { runId, database, environment, hasChanged },
    ({ emit, signal, control, listen }) =>
      runRollback({
        target: session.target,
        repair: session.repair,
        view,
        option,
        emit,
        budgetMs: DEFAULT_BUDGET_MS,
        operator: session.operator,
        reason: options.reason,
        signal,
        control,
        listen,
        runId,
      }),
  );
  session.emit("step", { en: "Rollback", zh: "回滚" }, { status: "done", ...result });
  return EXIT.done;
}

/**
 * An interrupted rollback is settled before another begins: its keys may be back and still NOT
 * VALID.
 */
async function hasFinishedOpenOne(
  { target, emit }: RepairSession,
  { plan, option }: RollbackCommandOptions,
): Promise<boolean> {
  const open = await withRepairConnection(target, "rollback-plan", async (client) =>
    findOpenRollback(await readRecordedEvents(client)),
  );
  if (!open) return false;
  if (option !== undefined && !plan)
    return (await settleRollback(target, open, emit)) !== "aborted";
  emit("warning", {
    en: `The rollback ${open.runId.slice(0, 8)} (${open.option}) was cut off; \`newday repair resume\` settles it.`,
    zh: `回滚 ${open.runId.slice(0, 8)}（${open.option}）曾被中断；请运行 newday repair resume。`,
  });
  return false;
}

function recordedIn({ planFile }: RollbackCommandOptions): RecordedRun {
  if (planFile === undefined) return {};
  const { plan } = readPlanFile(planFile);
  return { keys: plan.keys, environment: plan.environment, runId: plan.id };
}

function optionNamed(name: string): OptionName {
  const known = OPTION_NAMES.find((option) => option === name);
  if (known) return known;
  throw refusal(
    "rollback_option_unknown",
    { name, known: OPTION_NAMES.join(", ") },
    { details: { option: "--option", known: OPTION_NAMES } },
  );
}

async function requireFacts(
  session: RepairSession,
  view: RollbackView,
  options: RollbackCommandOptions,
) {
  const stated = await askFacts(session, {
    database: databaseFact(options.confirmDatabase),
    environment: environmentFact(options.confirmEnvironment),
    strangers: {
      given: options.confirmStrangers,
      question: {
        en: "Type how many rows of external users this is about (the number above)",
        zh: "请输入涉及的外部用户行数（见上）",
      },
    },
  });
  requireRollbackFacts(view, stated);
}

function show(session: RepairSession, view: RollbackView, options: RollbackCommandOptions): void {
  if (view.keys.length === 0) {
    session.emit(
      "note",
      { en: "every key is there: nothing is to be put back", zh: "所有外键均已存在：无需恢复" },
      { keys: [] },
    );
    return;
  }
  const { orphans } = view.state;
  const orphanRows = orphans ?? "unknown";
  session.emit(
    "note",
    {
      en: `${counted(view.keys.length, "key")} could be put back (dropped ${view.droppedAt ?? "at an unknown time"}); rows of external users: ${orphanRows}`,
      zh: `可恢复 ${view.keys.length} 个外键（删除于 ${view.droppedAt ?? "未知时间"}）；外部用户行数：${orphans ?? "未知"}`,
    },
    { keys: view.keys.map(({ name }) => name), orphans },
  );
  for (const option of view.options) {
    const { en, zh } = option.open ? { en: "open", zh: "可用" } : { en: "closed", zh: "关闭" };
    session.emit(
      "note",
      {
        en: `${option.letter} ${option.name}: ${en} — ${option.reason.en}. ${option.effect.en}. Hazard: ${option.hazard.en}`,
        zh: `${option.letter} ${option.name}：${zh} — ${option.reason.zh}。${option.effect.zh}。风险：${option.hazard.zh}`,
      },
      { option: option.name, open: option.open },
    );
  }
  reportHowToGo(session, view, options);
  if (!session.json)
    process.stdout.write(
      `${pc.dim(inLanguage(session, { en: "External users' rows are never deleted.", zh: "绝不删除外部用户的行。" }))}\n`,
    );
}

/** The facts to state, as they are now, ready to copy. */
function reportHowToGo(
  { emit, repair, schema }: RepairSession,
  view: RollbackView,
  { planFile }: RollbackCommandOptions,
): void {
  const { strangers: orphanRows } = rollbackFacts(view);
  const plan = planFile === undefined ? "" : ` --plan-file ${shellWord(planFile)}`;
  const where = `${schema === undefined ? "" : ` --schema ${shellWord(schema)}`}${plan}`;
  const line = `${invocation()} repair rollback --repair ${repair.id}${where} --option NAME`;
  emit(
    "note",
    {
      en: `To go one of them: ${line}. It asks for the database, the environment and the rows of external users (now ${orphanRows}); a script gives them by --confirm-database, --confirm-environment and --confirm-strangers.`,
      zh: `执行其中之一：${line}。执行时会要求输入数据库名、环境和外部用户行数（目前 ${orphanRows}）；脚本中请用 --confirm-database、--confirm-environment、--confirm-strangers 给出。`,
    },
    { rollback: line },
  );
}
