import type { Command } from "commander";
import pc from "picocolors";
import { NewDayError } from "../../errors.ts";
import { withRepairConnection } from "../../repair/connection.ts";
import { DEFAULT_BUDGET_MS } from "../../repair/cut/critical-section.ts";
import { readPlanFile } from "../../repair/plan/plan-file.ts";
import { readRollback, runRollback, type RollbackView } from "../../repair/rollback/rollback.ts";
import type { OptionName } from "../../repair/rollback/options.ts";
import {
  EXIT,
  inLanguage,
  runCommand,
  withSharedOptions,
  type Session,
  type SharedOptions,
} from "./session.ts";
import { abortOnSignal } from "./signals.ts";

interface RollbackCommandOptions extends SharedOptions {
  readonly plan?: boolean;
  readonly option?: string;
  readonly planFile?: string;
  readonly confirmDatabase?: string;
  readonly reason?: string;
}

export function registerRollback(parent: Command): void {
  const command = parent
    .command("rollback")
    .description(
      "count who stands in the way of going back, list the ways that are open now, or go one of them",
    );
  withSharedOptions(command)
    .option("--plan", "only look: count and list (also what happens without --option)")
    .option("--option <name>", "exact, freeze, no-action, quarantine, stubs or fix-forward")
    .option("--plan-file <file>", "the plan of the repair, when the database keeps no journal")
    .option("--confirm-database <name>", "the database that is to be rolled back")
    .option("--reason <text>", "why; goes into the journal")
    .action((options: RollbackCommandOptions) =>
      runCommand(options, (session) => rollback(session, options)),
    );
}

async function rollback(session: Session, options: RollbackCommandOptions): Promise<number> {
  const remembered = options.planFile ? { keys: readPlanFile(options.planFile).plan.keys } : {};
  const view = await withRepairConnection(session.target, "rollback-plan", (client) =>
    readRollback(client, session.repair, { schema: session.schema, ...remembered }),
  );
  show(session, view);
  if (view.keys.length === 0) return EXIT.satisfied;
  if (options.option === undefined || options.plan) return EXIT.done;
  await requireDatabase(session, options.confirmDatabase);
  const result = await runRollback({
    target: session.target,
    repair: session.repair,
    view,
    option: options.option as OptionName,
    emit: session.emit,
    budgetMs: DEFAULT_BUDGET_MS,
    operator: session.operator,
    reason: options.reason,
    signal: abortOnSignal(session.emit),
  });
  session.emit("step", ["Rollback", "回滚"], { status: "done", ...result });
  for (const sql of result.undo)
    session.emit("note", [`to bring them back later: ${sql}`, `以后恢复这些行：${sql}`], { sql });
  return EXIT.done;
}

function show(session: Session, view: RollbackView): void {
  const { orphans } = view.state;
  session.emit(
    "note",
    [
      `${view.keys.length} keys could be put back (dropped ${view.droppedAt ?? "at an unknown time"}); rows of strangers: ${orphans ?? "unknown"}`,
      `可恢复 ${view.keys.length} 个外键（删除于 ${view.droppedAt ?? "未知时间"}）；外部用户行数：${orphans ?? "未知"}`,
    ],
    { keys: view.keys.map(({ name }) => name), orphans },
  );
  for (const option of view.options) {
    const [en, zh] = option.open ? ["open", "可用"] : ["closed", "关闭"];
    session.emit(
      "note",
      [
        `${option.letter} ${option.name}: ${en} — ${option.reason[0]}. ${option.effect[0]}. Hazard: ${option.hazard[0]}`,
        `${option.letter} ${option.name}：${zh} — ${option.reason[1]}。${option.effect[1]}。风险：${option.hazard[1]}`,
      ],
      { option: option.name, open: option.open },
    );
  }
  if (!session.json)
    process.stdout.write(
      `${pc.dim(inLanguage(session, ["Strangers' rows are never deleted.", "绝不删除外部用户的行。"]))}\n`,
    );
}

async function requireDatabase(session: Session, stated: string | undefined): Promise<void> {
  const database = await withRepairConnection(session.target, "name", async (client) => {
    const [row] = await client.query<{ name: string }>("select current_database()::text as name");
    return row?.name;
  });
  if (stated === database) return;
  throw new NewDayError(
    "repair_refused",
    { database },
    {
      message: `State which database is rolled back: --confirm-database ${database ?? "NAME"}`,
    },
  );
}
