/** Runs every check in order against one server, and reports each to the display. */
import { againChecks } from "./again-checks.ts";
import type { Check } from "./check.ts";
import { CheckFailed, CheckSkipped } from "./expect.ts";
import { identityChecks } from "./identity-checks.ts";
import { inventoryChecks } from "./inventory-checks.ts";
import { summarize, toTenth } from "./latency.ts";
import { marketChecks } from "./market-checks.ts";
import type { CheckResult, Report, Text, Verdict } from "./model.ts";
import { reachChecks } from "./reach-checks.ts";
import { sharedChecks } from "./shared-checks.ts";
import { transferChecks } from "./transfer-checks.ts";
import { openSession, Unanswered, type Session, type SessionOptions } from "./session.ts";

/** All checks in their order: a later one builds on an earlier one. */
export const CHECKS: readonly Check[] = [
  ...reachChecks,
  ...sharedChecks,
  ...identityChecks,
  ...inventoryChecks,
  ...marketChecks,
  ...transferChecks,
  ...againChecks,
];

export interface Listener {
  started?(check: Check): void;
  finished?(result: CheckResult): void;
}

/** One full run. Always resolves: a fault of any kind becomes a red line. */
export async function runChecks(options: SessionOptions, listener: Listener = {}): Promise<Report> {
  const startedAt = new Date().toISOString();
  const session = openSession(options);
  const checks: CheckResult[] = [];
  for (const check of CHECKS) {
    listener.started?.(check);
    const result = isSilent(checks[0]) ? unasked(check) : await runOne(session, check);
    checks.push(result);
    listener.finished?.(result);
  }
  const counts: Record<Verdict, number> = { green: 0, red: 0, skipped: 0 };
  for (const { verdict } of checks) counts[verdict] += 1;
  return {
    tool: "newday-integration",
    version: 1,
    base: options.base,
    runId: session.runId,
    startedAt,
    finishedAt: new Date().toISOString(),
    verdict: counts.green === checks.length ? "green" : "red",
    counts,
    latency: summarize(session.latencies),
    checks,
  };
}

/**
 * The first check asks whether the server answers; otherwise each later one would wait for a
 * timeout.
 */
function isSilent(first: CheckResult | undefined): boolean {
  return first !== undefined && first.exchanges.every(({ fault }) => fault !== undefined);
}

function unasked({ id, group, source, title }: Check): CheckResult {
  const finding = { zh: "需要服务器先有应答", en: "needs the server to answer first" };
  return { id, group, source, title, verdict: "skipped", finding, milliseconds: 0, exchanges: [] };
}

async function runOne(session: Session, check: Check): Promise<CheckResult> {
  const { id, group, source, title } = check;
  const from = session.exchanges.length;
  const started = performance.now();
  const outcome = await judge(session, check);
  const milliseconds = toTenth(performance.now() - started);
  const exchanges = session.exchanges.slice(from);
  return { id, group, source, title, ...outcome, milliseconds, exchanges };
}

type Outcome = Pick<CheckResult, "verdict" | "finding" | "remedy">;

async function judge(session: Session, check: Check): Promise<Outcome> {
  try {
    return { verdict: "green", finding: await check.run(session) };
  } catch (error) {
    if (error instanceof CheckSkipped) return { verdict: "skipped", finding: error.text };
    if (error instanceof CheckFailed)
      return { verdict: "red", finding: error.text, remedy: check.remedy };
    return { verdict: "red", finding: unanswered(error), remedy: noAnswerRemedy(check.remedy) };
  }
}

function unanswered(error: unknown): Text {
  const said = error instanceof Error ? error.message : String(error);
  return error instanceof Unanswered
    ? { zh: `没有得到响应：${said}`, en: `No answer: ${said}` }
    : { zh: `检查本身出错：${said}`, en: `The check itself failed: ${said}` };
}

function noAnswerRemedy(remedy: Text): Text {
  return {
    zh: `${remedy.zh} 没有响应通常意味着：服务未启动、地址错误、https 页面访问 http 地址，或代理去掉了 CORS 头。`,
    en: `${remedy.en} No answer usually means: not running, wrong address, an https page calling http, or CORS headers removed on the way.`,
  };
}
