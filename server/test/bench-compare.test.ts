/** `npm run bench:compare`: when a figure counts as worse, and which requests are refused. */
import { describe, expect, it } from "vitest";
import { compare, mean } from "../../bench/compare/judge.ts";
import type { Measurement } from "../../bench/compare/measurement.ts";
import { readRequest } from "../../bench/compare/request.ts";

function turns(...rates: number[]): Measurement[] {
  return rates.map((perSecond) => ({ perSecond, p99Ms: 10, nodeUs: 20, postgresUs: 30 }));
}

function worse(ours: readonly Measurement[], theirs: readonly Measurement[]): string[] {
  return compare("x", ours, theirs).flatMap(({ name, isWorse }) => (isWorse ? [name] : []));
}

describe("a figure is worse", () => {
  it("when its median leaves the other's range by more than 5 % of the other's median", () => {
    expect(worse(turns(94, 93, 95), turns(99, 100, 101))).toEqual(["x_per_s"]);
  });

  it("not when the other side has been there too", () => {
    expect(worse(turns(80, 81, 82), turns(79, 100, 101))).toEqual([]);
  });

  it("not when the difference is 5 % or less", () => {
    expect(worse(turns(95, 96, 97), turns(99, 100, 101))).toEqual([]);
  });

  it("when more time is used, and not when less is", () => {
    const slow = turns(100).map((turn) => ({ ...turn, p99Ms: 11, nodeUs: 22, postgresUs: 20 }));
    expect(worse(slow, turns(100))).toEqual(["x_p99_ms", "x_node_us"]);
  });
});

it("the turns of a round count as their mean", () => {
  expect(mean(turns(100, 200))).toEqual({ perSecond: 150, p99Ms: 10, nodeUs: 20, postgresUs: 30 });
});

it.each([
  [["posting"], "--against COMMIT is missing"],
  [["--against", "HEAD"], "Name one workload"],
  [["--against", "HEAD", "posting", "market"], "Name one workload"],
  [["--against", "HEAD", "repair"], "Name one workload"],
  [["--against", "HEAD", "posting", "--rounds", "0"], "--rounds is a whole number"],
  [["--against", "HEAD", "posting", "--fast"], "--fast"],
])("%j is refused", (args, words) => {
  expect(() => readRequest(args)).toThrow(words);
});

it("five rounds are the default, and help is no request", () => {
  expect(readRequest(["--against", "HEAD", "posting"])).toMatchObject({ rounds: 5, seconds: 3 });
  expect(readRequest(["--help"])).toBeUndefined();
});
