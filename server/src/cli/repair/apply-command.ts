import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { applyPlan } from "../../repair/apply/apply.ts";
import type { BackupChoice } from "../../repair/apply/backup-step.ts";
import { requireConfirmation } from "../../repair/apply/guards.ts";
import { DEFAULT_BUDGET_MS } from "../../repair/drop/critical-section.ts";
import { openLocalJournal } from "../../repair/journal/local-journal.ts";
import { localJournalPath } from "../../repair/journal/recorded-events.ts";
import { readPlanFile } from "../../repair/plan/plan-file.ts";
import { makePrivateFolder } from "../../repair/model/output-file.ts";
import { shortHash, type Plan } from "../../repair/model/plan.ts";
import { askFacts, databaseFact, environmentFact } from "./ask-facts.ts";
import { REPLICA_OPTION } from "./list-option.ts";
import { withLiveRun } from "./live-run.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

export interface ApplyOptions extends SharedOptions {
  readonly plan?: string;
  readonly backupDir?: string;
  readonly backupAttested?: string;
  readonly pgBin?: string;
  readonly full?: boolean;
  readonly budget: string;
  readonly replicaUrl: readonly string[];
  readonly confirmDatabase?: string;
  readonly confirmEnvironment?: string;
  readonly confirmPlan?: string;
}

export function registerApply(parent: Command): void {
  const command = parent.command("apply").description(
    helpText({
      en: "do what a plan says: back up, change without a wait for clients, prove; `rollback` is open until `newday adopt`, the point of no return",
      zh: "执行计划：备份、不让用户等待地更改、验证；在 newday adopt（不可逆点）之前可用 rollback 回滚",
    }),
  );
  withApplyOptions(command).action((options: ApplyOptions) => {
    const planned = () => planOf(options).plan;
    return runCommand(options, (session) => apply(session, options), { truth: true, planned });
  });
}

/** The options of `apply` and `resume`. */
export function withApplyOptions(command: Command): Command {
  return withSharedOptions(command)
    .option(
      "--plan <file>",
      helpText({
        en: "the plan that `newday repair plan` wrote",
        zh: "newday repair plan 写出的计划",
      }),
    )
    .option(
      "--backup-dir <folder>",
      helpText({
        en: "where the backup and the local journal go (made 0700)",
        zh: "备份与本地日志的存放目录（权限 0700）",
      }),
    )
    .option(
      "--backup-attested <text>",
      helpText({
        en: "instead of a dump: which snapshot of your provider covers this",
        zh: "代替备份：由云服务商的哪个快照保障",
      }),
    )
    .option(
      "--pg-bin <folder>",
      helpText({
        en: "folder with pg_dump of the server's version",
        zh: "与服务器版本一致的 pg_dump 所在目录",
      }),
    )
    .option(
      "--full",
      helpText({
        en: "dump the data of every table, not only of those that the repair touches",
        zh: "备份所有表的数据，而不仅是修复涉及的表",
      }),
    )
    .option(
      "--budget <seconds>",
      helpText({ en: "how long to try for the locks", zh: "尝试获取锁的时长" }),
      String(DEFAULT_BUDGET_MS / 1000),
    )
    .option(...REPLICA_OPTION)
    .option(
      "--confirm-database <name>",
      helpText({ en: "the database that the plan is for", zh: "计划所针对的数据库" }),
    )
    .option(
      "--confirm-environment <name>",
      helpText({ en: "the environment that the plan is for", zh: "计划所针对的环境" }),
    )
    .option("--confirm-plan <hash>", helpText({ en: "the plan's short hash", zh: "计划的短哈希" }));
}

/** Also used by `resume`: an apply with the same plan continues after the last finished step. */
export async function apply(
  session: RepairSession,
  options: ApplyOptions,
  resumes = false,
): Promise<number> {
  const { plan, hash } = planOf(options);
  const backup = backupChoice(options, session);
  const length = shortHash(hash).length;
  const facts = await askFacts(session, {
    database: databaseFact(options.confirmDatabase),
    environment: environmentFact(options.confirmEnvironment),
    plan: {
      given: options.confirmPlan,
      question: {
        en: `Type the plan's short hash (${length} characters, from the plan)`,
        zh: `请输入计划短哈希（${length} 位，见计划）`,
      },
    },
  });
  requireConfirmation(plan, hash, facts);
  const budgetMs = budgetOf(options);
  const local = openLocal(options);
  try {
    const facts = {
      runId: plan.id,
      database: plan.target.database,
      environment: plan.environment,
      hasChanged: (keysPresent: boolean) => !keysPresent,
    };
    const { outcome } = await withLiveRun(session, facts, (live) =>
      applyPlan({
        target: session.target,
        plan,
        hash,
        backup,
        budgetMs,
        operator: session.operator,
        local,
        now: new Date(),
        replicas: options.replicaUrl,
        resumes,
        ...live,
      }),
    );
    return outcome === "satisfied" ? EXIT.satisfied : EXIT.done;
  } finally {
    local?.close();
  }
}

/** Throws `repair_usage` that says how to make a plan when it is missing. */
export function planOf({ plan }: ApplyOptions): { plan: Plan; hash: string } {
  if (plan !== undefined) return readPlanFile(plan);
  throw refusal("plan_option_missing", {}, { details: { option: "--plan" } });
}

function backupChoice(options: ApplyOptions, session: RepairSession): BackupChoice {
  if (options.backupDir !== undefined && options.backupAttested === undefined)
    return {
      kind: "dump",
      folder: options.backupDir,
      binDir: options.pgBin,
      full: options.full ?? false,
    };
  if (options.backupAttested !== undefined)
    return { kind: "attested", evidence: options.backupAttested, actor: session.operator };
  throw refusal("backup_dir_missing", {}, { details: { option: "--backup-dir" } });
}

function openLocal({ backupDir }: ApplyOptions) {
  if (backupDir === undefined) return undefined;
  makePrivateFolder(backupDir);
  return openLocalJournal(localJournalPath(backupDir));
}

function budgetOf({ budget }: ApplyOptions): number {
  const seconds = Number(budget);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  throw refusal("budget_invalid", {}, { details: { option: "--budget" } });
}
