import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { readManifest } from "../../repair/backup/manifest.ts";
import { DEFAULT_KEEP_DAYS } from "../../repair/backup/take-backup.ts";
import { takeVerifiedBackup } from "../../repair/backup/verified-backup.ts";
import { verifyBackup } from "../../repair/backup/verify-backup.ts";
import { openRepairConnection } from "../../repair/connection/connection.ts";
import { openJournal } from "../../repair/journal/journal.ts";
import { readPlanFile } from "../../repair/plan/plan-file.ts";
import { requireRecordable } from "./require-recordable.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

interface BackupOptions extends SharedOptions {
  readonly plan?: string;
  readonly backupDir?: string;
  readonly check?: string;
  readonly pgBin?: string;
  readonly full?: boolean;
  readonly keepDays: string;
}

export function registerBackup(parent: Command): void {
  const command = parent.command("backup").description(
    helpText({
      en: "dump, restore on a server of its own, compare; or check an older dump",
      zh: "备份、在独立服务器上恢复并比对；或检查已有备份",
    }),
  );
  withSharedOptions(command)
    .option(
      "--plan <file>",
      helpText({
        en: "the plan that the backup is for; apply then finds it",
        zh: "备份所属的计划；apply 会据此找到它",
      }),
    )
    .option(
      "--backup-dir <folder>",
      helpText({ en: "where the dump goes (made 0700)", zh: "备份的存放目录（权限 0700）" }),
    )
    .option(
      "--check <dump>",
      helpText({
        en: "instead: read, restore and compare a dump that is there already",
        zh: "改为读取、恢复并比对已有的备份",
      }),
    )
    .option(
      "--pg-bin <folder>",
      helpText({
        en: "folder with PostgreSQL's programs of the server's version",
        zh: "与服务器版本一致的 PostgreSQL 程序目录",
      }),
    )
    .option("--full", helpText({ en: "dump the data of every table", zh: "备份所有表的数据" }))
    .option(
      "--keep-days <days>",
      helpText({ en: "when the dump has to be deleted", zh: "备份须在多少天后删除" }),
      String(DEFAULT_KEEP_DAYS),
    )
    .action((options: BackupOptions) =>
      options.check === undefined
        ? runCommand(options, (session) => backUp(session, options))
        : runCommand(options, (session) => check(session, options), {
            truth: false,
            database: false,
          }),
    );
}

async function check(session: RepairSession, options: BackupOptions): Promise<number> {
  const backup = readManifest(options.check ?? "");
  await verifyBackup({ backup, binDir: options.pgBin, emit: session.emit });
  return EXIT.done;
}

async function backUp(session: RepairSession, options: BackupOptions): Promise<number> {
  const { plan: planFile, backupDir } = options;
  if (planFile === undefined || backupDir === undefined)
    throw refusal(
      "backup_options_missing",
      {},
      { details: { options: ["--plan", "--backup-dir"] } },
    );
  const { plan } = readPlanFile(planFile);
  const days = keepDays(options);
  await requireRecordable(session, plan);
  const { target, emit } = session;
  const { backup, proof } = await takeVerifiedBackup({
    target,
    plan,
    folder: backupDir,
    binDir: options.pgBin,
    full: options.full ?? false,
    keepDays: days,
    emit,
  });
  const client = await openRepairConnection(target, "backup");
  try {
    const journal = await openJournal({ runId: plan.id, client, local: undefined });
    await journal.append("artefact", { kind: "dump", ...backup, restored: proof ?? false });
    await journal.append("step", {
      step: "backup",
      status: "done",
      path: backup.path,
      sha256: backup.sha256,
      restored: proof !== undefined,
    });
  } finally {
    await client.close();
  }
  return EXIT.done;
}

function keepDays(options: BackupOptions): number {
  const days = Number(options.keepDays);
  if (Number.isInteger(days) && days > 0) return days;
  throw refusal("keep_days_invalid", {}, { details: { option: "--keep-days" } });
}
