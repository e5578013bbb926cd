/**
 * The watch after the repair: does the key come back, and how do rows of external users grow?
 *
 * An ORM that synchronises its schema, or an old migration, can bring the key back days later; the
 * partner's users would fail again without a visible cause. Every query goes through a connection of
 * its own, so that a restarted server does not end the watch.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isNewDayError } from "../../errors/errors.ts";
import type { ConnectionTarget } from "../../db/driver/direct-client.ts";
import type { RepairDefinition } from "../model/definition.ts";
import type { Emit } from "../model/events.ts";
import type { Message } from "../../lib/messages.ts";
import { counted, duration } from "../model/text.ts";
import { readFinalStatus, rollbackWindow, type FinalStatus } from "../verify/final-status.ts";

export interface WatchRequest {
  readonly target: ConnectionTarget;
  readonly repair: RepairDefinition;
  readonly schema: string | undefined;
  /** 0 queries once. */
  readonly forMs: number;
  readonly everyMs: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called once, at the first foreign row: from then on the exact rollback is closed. */
  readonly onWindowClosed: (orphanRows: number) => Promise<void>;
}

export interface WatchResult {
  /** `key-back` ends the watch at once; `stopped` is a person's Ctrl-C. */
  readonly outcome: "completed" | "stopped" | "key-back";
  readonly looks: number;
  readonly unreachable: number;
  readonly strangersAtStart: number | null;
  readonly strangersAtEnd: number | null;
  readonly text: Message;
}

interface Seen {
  looks: number;
  unreachable: number;
  first: number | null | undefined;
  last: number | null;
  blocking: number | null;
}

/** Queries until the time is over, the key is back, or a person stops it. */
export async function watch(request: WatchRequest): Promise<WatchResult> {
  const end = performance.now() + request.forMs;
  const seen: Seen = { looks: 0, unreachable: 0, first: undefined, last: null, blocking: null };
  for (;;) {
    const status = await queryStatus(request, seen);
    if (status && status.keys > 0) return conclude("key-back", seen, status.text);
    if (status) await report(request, seen, status);
    const left = end - performance.now();
    if (left <= 0) return conclude("completed", seen, summary(request.forMs, seen));
    await sleep(Math.min(request.everyMs, left), undefined, { signal: request.signal }).catch(
      () => undefined,
    );
    if (request.signal.aborted)
      return conclude("stopped", seen, summary(request.forMs - end + performance.now(), seen));
  }
}

/** Undefined for an unreachable server: reported, counted, and tried again at the next query. */
async function queryStatus(request: WatchRequest, seen: Seen): Promise<FinalStatus | undefined> {
  seen.looks++;
  try {
    return await readFinalStatus(request.target, request.repair, request.schema);
  } catch (error) {
    if (!isNewDayError(error) || error.code !== "repair_blocked") throw error;
    seen.unreachable++;
    request.emit(
      "warning",
      { en: error.message, zh: `无法访问数据库：${error.message}` },
      {
        look: seen.looks,
      },
    );
    return undefined;
  }
}

/** Unchanged results stay silent: a week has ten thousand queries. */
async function report(request: WatchRequest, seen: Seen, status: FinalStatus): Promise<void> {
  const { strangers: orphanRows, blockingOrphans } = status;
  const growth = orphanRows === null || seen.last === null ? 0 : orphanRows - seen.last;
  const isFirst = seen.first === undefined;
  const closes = !status.adopted && seen.blocking === 0 && (blockingOrphans ?? 0) > 0;
  if (isFirst || growth !== 0)
    request.emit("waiting", orphanRowsNow(status, growth), {
      strangers: orphanRows,
      growth,
      look: seen.looks,
    });
  if (isFirst) seen.first = orphanRows;
  seen.last = orphanRows;
  seen.blocking = blockingOrphans;
  if (closes) await request.onWindowClosed(orphanRows ?? 0);
}

function orphanRowsNow(status: FinalStatus, growth: number): Message {
  const { strangers: orphanRows } = status;
  const more = growth > 0 ? "+" : "";
  return {
    en: `no key; rows of external users: ${orphanRows ?? "unknown"}${growth === 0 ? "" : ` (${more}${growth})`}; ${rollbackWindow(status).en}`,
    zh: `外键未出现；外部用户行数：${orphanRows ?? "未知"}${growth === 0 ? "" : `（${more}${growth}）`}；${rollbackWindow(status).zh}`,
  };
}

function summary(watchedMs: number, { looks, unreachable, first, last }: Seen): Message {
  const away: Message =
    unreachable === 0
      ? { en: "", zh: "" }
      : {
          en: `; ${counted(unreachable, "inspection")} reached no server`,
          zh: `；${unreachable} 次无法访问`,
        };
  return {
    en: `watched for ${duration(watchedMs)}, ${counted(looks, "inspection")}: the key did not come back; rows of external users ${first ?? "?"} -> ${last ?? "?"}${away.en}`,
    zh: `已监视 ${duration(watchedMs)}，共 ${looks} 次：外键未再出现；外部用户行数 ${first ?? "?"} -> ${last ?? "?"}${away.zh}`,
  };
}

function conclude(outcome: WatchResult["outcome"], seen: Seen, text: Message): WatchResult {
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
