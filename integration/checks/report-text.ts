/** A report as text: for a ticket, and for a terminal. */
import { showMs } from "./latency.ts";
import type { CheckResult, Exchange, GroupId, Language, Report, Text, Verdict } from "./model.ts";

export const GROUPS: Readonly<Record<GroupId, Text>> = {
  reach: { zh: "到达与跨域", en: "Reach and CORS" },
  shared: { zh: "共享接口", en: "Shared surface" },
  identity: { zh: "登录与令牌", en: "Login and tokens" },
  inventory: { zh: "余额与库存", en: "Balance and inventory" },
  market: { zh: "市场", en: "Market" },
  transfer: { zh: "道具转移", en: "Moving items" },
  again: { zh: "重放与时延", en: "Replay and latency" },
};

export const VERDICTS: Readonly<Record<Verdict, Text>> = {
  green: { zh: "通过", en: "passed" },
  red: { zh: "失败", en: "failed" },
  skipped: { zh: "跳过", en: "skipped" },
};

const MARKS: Readonly<Record<Verdict, string>> = { green: "✓", red: "✗", skipped: "–" };

const HEADING: Text = { zh: "New Day 集成测试", en: "New Day integration test" };
const REMEDY: Text = { zh: "怎么办：", en: "What to do: " };

/** One sentence: the number of passed checks and the latency of answers. */
export function summaryLine(report: Report, language: Language): string {
  const { green, red, skipped } = report.counts;
  const { requests, medianMs, p95Ms } = report.latency;
  const all = green + red + skipped;
  const line: Text = {
    zh: `${green}/${all} 通过，${red} 失败，${skipped} 跳过；${requests} 个请求，中位数 ${showMs(medianMs)} 毫秒，P95 ${showMs(p95Ms)} 毫秒`,
    en: `${green}/${all} passed, ${red} failed, ${skipped} skipped; ${requests} requests, median ${showMs(medianMs)} ms, p95 ${showMs(p95Ms)} ms`,
  };
  return line[language];
}

/** The lines of one check; for a red one also its last exchange and remedy. */
export function checkLines(result: CheckResult, language: Language): string[] {
  const title = `${MARKS[result.verdict]} ${result.title[language]}  [${result.id}]`;
  const lines = [title, `    ${result.finding[language]}`];
  if (result.verdict !== "red") return lines;
  const last = result.exchanges.at(-1);
  if (last) lines.push(...exchangeLines(last).map((line) => `    ${line}`));
  if (result.remedy) lines.push(`    ${REMEDY[language]}${result.remedy[language]}`);
  return lines;
}

function exchangeLines(exchange: Exchange): string[] {
  const { method, url, requestBody, status, responseBody, fault, responseHeaders } = exchange;
  const requestId = responseHeaders["x-request-id"];
  return [
    `> ${method} ${url}${requestBody === undefined ? "" : ` ${requestBody}`}`,
    `< ${fault ?? status ?? ""}${responseBody ? ` ${responseBody.slice(0, 500)}` : ""}`,
    ...(requestId === undefined ? [] : [`  x-request-id: ${requestId}`]),
  ];
}

/** The whole report, for a ticket. Tokens are masked. */
export function reportText(report: Report, language: Language): string {
  return [
    `${HEADING[language]}: ${summaryLine(report, language)}`,
    `${report.base} · ${report.startedAt} · run ${report.runId}`,
    "",
    ...report.checks.flatMap((result) => checkLines(result, language)),
    "",
  ].join("\n");
}
