/** The last hour of this process, minute by minute, for the operators' overview. */
import type { FastifyInstance } from "fastify";
import type { PostingEngine } from "../../engine/operation.ts";

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** Upper bounds of the latencies that are counted; a percentile is the bound that it lies under. */
const BOUNDS_MS = [
  1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300, 500, 800, 1_200, 2_000, 5_000, 15_000,
];

export interface TrafficMinute {
  readonly minute: Date;
  readonly requests: number;
  readonly refusals: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly queueDepth: number;
  readonly operations: number;
}

interface Counted {
  readonly minute: number;
  requests: number;
  refusals: number;
  failures: number;
  queueDepth: number;
  /** Counters of the engine when the minute began, and when it was last seen. */
  readonly from: number;
  until: number;
  readonly latencies: number[];
}

export interface Traffic {
  /** Counts one answered request. */
  count(statusCode: number, tookMs: number): void;
  /** Oldest first, the current minute last. */
  minutes(): TrafficMinute[];
}

/** Cache: sixty minutes of counters; a minute is evicted by its successor of an hour later. */
export function createTraffic(engine: PostingEngine): Traffic {
  const minutes: Counted[] = [];

  function current(): Counted {
    const minute = Math.floor(Date.now() / MINUTE_MS);
    const operations = engine.counters().operations;
    let last = minutes.at(-1);
    if (last?.minute !== minute) {
      const from = last?.until ?? operations;
      const counts = { requests: 0, refusals: 0, failures: 0, queueDepth: 0 };
      last = { minute, from, until: operations, latencies: BOUNDS_MS.map(() => 0), ...counts };
      minutes.push(last);
      while ((minutes[0]?.minute ?? minute) <= minute - MINUTES) minutes.shift();
    }
    last.until = operations;
    last.queueDepth = Math.max(last.queueDepth, engine.queueDepth());
    return last;
  }

  return {
    count(statusCode, tookMs) {
      const counted = current();
      counted.requests += 1;
      if (statusCode >= 500) counted.failures += 1;
      else if (statusCode >= 400) counted.refusals += 1;
      const place = BOUNDS_MS.findIndex((bound) => tookMs <= bound);
      const index = place < 0 ? BOUNDS_MS.length - 1 : place;
      counted.latencies[index] = (counted.latencies[index] ?? 0) + 1;
    },
    minutes() {
      current();
      return minutes.map(({ minute, from, until, latencies, ...counts }) => ({
        ...counts,
        minute: new Date(minute * MINUTE_MS),
        operations: until - from,
        p50Ms: percentile(latencies, 0.5),
        p99Ms: percentile(latencies, 0.99),
      }));
    },
  };
}

function percentile(latencies: readonly number[], part: number): number {
  const total = latencies.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [index, count] of latencies.entries()) {
    seen += count;
    if (seen > 0 && seen >= total * part) return BOUNDS_MS[index] ?? 0;
  }
  return 0;
}

/** Counts the requests of the whole application. */
export function countTraffic(app: FastifyInstance, traffic: Traffic): void {
  app.addHook("onResponse", (_request, reply, done) => {
    traffic.count(reply.statusCode, reply.elapsedTime);
    done();
  });
}
