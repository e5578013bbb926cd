/** Reports the current wait: the step, the blocker, the rest of the budget, the next attempt. */
import type { RunHold } from "../model/run-control.ts";
import type { Emit } from "../model/events.ts";
import type { Message } from "../../lib/messages.ts";
import { counted, duration } from "../model/text.ts";
import { findInTheWay, type Blocker } from "./blocker-queries.ts";

/**
 * The lines of one wait become rarer as it lasts: nine in its first half minute, then two a minute.
 * A change of state or of the first blocker is reported at once.
 */
const REPEAT_MS = 1_000;
const REPEAT_SHARE = 0.5;
const REPEAT_MOST_MS = 30_000;

export interface Waiting {
  readonly state: "watching" | "fencing" | "attempt" | "held";
  readonly attempts: number;
  readonly blockers: readonly Blocker[];
  readonly pause: number;
  readonly waitMs?: number;
  readonly pollMs?: number;
  readonly sqlState?: string | undefined;
  readonly hold?: RunHold;
  readonly standby?: Message | undefined;
}

export function waitingReporter(emit: Emit, left: () => number) {
  let last = { at: 0, since: 0, key: "" };
  return (waiting: Waiting): void => {
    // Short requests come and go at every query of a busy table.
    const key = `${waiting.state} ${findInTheWay(waiting.blockers)?.pid} ${waiting.standby !== undefined}`;
    const now = performance.now();
    const isNew = key !== last.key;
    const share = Math.min(REPEAT_MOST_MS, (now - last.since) * REPEAT_SHARE);
    const repeatMs = Math.max(REPEAT_MS, share);
    if (!isNew && now - last.at < repeatMs) return;
    last = { at: now, since: isNew ? now : last.since, key };
    const budgetLeftMs = Math.round(Math.max(0, left()));
    emit("waiting", describe(waiting, budgetLeftMs), { ...waiting, budgetLeftMs });
  };
}

function describe(waiting: Waiting, budgetLeftMs: number): Message {
  const { en: who, zh: whoZh } = waiting.standby ?? whoBlocks(waiting.blockers);
  const left = duration(budgetLeftMs);
  const next = duration(waiting.pause);
  if (waiting.state === "watching")
    return {
      en: `Waiting without queueing, no request waits on us; ${who}; next query in ${next}; budget left ${left}`,
      zh: `等待中（不排队，不影响任何请求）；${whoZh}；${next} 后再看；剩余预算 ${left}`,
    };
  if (waiting.hold) return describeHold(waiting.hold, left);
  if (waiting.state === "fencing")
    return {
      en: `Other maintenance holds the tables; ${who}; again in ${next}; budget left ${left}`,
      zh: `其他维护操作占用表；${whoZh}；${next} 后重试；剩余预算 ${left}`,
    };
  const polled = `${waiting.pollMs ?? 0} ms`;
  const wait = waiting.waitMs === 0 ? `polled ${polled}, no wait` : `${waiting.waitMs} ms`;
  const waitZh = waiting.waitMs === 0 ? `轮询 ${polled}，不等待` : `等待 ${waiting.waitMs} ms`;
  return {
    en: `Attempt ${waiting.attempts} (${wait}) gave way${waiting.sqlState === "40P01" ? " to a deadlock" : ""}; ${who}; again in ${next}; budget left ${left}`,
    zh: `第 ${waiting.attempts} 次尝试（${waitZh}）已让路；${whoZh}；${next} 后重试；剩余预算 ${left}`,
  };
}

function describeHold({ action, until }: RunHold, left: string): Message {
  const why = action.reason ? ` (${action.reason})` : "";
  const end = until?.toISOString();
  return {
    en: `Held by ${action.by}${why}${end ? ` until ${end}` : " until `newday repair continue`"}; no lock is held; budget left ${left}`,
    zh: `已由 ${action.by} 暂停${why}${end ? `，直到 ${end}` : "，直到有人执行 continue"}；未持有任何锁；剩余预算 ${left}`,
  };
}

function whoBlocks(blockers: readonly Blocker[]): Message {
  const first = findInTheWay(blockers);
  if (!first) return shortRequests(blockers.length);
  const name =
    first.pid === null ? `prepared transaction "${first.preparedName}"` : `pid ${first.pid}`;
  const facts = [
    first.application,
    first.role && `role ${first.role}`,
    first.ageMs === null ? "age unknown" : `open ${duration(first.ageMs)}`,
    `${first.mode} on ${first.relation}`,
    first.state,
    first.query && `"${first.query}"`,
  ].filter(Boolean);
  const more = blockers.length > 1 ? ` +${blockers.length - 1}` : "";
  const text = `${name} (${facts.join(", ")})${more}`;
  return { en: `blocked by ${text}`, zh: `阻塞者 ${text}` };
}

function shortRequests(sessions: number): Message {
  if (sessions === 0) return { en: "no session holds a lock right now", zh: "当前无人持锁" };
  return {
    en: `short requests only, of ${counted(sessions, "session")} right now`,
    zh: `仅有短请求，当前 ${sessions} 个会话`,
  };
}
