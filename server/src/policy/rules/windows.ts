/**
 * Windows of time in which amounts are summed: calendar windows in UTC, and rolling ones.
 *
 * A rolling window is kept in buckets of a sixtieth of its length. A bucket counts until its last
 * instant has left the window, so a sum is never too small, and too large by one bucket at most.
 */

export const WINDOW_NAMES = ["day", "week", "month", "rolling"] as const;

export type WindowName = (typeof WINDOW_NAMES)[number];

export interface Window {
  readonly window: WindowName;
  /** Length of a rolling window; null for the others. */
  readonly seconds: number | null;
}

/** The amount of one bucket; `start` in milliseconds of the epoch. */
export interface Bucket {
  readonly start: number;
  readonly amount: bigint;
}

export const DAY_MS = 86_400_000;
const BUCKETS = 60;
/** The epoch was a Thursday; weeks begin on Monday. */
const EPOCH_WEEKDAY = 3;

/** The bucket in which an amount of this instant is counted. */
export function bucketAt(window: Window, now: number): number {
  switch (window.window) {
    case "day":
      return now - (now % DAY_MS);
    case "week": {
      const day = Math.floor(now / DAY_MS);
      return (day - ((day + EPOCH_WEEKDAY) % 7)) * DAY_MS;
    }
    case "month": {
      const date = new Date(now);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    }
    case "rolling":
      return now - (now % bucketLength(window));
  }
}

/** The instant at which a bucket stops counting. */
export function bucketEnd(window: Window, start: number): number {
  switch (window.window) {
    case "day":
      return start + DAY_MS;
    case "week":
      return start + 7 * DAY_MS;
    case "month": {
      const date = new Date(start);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
    }
    case "rolling":
      return start + bucketLength(window) + (window.seconds ?? 0) * 1_000;
  }
}

function bucketLength({ seconds }: Window): number {
  return ((seconds ?? 0) * 1_000) / BUCKETS;
}

/** The buckets that still count, in the order of time. */
export function liveBuckets(window: Window, buckets: readonly Bucket[], now: number): Bucket[] {
  return buckets
    .filter(({ start, amount }) => amount > 0n && bucketEnd(window, start) > now)
    .sort((one, other) => one.start - other.start);
}

export function sumOf(buckets: readonly Bucket[]): bigint {
  return buckets.reduce((sum, { amount }) => sum + amount, 0n);
}

/** The buckets with the amount added to the one of `start`; an amount below zero gives back. */
export function withAmount(buckets: readonly Bucket[], start: number, amount: bigint): Bucket[] {
  const found = buckets.find((bucket) => bucket.start === start);
  if (!found) return amount > 0n ? [...buckets, { start, amount }] : [...buckets];
  const sum = found.amount + amount;
  const rest = buckets.filter((bucket) => bucket !== found);
  return sum > 0n ? [...rest, { start, amount: sum }] : rest;
}

/** When the amount would pass, if nothing else is counted until then; null: never. */
export function passesAt(
  window: Window,
  live: readonly Bucket[],
  { amount, maximum }: { readonly amount: bigint; readonly maximum: bigint },
): Date | null {
  if (amount > maximum) return null;
  let used = sumOf(live);
  for (const { start, amount: counted } of live) {
    used -= counted;
    if (used + amount <= maximum) return new Date(bucketEnd(window, start));
  }
  return null;
}
