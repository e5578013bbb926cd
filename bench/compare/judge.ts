/** Medians, ranges, and which of two sides is worse. Pure. */
import { FIGURES, type Measurement } from "./measurement.ts";

/** Below this, five turns on a shared machine tell nothing. */
const TOLERANCE = 0.05;

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export interface Comparison {
  /** `<phase>_<figure>`, as in the line of JSON. */
  readonly name: string;
  readonly ours: Spread;
  readonly theirs: Spread;
  /** Our median over theirs. */
  readonly ratio: number;
  readonly isWorse: boolean;
}

/** Compares each figure of a phase. Both sides have at least one measurement. */
export function compare(
  phase: string,
  ours: readonly Measurement[],
  theirs: readonly Measurement[],
): Comparison[] {
  return Object.entries(FIGURES).map(([key, { suffix, isMoreBetter }]) => {
    const figure = key as keyof Measurement;
    const [our, their] = [spreadOf(ours, figure), spreadOf(theirs, figure)];
    return {
      name: `${phase}_${suffix}`,
      ours: our,
      theirs: their,
      ratio: our.median / their.median,
      isWorse: isMoreBetter
        ? our.median < Math.min(their.lowest, their.median * (1 - TOLERANCE))
        : our.median > Math.max(their.highest, their.median * (1 + TOLERANCE)),
    };
  });
}

/** The mean of each figure over the turns of one round, which are of equal length. */
export function mean(turns: readonly Measurement[]): Measurement {
  const of = (figure: keyof Measurement) =>
    turns.reduce((sum, turn) => sum + turn[figure], 0) / turns.length;
  return {
    perSecond: of("perSecond"),
    p99Ms: of("p99Ms"),
    nodeUs: of("nodeUs"),
    postgresUs: of("postgresUs"),
  };
}

function spreadOf(turns: readonly Measurement[], figure: keyof Measurement): Spread {
  const sorted = Float64Array.from(turns, (turn) => turn[figure]).sort();
  const middle = sorted.length / 2;
  const [low, high] = [Math.ceil(middle) - 1, Math.floor(middle)];
  return {
    median: ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2,
    lowest: sorted[0] ?? Number.NaN,
    highest: sorted[sorted.length - 1] ?? Number.NaN,
  };
}
