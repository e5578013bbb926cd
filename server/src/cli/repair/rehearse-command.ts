import { helpText } from "../usage/help-text.ts";
import { join } from "node:path";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { readManifest } from "../../repair/backup/manifest.ts";
import { findKeyNames } from "../../repair/catalogue/catalogue-queries.ts";
import type { Message } from "../../lib/messages.ts";
import { takeBackup } from "../../repair/backup/take-backup.ts";
import { reportTaken } from "../../repair/backup/verified-backup.ts";
import {
  openRepairConnection,
  readOnly,
  withRepairConnection,
} from "../../repair/connection/connection.ts";
import { openJournal } from "../../repair/journal/journal.ts";
import { readPlanFile } from "../../repair/plan/plan-file.ts";
import { makePrivateFolder } from "../../repair/model/output-file.ts";
import type { Plan } from "../../repair/model/plan.ts";
import { rehearse } from "../../repair/rehearse/rehearse.ts";
import { writeRehearsal, type RehearsalResult } from "../../repair/rehearse/rehearsal-result.ts";
import { shellWord } from "../../repair/model/text.ts";
import { invocation } from "../usage/invocation.ts";
import { requireRecordable } from "./require-recordable.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

interface RehearseOptions extends SharedOptions {
  readonly plan?: string;
  readonly backupDir?: string;
  readonly backup?: string;
  readonly pgBin?: string;
}

const EXIT_REHEARSAL_FAILED = 6;

export function registerRehearse(parent: Command): void {
  const command = parent.command("rehearse").description(
    helpText({
      en: "do the whole repair and every rollback option on a restored copy; measure locks and times",
      zh: "在恢复出的副本上演练整个修复和所有回滚方式，测量锁与耗时",
    }),
  );
  withSharedOptions(command)
    .option("--plan <file>", helpText({ en: "the plan to rehearse", zh: "要演练的计划" }))
    .option(
      "--backup-dir <folder>",
      helpText({
        en: "where the dump and the result go (made 0700)",
        zh: "备份与结果的存放目录（权限 0700）",
      }),
    )
    .option(
      "--backup <dump>",
      helpText({
        en: "use this dump of `newday repair backup` instead of taking one",
        zh: "使用 newday repair backup 的这份备份，不再另做",
      }),
    )
    .option(
      "--pg-bin <folder>",
      helpText({
        en: "folder with PostgreSQL's programs of the server's version",
        zh: "与服务器版本一致的 PostgreSQL 程序目录",
      }),
    )
    .action((options: RehearseOptions) =>
      runCommand(options, (session) => rehearseCommand(session, options)),
    );
}

async function rehearseCommand(session: RepairSession, options: RehearseOptions): Promise<number> {
  const { plan: planFile, backupDir, pgBin } = options;
  if (planFile === undefined || backupDir === undefined)
    throw refusal(
      "rehearse_options_missing",
      {},
      { details: { options: ["--plan", "--backup-dir"] } },
    );
  const { plan } = readPlanFile(planFile);
  await requireRecordable(session, plan);
  // A dump from before the drop can be rehearsed at any time.
  if (options.backup === undefined && !(await hasKeys(session))) {
    session.emit("note", NOTHING_TO_REHEARSE, { keys: [] });
    return EXIT.satisfied;
  }
  makePrivateFolder(backupDir);
  const { target, emit, tool } = session;
  const backup =
    options.backup === undefined
      ? await takeBackup({ target, plan, folder: backupDir, binDir: pgBin, full: false, emit })
      : readManifest(options.backup);
  reportTaken(emit, backup);
  const result = await rehearse({ backup, binDir: pgBin, tool, emit });
  const path = join(backupDir, `rehearsal-${plan.id.slice(0, 8)}.json`);
  writeRehearsal(path, result);
  await journalRehearsal(session, plan, result);
  const line = `${invocation()} repair plan --environment ${shellWord(plan.environment)} --rehearsal ${shellWord(path)}`;
  emit(
    "artefact",
    {
      en: `rehearsal written to ${path}; for a plan with these estimates: ${line}`,
      zh: `演练结果已写入 ${path}；据此生成计划：${line}`,
    },
    { path },
  );
  return hasSucceeded(result) ? EXIT.done : EXIT_REHEARSAL_FAILED;
}

async function hasKeys({ target, repair, schema }: RepairSession): Promise<boolean> {
  const present = await withRepairConnection(target, "rehearse", (client) =>
    readOnly(client, () => findKeyNames(client, repair.keys, schema)),
  );
  return present.length > 0;
}

const NOTHING_TO_REHEARSE: Message = {
  en: "No key of this kind is here: there is nothing to rehearse, and no dump was made.",
  zh: "此类外键已不存在：无需演练，未做备份。",
};

function hasSucceeded({ failed, rollbacks }: RehearsalResult): boolean {
  return failed === undefined && rollbacks.every(({ rowsKept }) => rowsKept);
}

async function journalRehearsal(
  session: RepairSession,
  plan: Plan,
  result: RehearsalResult,
): Promise<void> {
  const client = await openRepairConnection(session.target, "rehearse");
  try {
    const journal = await openJournal({ runId: plan.id, client, local: undefined });
    const status = hasSucceeded(result) ? "done" : "failed";
    await journal.append("step", { step: "rehearse", status, ...result });
  } finally {
    await client.close();
  }
}
