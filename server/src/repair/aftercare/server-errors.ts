/**
 * Counts answers 5xx of an HTTP server by its own metrics, from the first answered look on.
 *
 * Two counters of one server usually count the same answers (a total and a histogram's count), so the
 * counter that grew most is shown and no sum over counters. A counter that falls was begun anew.
 */
import { duration, type Text } from "../model/text.ts";
import { parseExposition, type Sample } from "./exposition.ts";
import type { Sense } from "./sense.ts";

const SCRAPE_TIMEOUT_MS = 5_000;
/** Far above any exposition; a wrong address may stream for ever. */
const MAX_BODY_BYTES = 16 << 20;
/** The last two are OpenTelemetry's. */
const STATUS_LABELS = [
  "status",
  "code",
  "status_code",
  "http_status_code",
  "http_response_status_code",
] as const;
const COUNTER = /_(?:total|count)$/;
/** What the server was told as a client of others is no answer of its own. */
const CLIENT_SIDE = /(?:^|_)client_/;
const STATUS = /^[1-5](?:\d\d|xx)$/i;
const START_TIME = "process_start_time_seconds";

export function followMetrics(url: URL): Sense {
  const counter = createCounter();
  let scrapes = 0;
  return {
    name: "serverErrors",
    async read(signal) {
      const before = counter.total();
      const answer = await scrape(url, signal);
      if ("samples" in answer) {
        counter.take(answer.samples);
        scrapes++;
      }
      const seen = scrapes > 0;
      const total = counter.total();
      const name = total > 0 ? counter.largest() : undefined;
      const trouble = "trouble" in answer ? answer.trouble : counterMissing(counter, scrapes);
      return {
        label: ["answers 5xx", "5xx 应答"],
        total: seen ? total : null,
        growth: total - before,
        detail: name ?? "",
        trouble,
        facts: {
          total: seen ? total : null,
          counter: name ?? null,
          state: trouble ? "blind" : "seen",
        },
      };
    },
    close: () => Promise.resolve(),
  };
}

/** A fresh server has counted nothing at the first look; our own look is what it counts next. */
function counterMissing(counter: Counter, scrapes: number): Text | undefined {
  if (counter.knowsStatus() || scrapes < 2) return undefined;
  return [
    "the metrics hold no counter by HTTP status (a *_total or *_count with a label status, code or status_code); answers 5xx are not seen",
    "指标中没有按 HTTP 状态计数的计数器（带 status、code 或 status_code 标签的 *_total 或 *_count）；看不到 5xx 应答",
  ];
}

interface Counter {
  take(samples: readonly Sample[]): void;
  /** Of the counter that grew most. */
  total(): number;
  largest(): string | undefined;
  knowsStatus(): boolean;
}

/** Adds up increases; the first samples are where it begins. */
export function createCounter(): Counter {
  const grown = new Map<string, number>();
  let last: ReadonlyMap<string, Series> | undefined;
  let startedAt: number | undefined;
  let knowsStatus = false;
  const largest = () => [...grown].toSorted(([, a], [, b]) => b - a)[0];
  return {
    take(samples) {
      const counted = samples.filter(isStatusCounter);
      knowsStatus ||= counted.length > 0;
      const now = seriesOf(counted.filter(isServerError));
      const started = startOf(samples);
      const restarted = startedAt !== undefined && started !== undefined && started !== startedAt;
      startedAt = started ?? startedAt;
      if (last)
        for (const [key, { name, value }] of now) {
          const before = restarted ? 0 : (last.get(key)?.value ?? 0);
          grown.set(name, (grown.get(name) ?? 0) + (value < before ? value : value - before));
        }
      // A series that is away for one look comes back with the value it had.
      last = restarted || !last ? now : new Map([...last, ...now]);
    },
    total: () => Math.round(largest()?.[1] ?? 0),
    largest: () => largest()?.[0],
    knowsStatus: () => knowsStatus,
  };
}

interface Series {
  readonly name: string;
  readonly value: number;
}

function seriesOf(samples: readonly Sample[]): Map<string, Series> {
  const series = new Map<string, Series>();
  for (const { name, labels, value } of samples) {
    const key = JSON.stringify([
      name,
      Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    series.set(key, { name, value: value + (series.get(key)?.value ?? 0) });
  }
  return series;
}

function isStatusCounter({ name, labels, value }: Sample): boolean {
  if (!COUNTER.test(name) || CLIENT_SIDE.test(name) || !Number.isFinite(value)) return false;
  return statusOf(labels) !== undefined;
}

function isServerError({ labels }: Sample): boolean {
  return statusOf(labels)?.startsWith("5") ?? false;
}

function statusOf(labels: Sample["labels"]): string | undefined {
  return STATUS_LABELS.map((label) => labels[label]).find(
    (value) => value !== undefined && STATUS.test(value),
  );
}

/** Only when one process speaks: behind a balancer the answers of several come in turn. */
function startOf(samples: readonly Sample[]): number | undefined {
  const starts = samples.filter(({ name }) => name === START_TIME);
  return starts.length === 1 ? starts[0]?.value : undefined;
}

type Answer = { readonly samples: readonly Sample[] } | { readonly trouble: Text };

async function scrape(url: URL, signal: AbortSignal): Promise<Answer> {
  const limited = limit(signal, SCRAPE_TIMEOUT_MS);
  try {
    const response = await fetch(withoutCredentials(url), {
      headers: { accept: "text/plain; version=0.0.4", ...credentials(url) },
      // Another place than the one that was named may count other answers.
      redirect: "manual",
      signal: limited.signal,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return unseen(`answered ${response.status}`, `返回 ${response.status}`);
    }
    return { samples: parseExposition(await bodyOf(response)) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const longest = duration(SCRAPE_TIMEOUT_MS);
    if (error.name === "TimeoutError")
      return unseen(`did not answer within ${longest}`, `${longest} 内没有应答`);
    const { code } = (error.cause ?? {}) as { code?: string };
    const why = code ?? error.message;
    return unseen(`could not be asked (${why})`, `无法访问（${why}）`);
  } finally {
    limited.release();
  }
}

/** Not `AbortSignal.any` with a time-out: Node 20 may collect that time-out, and then it never comes. */
function limit(outer: AbortSignal, ms: number): { signal: AbortSignal; release: () => void } {
  const abort = new AbortController();
  const late = () => abort.abort(new DOMException("too late", "TimeoutError"));
  const timer = setTimeout(late, ms);
  const stop = () => abort.abort(outer.reason);
  outer.addEventListener("abort", stop);
  if (outer.aborted) stop();
  return {
    signal: abort.signal,
    release() {
      clearTimeout(timer);
      outer.removeEventListener("abort", stop);
    },
  };
}

function unseen(english: string, chinese: string): { trouble: Text } {
  return {
    trouble: [
      `the metrics ${english}; answers 5xx are not seen now`,
      `指标地址${chinese}；目前看不到 5xx 应答`,
    ],
  };
}

async function bodyOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `fetch` refuses a URL with a password in it; a header is what the password means. */
function credentials({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare;
}
