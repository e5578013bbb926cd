import type { Command } from "commander";
import { withBrowserRules } from "../../../../integration/checks/browser-rules.ts";
import { summaryLine } from "../../../../integration/checks/report-text.ts";
import { runChecks } from "../../../../integration/checks/run-checks.ts";
import { fetchTransport } from "../../../../integration/checks/transport.ts";
import { NewDayError } from "../../errors/errors.ts";
import { inspect } from "../../repair/catalogue/inspection.ts";
import { readOnly } from "../../repair/connection/connection.ts";
import { DEFAULT_PREFIX, smoke, type SmokeResult } from "../../repair/aftercare/smoke.ts";
import type { Text } from "../../repair/model/text.ts";
import { withRun } from "./run-journal.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type Session,
  type SharedOptions,
} from "./session.ts";

interface SmokeOptions extends SharedOptions {
  readonly apiUrl?: string;
  readonly plan?: string;
  readonly prefix: string;
  readonly integrationPage?: boolean;
}

export function registerSmoke(parent: Command): void {
  const command = parent
    .command("smoke")
    .description(
      "call the wallet API and watch the calls arrive in this very database: red before the cut, green after",
    );
  withSharedOptions(command)
    .option("--api-url <url>", "where the API is, for example https://newday.example")
    .option("--plan <file>", "the plan of the run; default: the newest run of this database")
    .option("--prefix <text>", "how synthetic user ids begin", DEFAULT_PREFIX)
    .option("--integration-page", "then run the integration page's checks; they log in and buy")
    .action((options: SmokeOptions) =>
      runCommand(options, (session) => smokeCommand(session, options)),
    );
}

async function smokeCommand(session: Session, options: SmokeOptions): Promise<number> {
  const baseUrl = apiUrlOf(options);
  const result = await withRun(session, { plan: options.plan, purpose: "smoke" }, async (run) => {
    const { client, journal, story } = run;
    const inspection = await readOnly(client, () =>
      inspect(client, session.repair, session.schema),
    );
    const result = await smoke({
      client, inspection, baseUrl, journal,
      prefix: options.prefix, past: story?.events ?? [], emit: session.emit,
    }); // prettier-ignore
    const checks = result.checks.map(({ id, ok, text }) => ({ id, ok, text: text[0] }));
    // A red test is evidence for later; the step itself is green.
    const { phase, passed, left } = result;
    if (phase === "red") await journal.append("artefact", { kind: "smoke-red", passed, checks });
    else
      await journal.append("step", {
        step: "smoke",
        status: passed ? "done" : "failed",
        checks,
        left,
      });
    return result;
  });
  const code = conclude(session, result);
  if (options.integrationPage && result.phase === "green")
    await checkPage(session, baseUrl, options.plan);
  return code;
}

/** The integration page's checks, run from here; their result is evidence of the run. */
async function checkPage(session: Session, baseUrl: string, plan: string | undefined) {
  const own = fetchTransport(fetch);
  const base = baseUrl.replace(/\/+$/, "");
  const report = await runChecks({ base, own, fromDisk: withBrowserRules(own, "null") });
  const passed = report.verdict === "green";
  const words: Text = [summaryLine(report, "en"), summaryLine(report, "zh")];
  for (const { id, verdict, finding } of report.checks)
    if (verdict === "red")
      session.emit("check", [`${id}: ${finding.en}`, `${id}：${finding.zh}`], { ok: false });
  session.emit("check", words, { check: "integration page", ok: passed });
  await withRun(session, { plan, purpose: "smoke" }, ({ journal }) =>
    journal.append("artefact", { kind: "integration-page", passed, words }),
  );
  if (passed) return;
  throw new NewDayError(
    "repair_incomplete",
    { step: "integration-page" },
    {
      message: "The keys are gone and the wallet API works, but the integration page is not green.",
    },
  );
}

function conclude(session: Session, { phase, passed, elsewhere }: SmokeResult): number {
  if (elsewhere)
    throw new NewDayError(
      "repair_refused",
      { finding: "B83" },
      {
        message:
          "B83: this API writes to another database than this one. Stop: wrong URL or wrong database.",
      },
    );
  if (!passed && phase === "green")
    throw new NewDayError("repair_incomplete", { step: "smoke" }, {
      message: "The keys are gone, but the API does not do what it should; see the lines with `not ok`.",
    }); // prettier-ignore
  if (!passed)
    throw new NewDayError("repair_refused", { finding: "B83" }, {
      message: "B83: the API and this database do not behave as one before the repair; see the lines with `not ok`.",
    }); // prettier-ignore
  session.emit("note", phase === "red"
    ? ["red, as it must be before the cut", "修复前为红，符合预期"]
    : ["green, and bound to this database", "绿，且已确认连接本库"], { phase }); // prettier-ignore
  return EXIT.done;
}

function apiUrlOf({ apiUrl }: SmokeOptions): string {
  if (apiUrl !== undefined && /^https?:\/\//.test(apiUrl)) return apiUrl;
  throw new NewDayError(
    "repair_usage",
    { option: "--api-url" },
    { message: "smoke needs --api-url http://... or https://..., where the wallet API answers." },
  );
}
