import { join } from "node:path";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { readManifest } from "../../repair/backup/manifest.ts";
import { takeBackup } from "../../repair/backup/take-backup.ts";
import { sayTaken } from "../../repair/backup/verified-backup.ts";
import { openRepairConnection } from "../../repair/connection/connection.ts";
import { openJournal } from "../../repair/journal/journal.ts";
import { readPlanFile } from "../../repair/plan/plan-file.ts";
import type { Plan } from "../../repair/model/plan.ts";
import { rehearse } from "../../repair/rehearse/rehearse.ts";
import { writeRehearsal, type RehearsalResult } from "../../repair/rehearse/rehearsal-result.ts";
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
  const command = parent
    .command("rehearse")
    .description(
      "do the whole repair and every rollback option on a restored copy; measure locks and times",
    );
  withSharedOptions(command)
    .option("--plan <file>", "the plan to rehearse")
    .option("--backup-dir <folder>", "where the dump and the result go (made 0700)")
    .option("--backup <dump>", "use this dump of `newday repair backup` instead of taking one")
    .option("--pg-bin <folder>", "folder with PostgreSQL's programs of the server's version")
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
  const { target, emit, tool } = session;
  const backup =
    options.backup === undefined
      ? await takeBackup({ target, plan, folder: backupDir, binDir: pgBin, full: false })
      : readManifest(options.backup);
  sayTaken(emit, backup);
  const result = await rehearse({ backup, binDir: pgBin, tool, emit });
  const path = join(backupDir, `rehearsal-${plan.id.slice(0, 8)}.json`);
  writeRehearsal(path, result);
  await journalRehearsal(session, plan, result);
  const line = `newday repair plan --rehearsal ${path}`;
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
