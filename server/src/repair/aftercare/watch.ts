/**
 * The watch after the repair: does the key come back, how do strangers arrive, what do clients feel?
 *
 * An ORM that synchronises its schema, or an old migration, can bring the key back days later; the
 * partner's users would fail again and nobody would know why. Every look goes through a connection
 * of its own, so that a restarted server does not end the watch. Failed foreign keys and answers 5xx
 * are counted by senses beside it; what no sense sees is said and never reported as zero.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isNewDayError } from "../../errors/errors.ts";
import type { ConnectionTarget } from "../connection/connection.ts";
import type { RepairDefinition } from "../model/definition.ts";
import type { Emit } from "../model/events.ts";
import { counted, duration, type Text } from "../model/text.ts";
import { readTruth, rollbackWindow, type Truth } from "../verify/final-status.ts";
import { inWords, type Reading, type Sense } from "./sense.ts";

export interface WatchRequest {
  readonly target: ConnectionTarget;
  readonly repair: RepairDefinition;
  readonly schema: string | undefined;
  /** 0 looks once. */
  readonly forMs: number;
  readonly everyMs: number;
  /** Read at every look, before the catalogue. The caller closes them. */
  readonly senses: readonly Sense[];
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
  /** What each sense counted; null for one that was not asked for. */
  readonly failedForeignKeys: Reading["facts"] | null;
  readonly serverErrors: Reading["facts"] | null;
  /** Clients felt something: it ends with a warning, and does not undo the repair. */
  readonly felt: boolean;
  readonly text: Text;
}

interface Seen {
  looks: number;
  unreachable: number;
  first: number | null | undefined;
  last: number | null;
  readings: ReadonlyMap<Sense["name"], Reading>;
}

/** Looks until the time is over, the key is back, or somebody stops it. */
export async function watch(request: WatchRequest): Promise<WatchResult> {
  const end = performance.now() + request.forMs;
  const seen: Seen = {
    looks: 0,
    unreachable: 0,
    first: undefined,
    last: null,
    readings: new Map(),
  };
  sayUnwatched(request);
  for (;;) {
    await feel(request, seen);
    const truth = await look(request, seen);
    if (truth && truth.keys > 0) return conclude("key-back", seen, truth.text);
    await report(request, seen, truth);
    const left = end - performance.now();
    if (left <= 0) return conclude("completed", seen, summary(request.forMs, seen));
    await sleep(Math.min(request.everyMs, left), undefined, { signal: request.signal }).catch(
      () => undefined,
    );
    if (request.signal.aborted)
      return conclude("stopped", seen, summary(request.forMs - end + performance.now(), seen));
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

/** What a person does not see, they believe to be well. */
function sayUnwatched({ senses, emit }: WatchRequest): void {
  const missing = UNWATCHED.filter(([name]) => senses.every((sense) => sense.name !== name));
  if (missing.length === 0) return;
  emit("note", [
    `not watched: ${missing.map(([, words]) => words[0]).join("; ")}`,
    `未监视：${missing.map(([, words]) => words[1]).join("；")}`,
  ]);
}

const UNWATCHED: readonly (readonly [Sense["name"], Text])[] = [
  [
    "failedForeignKeys",
    [
      "failed foreign keys (--server-log <file> would show them)",
      "外键错误（可用 --server-log <文件> 查看）",
    ],
  ],
  [
    "serverErrors",
    [
      "answers 5xx (--metrics-url <url> would show them)",
      "5xx 应答（可用 --metrics-url <地址> 查看）",
    ],
  ],
];

/** Reads every sense; one that has become blind, or sees again, says so once. */
async function feel({ senses, signal, emit }: WatchRequest, seen: Seen): Promise<void> {
  const readings = new Map<Sense["name"], Reading>();
  for (const sense of senses) {
    const { name } = sense;
    const reading = await sense.read(signal);
    const before = seen.readings.get(name);
    readings.set(name, reading);
    if (signal.aborted || reading.trouble?.[0] === before?.trouble?.[0]) continue;
    const { trouble } = reading;
    const words = inWords(reading);
    if (trouble) emit("warning", trouble, { sense: name, seen: false });
    else
      emit("note", [`seen again: ${words[0]}`, `恢复监视：${words[1]}`], {
        sense: name,
        seen: true,
      });
  }
  seen.readings = readings;
}

/** Nothing new is no line: a week has ten thousand looks. */
async function report(request: WatchRequest, seen: Seen, truth: Truth | undefined): Promise<void> {
  const strangers = truth?.strangers ?? null;
  const growth = strangers === null || seen.last === null ? 0 : strangers - seen.last;
  const isFirst = truth !== undefined && seen.first === undefined;
  const closes = !isFirst && seen.last === 0 && (strangers ?? 0) > 0;
  const felt = [...seen.readings.values()].some((reading) => reading.growth > 0);
  if (isFirst || growth !== 0 || felt) {
    const parts = [
      ...(truth ? [strangersNow(strangers, growth)] : []),
      ...[...seen.readings.values()].map(inWords),
    ];
    request.emit(
      felt ? "warning" : "waiting",
      [
        parts.map(([english]) => english).join("; "),
        parts.map(([, chinese]) => chinese).join("；"),
      ],
      { strangers, growth, look: seen.looks, ...factsOf(seen) },
    );
  }
  if (!truth) return;
  if (isFirst) seen.first = strangers;
  seen.last = strangers;
  if (closes) await request.onWindowClosed(strangers ?? 0);
}

function strangersNow(strangers: number | null, growth: number): Text {
  const more = growth > 0 ? "+" : "";
  return [
    `no key; rows of strangers: ${strangers ?? "unknown"}${growth === 0 ? "" : ` (${more}${growth})`}; ${rollbackWindow(strangers)[0]}`,
    `外键未出现；外部用户行数：${strangers ?? "未知"}${growth === 0 ? "" : `（${more}${growth}）`}；${rollbackWindow(strangers)[1]}`,
  ];
}

function factsOf({ readings }: Seen): Pick<WatchResult, "failedForeignKeys" | "serverErrors"> {
  return {
    failedForeignKeys: readings.get("failedForeignKeys")?.facts ?? null,
    serverErrors: readings.get("serverErrors")?.facts ?? null,
  };
}

function summary(watchedMs: number, seen: Seen): Text {
  const unreachable = seen.unreachable === 0 ? ["", ""] : [
    `; ${counted(seen.unreachable, "look")} found nobody`,
    `；${seen.unreachable} 次无法访问`,
  ]; // prettier-ignore
  const counts = [...seen.readings.values()].map(total);
  return [
    `watched for ${duration(watchedMs)}, ${counted(seen.looks, "look")}: the key did not come back; rows of strangers ${seen.first ?? "?"} -> ${seen.last ?? "?"}${counts.map(([english]) => `; ${english}`).join("")}${unreachable[0]}`,
    `已监视 ${duration(watchedMs)}，共 ${seen.looks} 次：外键未再出现；外部用户行数 ${seen.first ?? "?"} -> ${seen.last ?? "?"}${counts.map(([, chinese]) => `；${chinese}`).join("")}${unreachable[1]}`,
  ];
}

/** A sense that is blind at the end must not look as if all had been well. */
function total(reading: Reading): Text {
  const { trouble } = reading;
  const words = inWords({ ...reading, growth: 0 });
  return trouble ? [`${words[0]} (${trouble[0]})`, `${words[1]}（${trouble[1]}）`] : words;
}

function conclude(outcome: WatchResult["outcome"], seen: Seen, text: Text): WatchResult {
  const { looks, unreachable, first, last } = seen;
  return {
    outcome,
    looks,
    unreachable,
    strangersAtStart: first ?? null,
    strangersAtEnd: last,
    ...factsOf(seen),
    felt: [...seen.readings.values()].some(({ total: count }) => (count ?? 0) > 0),
    text,
  };
}
