import type { LatencySummary } from "./model.ts";

/** Median, 95th percentile and maximum by the nearest-rank rule, in milliseconds. */
export function summarize(latencies: readonly number[]): LatencySummary {
  const sorted = latencies.toSorted((a, b) => a - b);
  const rank = (share: number): number =>
    toTenth(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
  return {
    requests: sorted.length,
    medianMs: rank(0.5),
    p95Ms: rank(0.95),
    maxMs: rank(1),
    samplesMs: latencies.map(toTenth),
  };
}

/** Further digits are noise and make a report unreadable. */
export function toTenth(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** Milliseconds for people: a decimal for small values only. */
export function showMs(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
}
