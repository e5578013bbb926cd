import { describe, expect, it } from "vitest";
import {
  bucketAt,
  bucketEnd,
  liveBuckets,
  passesAt,
  sumOf,
  withAmount,
  type Bucket,
  type Window,
} from "../../src/policy/rules/windows.ts";

const DAY: Window = { window: "day", seconds: null };
const HOUR: Window = { window: "rolling", seconds: 3_600 };
const at = (text: string) => Date.parse(text);

describe("windows", () => {
  it.each([
    ["day", "2026-11-29T15:04:05Z", "2026-11-29T00:00:00Z", "2026-11-30T00:00:00Z"],
    ["week", "2026-11-29T23:59:59Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"],
    ["week", "2026-11-30T00:00:00Z", "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z"],
    ["month", "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"],
    ["month", "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
  ] as const)("a %s with %s begins at %s and ends at %s", (window, now, start, end) => {
    const calendar: Window = { window, seconds: null };
    expect(bucketAt(calendar, at(now))).toBe(at(start));
    expect(bucketEnd(calendar, at(start))).toBe(at(end));
  });

  it("counts a rolling bucket until its last instant has left the window", () => {
    const start = bucketAt(HOUR, at("2026-11-29T10:00:30Z"));
    expect(start).toBe(at("2026-11-29T10:00:00Z"));
    const buckets = withAmount([], start, 7n);
    expect(sumOf(liveBuckets(HOUR, buckets, at("2026-11-29T11:00:59.999Z")))).toBe(7n);
    expect(liveBuckets(HOUR, buckets, at("2026-11-29T11:01:00Z"))).toEqual([]);
  });

  it("gives back to the bucket that counted, and nothing to one that is gone", () => {
    const buckets = withAmount(withAmount([], 0, 5n), 60_000, 3n);
    expect(withAmount(buckets, 0, -5n)).toEqual([{ start: 60_000, amount: 3n }]);
    expect(withAmount(buckets, 0, -2n)).toContainEqual({ start: 0, amount: 3n });
    expect(withAmount(buckets, 120_000, -2n)).toEqual(buckets);
  });

  it("names the instant at which an amount passes", () => {
    const live: Bucket[] = [
      { start: at("2026-11-29T10:00:00Z"), amount: 50n },
      { start: at("2026-11-29T10:30:00Z"), amount: 30n },
    ];
    const passes = (amount: bigint) => passesAt(HOUR, live, { amount, maximum: 100n });
    expect(passes(60n)?.toISOString()).toBe("2026-11-29T11:01:00.000Z");
    expect(passes(80n)?.toISOString()).toBe("2026-11-29T11:31:00.000Z");
    expect(passes(101n)).toBeNull();
    expect(
      passesAt(DAY, [{ start: at("2026-11-29T00:00:00Z"), amount: 100n }], {
        amount: 1n,
        maximum: 100n,
      })?.toISOString(),
    ).toBe("2026-11-30T00:00:00.000Z");
  });
});
