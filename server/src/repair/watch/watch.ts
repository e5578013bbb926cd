/**
 * The watch after the repair: does the key come back, and how do strangers arrive?
 *
 * An ORM that synchronises its schema, or an old migration, can bring the key back days later; the
 * partner's users would fail again and nobody would know why. Every look goes through a connection
 * of its own, so that a restarted server does not end the watch.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isNewDayError } from "../../errors.ts";
import type { ConnectionTarget } from "../connection.ts";
import type { RepairDefinition } from "../definition/definition.ts";
import type { Emit } from "../events.ts";
import { counted, duration, type Text } from "../text.ts";
import { readTruth, rollbackWindow, type Truth } from "../truth.ts";

export interface WatchRequest {
  readonly target: ConnectionTarget;
  readonly repair: RepairDefinition;
  readonly schema: string | undefined;
  /** 0 looks once. */
  readonly forMs: number;
  readonly everyMs: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called once, at the first stranger: from then on the exact rollback is closed. */
  readonly onWindowClosed: (strangers: number) => Promise<void>;
}

export interface WatchResult {
  /** `key-back` ends the watch at once; `stopped` is a person's Ctrl-C. */
  readonly outcome: "completed" | "stopped" | "key-back";
  readonly looks: number;
  readonly unreachable: number;
  readonly strangersAtStart: number | null;
  readonly strangersAtEnd: number | null;
  readonly text: Text;
}

interface Seen {
  looks: number;
  unreachable: number;
  first: number | null | undefined;
  last: number | null;
}

/** Looks until the time is over, the key is back, or somebody stops it. */
export async function watch(request: WatchRequest): Promise<WatchResult> {
  const end = performance.now() + request.forMs;
  const seen: Seen = { looks: 0, unreachable: 0, first: undefined, last: null };
  for (;;) {
    const truth = await look(request, seen);
    if (truth && truth.keys > 0) return conclude("key-back", seen, truth.text);
    if (truth) await report(request, seen, truth);
    const left = end - performance.now();
    if (left <= 0) return conclude("completed", seen, summary(request, seen));
    await sleep(Math.min(request.everyMs, left), undefined, { signal: request.signal }).catch(
      () => undefined,
    );
    if (request.signal.aborted) return conclude("stopped", seen, summary(request, seen));
  }
}

/** Undefined when nobody answers: said, counted, and tried again at the next look. */
async function look(request: WatchRequest, seen: Seen): Promise<Truth | undefined> {
  seen.looks++;
  try {
    return await readTruth(request.target, request.repair, request.schema);
  } catch (error) {
    if (!isNewDayError(error) || error.code !== "repair_blocked") throw error;
    seen.unreachable++;
    request.emit("warning", [error.message, `无法访问数据库：${error.message}`], {
      look: seen.looks,
    });
    return undefined;
  }
}

async function report(request: WatchRequest, seen: Seen, truth: Truth): Promise<void> {
  const { strangers } = truth;
  const growth = strangers === null || seen.last === null ? 0 : strangers - seen.last;
  const isFirst = seen.first === undefined;
  if (isFirst) seen.first = strangers;
  if (isFirst || growth !== 0)
    request.emit("waiting", [
      `no key; rows of strangers: ${strangers ?? "unknown"}${growth === 0 ? "" : ` (${growth > 0 ? "+" : ""}${growth})`}; ${rollbackWindow(strangers)[0]}`,
      `外键未出现；外部用户行数：${strangers ?? "未知"}${growth === 0 ? "" : `（${growth > 0 ? "+" : ""}${growth}）`}；${rollbackWindow(strangers)[1]}`,
    ], { strangers, growth, look: seen.looks }); // prettier-ignore
  const closes = !isFirst && seen.last === 0 && (strangers ?? 0) > 0;
  seen.last = strangers;
  if (closes) await request.onWindowClosed(strangers ?? 0);
}

function summary({ forMs }: WatchRequest, seen: Seen): Text {
  const unreachable = seen.unreachable === 0 ? ["", ""] : [
    `; ${counted(seen.unreachable, "look")} found nobody`,
    `；${seen.unreachable} 次无法访问`,
  ]; // prettier-ignore
  return [
    `watched for ${duration(forMs)}, ${counted(seen.looks, "look")}: the key did not come back; rows of strangers ${seen.first ?? "?"} -> ${seen.last ?? "?"}${unreachable[0]}`,
    `已监视 ${duration(forMs)}，共 ${seen.looks} 次：外键未再出现；外部用户行数 ${seen.first ?? "?"} -> ${seen.last ?? "?"}${unreachable[1]}`,
  ];
}

function conclude(outcome: WatchResult["outcome"], seen: Seen, text: Text): WatchResult {
  const { looks, unreachable, first, last } = seen;
  return {
    outcome,
    looks,
    unreachable,
    strangersAtStart: first ?? null,
    strangersAtEnd: last,
    text,
  };
}
