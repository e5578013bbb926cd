import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { withRepairConnection } from "../../repair/connection/connection.ts";
import { findRun, type RunQuery } from "../../repair/journal/run-story.ts";
import { renderReport } from "../../repair/aftercare/report.ts";
import { readRunEvidence } from "../../repair/aftercare/run-evidence.ts";
import { requireWritableFile, writeOutput } from "../../repair/model/output-file.ts";
import type { Message } from "../../lib/messages.ts";
import { LOCAL_JOURNAL_OPTION } from "./list-option.ts";
import { asTyped } from "../usage/invocation.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

interface ReportOptions extends SharedOptions {
  readonly run?: string;
  readonly out?: string;
  readonly backupDir?: string;
}

export function registerReport(parent: Command): void {
  const command = parent.command("report").description(
    helpText({
      en: "the runbook of a run as Markdown, from its journal; every box is probed anew",
      zh: "根据日志生成该次运行的 Markdown 手册；每一项都重新核验",
    }),
  );
  withSharedOptions(command)
    .option(
      "--run <id>",
      helpText({
        en: "which run, or the beginning of its id; default: the newest",
        zh: "哪一次运行，或其 id 的开头；默认最近一次",
      }),
    )
    .option(
      "--out <file>",
      helpText({ en: "write it to a file instead of printing it", zh: "写入文件而不是打印" }),
    )
    .option(...LOCAL_JOURNAL_OPTION)
    .action((options: ReportOptions) =>
      runCommand(options, (session) => report(session, options), {
        truth: options.out !== undefined || options.json === true,
      }),
    );
}

/** Without --repair or --repair-file the newest run counts, of any repair. */
function runQuery(
  session: RepairSession,
  { run, repair, repairFile, backupDir }: ReportOptions,
): RunQuery {
  if (run !== undefined) return { id: run, backupDir };
  const isNamed = (repair ?? repairFile) !== undefined;
  return { repairId: isNamed ? session.repair.id : undefined, schema: session.schema, backupDir };
}

async function report(session: RepairSession, options: ReportOptions): Promise<number> {
  if (options.out !== undefined) requireWritableFile(options.out);
  const { target, language } = session;
  const story = await withRepairConnection(target, "report", (client) =>
    findRun(client, runQuery(session, options)),
  );
  if (!story) throw refusal("run_unknown", {}, { details: { run: options.run } });
  const evidence = await readRunEvidence(target, story, { schema: session.schema });
  const text = await renderReport({ ...evidence, at: new Date(), language });
  if (options.out !== undefined) {
    writeOutput(options.out, text);
    session.emit(
      "artefact",
      { en: `runbook written to ${options.out}`, zh: `运行手册已写入 ${options.out}` },
      { path: options.out },
    );
  } else if (session.json) session.emit("artefact", RUNBOOK, { run: story.runId, markdown: text });
  else process.stdout.write(asTyped(text));
  return EXIT.done;
}

const RUNBOOK: Message = { en: "the runbook of the run", zh: "该次运行的手册" };
