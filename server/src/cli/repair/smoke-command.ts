import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { withBrowserRules } from "../../../../integration/checks/browser-rules.ts";
import { summaryLine } from "../../../../integration/checks/report-text.ts";
import { runChecks } from "../../../../integration/checks/run-checks.ts";
import { fetchTransport } from "../../../../integration/checks/transport.ts";
import { refusal } from "../../errors/refusals.ts";
import type { SmokeTarget } from "../../repair/model/definition.ts";
import { inspect } from "../../repair/catalogue/inspection.ts";
import { readOnly } from "../../repair/connection/connection.ts";
import { DEFAULT_PREFIX, smoke, type SmokeResult } from "../../repair/aftercare/smoke.ts";
import { readFinalStatus } from "../../repair/verify/final-status.ts";
import { type Message, toMembers } from "../../lib/messages.ts";
import { withRun } from "./run-journal.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

interface SmokeOptions extends SharedOptions {
  readonly apiUrl?: string;
  readonly plan?: string;
  readonly prefix: string;
  readonly integrationPage?: boolean;
}

export function registerSmoke(parent: Command): void {
  const command = parent.command("smoke").description(
    helpText({
      en: "call the wallet API and watch the calls arrive in this very database: red before the drop, green after",
      zh: "调用钱包 API 并确认请求到达本数据库：修复前为红，修复后为绿",
    }),
  );
  withSharedOptions(command)
    .option(
      "--api-url <url>",
      helpText({
        en: "where the API is, for example https://newday.example",
        zh: "API 地址，例如 https://newday.example",
      }),
    )
    .option(
      "--plan <file>",
      helpText({
        en: "the plan of the run; default: the newest run of this database",
        zh: "该次运行的计划；默认为本数据库最近一次运行",
      }),
    )
    .option(
      "--prefix <text>",
      helpText({ en: "how synthetic user ids begin", zh: "测试用户 ID 的前缀" }),
      DEFAULT_PREFIX,
    )
    .option(
      "--integration-page",
      helpText({
        en: "then run the integration page's checks; they log in and buy",
        zh: "随后运行集成页面的检查；会登录并购买",
      }),
    )
    .action((options: SmokeOptions) =>
      runCommand(options, (session) => smokeCommand(session, options)),
    );
}

async function smokeCommand(session: RepairSession, options: SmokeOptions): Promise<number> {
  const baseUrl = apiUrlOf(options);
  const target = smokeTargetOf(session);
  const result = await withRun(session, { plan: options.plan, purpose: "smoke" }, async (run) => {
    const { client, journal, story } = run;
    const inspection = await readOnly(client, () =>
      inspect(client, session.repair, session.schema),
    );
    const result = await smoke({
      client,
      inspection,
      target,
      baseUrl,
      journal,
      prefix: options.prefix,
      past: story?.events ?? [],
      emit: session.emit,
    });
    const checks = result.checks.map(({ id, ok, text }) => ({
      id,
      ok,
      ...toMembers("text", text),
    }));
    // A red test is evidence for later; the step itself is green.
    const { phase, passed, left } = result;
    if (phase === "red") await journal.append("artefact", { kind: "smoke-red", passed, checks });
    else
      await journal.append("step", {
        step: "smoke",
        status: passed ? "done" : "failed",
        checks,
        left: left.map(({ en }) => en),
      });
    return result;
  });
  const code = conclude(session, result);
  if (options.integrationPage && result.phase === "green")
    await announced(session, () => checkPage(session, baseUrl, options.plan));
  return code;
}

/** The page logs in users of its own and buys: before the adoption their rows stay in the tables. */
async function announced(session: RepairSession, work: () => Promise<void>): Promise<void> {
  const { target, repair, schema, emit } = session;
  const { adopted, strangers: orphanRowsBefore } = await readFinalStatus(target, repair, schema);
  if (adopted) return work();
  emit("warning", {
    en: "the integration page's checks log in users and buy: their rows stay in the tables, and the exact rollback closes",
    zh: "集成页面检查会登录用户并购买：其数据会留在表中，精确回滚随之关闭",
  });
  try {
    await work();
  } finally {
    const { strangers: orphanRows } = await readFinalStatus(target, repair, schema);
    emit(
      "note",
      {
        en: `rows of external users: ${orphanRowsBefore ?? "unknown"} before the checks, ${orphanRows ?? "unknown"} now`,
        zh: `外部用户的行数：检查前 ${orphanRowsBefore ?? "未知"}，现在 ${orphanRows ?? "未知"}`,
      },
      { before: orphanRowsBefore, strangers: orphanRows },
    );
  }
}

/** The integration page's checks, run from here; their result is evidence of the run. */
async function checkPage(session: RepairSession, baseUrl: string, plan: string | undefined) {
  const own = fetchTransport(fetch);
  const base = baseUrl.replace(/\/+$/, "");
  const report = await runChecks({ base, own, fromDisk: withBrowserRules(own, "null") });
  const passed = report.verdict === "green";
  const words: Message = { en: summaryLine(report, "en"), zh: summaryLine(report, "zh") };
  for (const { id, finding, ...check } of report.checks)
    if (check.verdict === "red")
      session.emit(
        "check",
        { en: `${id}: ${finding.en}`, zh: `${id}：${finding.zh}` },
        { ok: false },
      );
  session.emit("check", words, { check: "integration page", ok: passed });
  await withRun(session, { plan, purpose: "smoke" }, ({ journal }) =>
    journal.append("artefact", { kind: "integration-page", passed, words }),
  );
  if (passed) return;
  throw refusal("integration_page_not_green", {}, { details: { step: "integration-page" } });
}

function conclude(session: RepairSession, { phase, passed, elsewhere }: SmokeResult): number {
  if (elsewhere) throw refusal("api_writes_elsewhere", {}, { details: { finding: "B83" } });
  if (!passed && phase === "green")
    throw refusal("api_not_green", {}, { details: { step: "smoke" } });
  if (!passed) throw refusal("api_not_bound", {}, { details: { finding: "B83" } });
  session.emit(
    "note",
    phase === "red"
      ? { en: "red, as it must be before the drop", zh: "修复前为红，符合预期" }
      : { en: "green, and bound to this database", zh: "绿，且已确认连接本库" },
    { phase },
  );
  return EXIT.done;
}

function smokeTargetOf({ repair }: RepairSession): SmokeTarget {
  if (repair.smoke) return repair.smoke;
  throw refusal("smoke_without_table", { repair: repair.id }, { details: { repair: repair.id } });
}

function apiUrlOf({ apiUrl }: SmokeOptions): string {
  if (apiUrl !== undefined && /^https?:\/\//.test(apiUrl)) return apiUrl;
  throw refusal("api_url_missing", {}, { details: { option: "--api-url" } });
}
