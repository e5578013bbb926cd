/**
 * `newday doctor`: the checks of the integration page in a terminal. It acts as a browser, CORS
 * included, and needs only the server's address; in production also the platform's secret, with which it
 * signs its logins.
 */
import { exitCodes, helpText } from "./usage/help-text.ts";
import type { Command } from "commander";
import pc from "picocolors";
import { parseBase } from "../../../integration/checks/base-url.ts";
import { withBrowserRules } from "../../../integration/checks/browser-rules.ts";
import type { CheckResult, Language, Report } from "../../../integration/checks/model.ts";
import { checkLines, GROUPS, summaryLine } from "../../../integration/checks/report-text.ts";
import { runChecks } from "../../../integration/checks/run-checks.ts";
import { reasonOf } from "../../../integration/checks/session.ts";
import { fetchTransport, type Transport } from "../../../integration/checks/transport.ts";
import { readPlatformSecrets, readPort } from "../config.ts";
import { isNewDayError } from "../errors/errors.ts";
import { explainError } from "../errors/explain-error.ts";
import { withSignedLogins } from "./sign-logins.ts";
import { asTyped } from "./usage/invocation.ts";
import { languageOfCommand } from "./usage/usage-error.ts";
import { type Message, fillMessage } from "../lib/messages.ts";

/** 0 all green, 1 some red or skipped, 2 wrong usage, 4 unreachable. */
const EXIT = { green: 0, red: 1, usage: 2, unreachable: 4 } as const;

interface DoctorOptions {
  readonly baseUrl?: string;
  readonly json?: true;
}

export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description(
      helpText({
        en: "run the integration checks against a server",
        zh: "对一台服务器运行集成测试",
      }),
    )
    .option(
      "--base-url <url>",
      helpText({
        en: "address of the server; by default http://localhost and the port of PORT or 5000",
        zh: "服务器地址；默认为 http://localhost 加 PORT 的端口，或 5000",
      }),
    )
    .option(
      "--json",
      helpText({ en: "print the whole report as JSON", zh: "以 JSON 输出完整报告" }),
    )
    .addHelpText(
      "after",
      exitCodes({
        en: "0 all green, 1 not all green, 2 usage, 4 unreachable.",
        zh: "0 全部通过，1 未全部通过，2 用法错误，4 无法连接。",
      }),
    )
    .action(async (options: DoctorOptions) => {
      process.exitCode = await doctor(options);
    });
}

async function doctor(options: DoctorOptions): Promise<number> {
  const language = languageOfCommand();
  const settings = readSettings(options, process.env);
  const base = settings && parseBase(settings.baseUrl);
  if (settings === undefined || base === undefined) {
    if (settings !== undefined)
      process.stderr.write(
        `newday doctor: ${fillMessage(NO_BASE, { given: String(options.baseUrl) })[language]}\n`,
      );
    return EXIT.usage;
  }
  const own = withSignedLogins(fetchTransport(fetch), settings.secrets);
  const unreachable = await reasonOfSilence(own, base);
  if (unreachable !== undefined) {
    process.stderr.write(
      `newday doctor: ${fillMessage(SILENT, { base, reason: unreachable })[language]}\n`,
    );
    if (options.json) process.stdout.write(`${JSON.stringify(silentReport(base, unreachable))}\n`);
    return EXIT.unreachable;
  }
  const report = await runChecks(
    {
      base,
      own,
      fromDisk: withBrowserRules(own, "null"),
      signsFor: [...settings.secrets.keys()],
    },
    options.json ? {} : { finished: createPrinter(language) },
  );
  printEnd(report, options, language);
  return EXIT[report.verdict];
}

/**
 * The server that `npm start` serves with the same environment, and the secrets that it has. Reports a
 * malformed setting on standard error and returns undefined.
 */
function readSettings(
  { baseUrl }: DoctorOptions,
  env: NodeJS.ProcessEnv,
): { baseUrl: string; secrets: ReadonlyMap<string, string> } | undefined {
  try {
    const secrets = readPlatformSecrets(env);
    return { baseUrl: baseUrl ?? `http://localhost:${readPort(env)}`, secrets };
  } catch (error) {
    if (!isNewDayError(error)) throw error;
    process.stderr.write(`newday doctor: ${explainError(error, languageOfCommand())}\n`);
    return undefined;
  }
}

/** One request first: a wrong address would otherwise cost one timeout per check. */
async function reasonOfSilence(own: Transport, base: string): Promise<string | undefined> {
  try {
    await own({ method: "GET", url: `${base}/api/health`, headers: {} });
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

const NO_BASE: Message = {
  en: "--base-url must start with http:// or https://; it is {given}. Give the server's address.",
  zh: "--base-url 必须以 http:// 或 https:// 开头；当前值为 {given}。请填写服务器地址。",
};
const SILENT: Message = {
  en: "{base} does not answer ({reason}). Is the server running? Check address, port and firewall.",
  zh: "{base} 没有应答（{reason}）。请确认服务器已启动，并检查地址、端口与防火墙。",
};

/** Programs read standard output in every case; this report says that the checks are unknown. */
function silentReport(base: string, reason: string): object {
  return { tool: "newday-integration", version: 1, base, verdict: "unreachable", reason };
}

/** Prints each check as it ends, under the heading of its group. */
function createPrinter(language: Language): (result: CheckResult) => void {
  let group: string | undefined;
  return (result) => {
    if (result.group !== group) {
      group = result.group;
      process.stdout.write(`\n${pc.bold(GROUPS[result.group][language])}\n`);
    }
    const colour = { green: pc.green, red: pc.red, skipped: pc.dim }[result.verdict];
    const [title = "", finding = "", ...rest] = checkLines(result, language);
    const lines = [colour(title.slice(0, 1)) + title.slice(1), pc.dim(finding), ...rest];
    process.stdout.write(asTyped(`${lines.map((line) => `  ${line}`).join("\n")}\n`));
  };
}

function printEnd(report: Report, { json }: DoctorOptions, language: Language): void {
  const colour = report.verdict === "green" ? pc.green : pc.red;
  const text = json
    ? JSON.stringify(report, undefined, 2)
    : `\n${colour(summaryLine(report, language))}`;
  process.stdout.write(`${text}\n`);
}
