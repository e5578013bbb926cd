/** The bounds of the buckets of balances (count-queries.ts), and the concentration that they tell. Pure. */

export interface BalanceBucket {
  readonly bucket: number;
  readonly holders: bigint;
  readonly total: bigint;
}

const SINGLE_MAX = 99;

/** The least and the greatest balance of a bucket. */
export function boundsOf(bucket: number): { readonly low: bigint; readonly high: bigint } {
  if (bucket <= SINGLE_MAX) return { low: BigInt(bucket), high: BigInt(bucket) };
  const [digits, lead] = [Math.floor(bucket / 100), bucket % 100];
  const unit = 10n ** BigInt(digits - 2);
  const low = BigInt(lead) * unit;
  return { low, high: low + unit - 1n };
}

/** A fraction between whole numbers. */
interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** `over / under` in decimal digits, cut off; "0" where there is nothing to divide by. */
export function decimalOf({ over, under }: Fraction, digits = 6): string {
  if (under === 0n) return "0";
  const negative = over < 0n !== under < 0n;
  const scaled =
    ((over < 0n ? -over : over) * 10n ** BigInt(digits)) / (under < 0n ? -under : under);
  const text = `${scaled}`.padStart(digits + 1, "0");
  const fraction = text.slice(-digits).replace(/0+$/, "");
  const whole = text.slice(0, -digits);
  const shown = fraction === "" ? whole : `${whole}.${fraction}`;
  return negative && scaled > 0n ? `-${shown}` : shown;
}

export interface Concentration {
  readonly holders: bigint;
  readonly held: bigint;
  /** The Gini coefficient, 0 where all hold the same; between this and this with the error. */
  readonly gini: string;
  readonly giniError: string;
}

/** Parts per million of the population's and the wealth's product, for the error alone. */
const PARTS = 1_000_000n;

/**
 * The Gini coefficient of the holders. Among buckets it is exact; within one, balances differ by less than a tenth,
 * and the error bounds what that can add: at most (high - mean)(mean - low) / (mean (high - low)) of the bucket.
 */
export function concentrationOf(buckets: readonly BalanceBucket[]): Concentration {
  const sorted = buckets
    .filter(({ holders }) => holders > 0n)
    .toSorted((a, b) => a.bucket - b.bucket);
  let [holders, held, twiceArea, error] = [0n, 0n, 0n, 0n];
  for (const { holders: count, total } of sorted) {
    twiceArea += count * (held + held + total);
    holders += count;
    held += total;
  }
  const under = holders * held;
  for (const row of sorted) error += errorOf(row, under);
  return {
    holders,
    held,
    gini: decimalOf({ over: under - twiceArea, under }),
    giniError: decimalOf({ over: error, under: PARTS }),
  };
}

function errorOf({ bucket, holders, total }: BalanceBucket, under: bigint): bigint {
  const { low, high } = boundsOf(bucket);
  if (high === low || holders === 1n || total === 0n || under === 0n) return 0n;
  // With the mean as total / holders: multiplied out, so that nothing is cut off before the end.
  const over = (high * holders - total) * (total - low * holders) * holders * total * PARTS;
  return over / (total * holders * (high - low) * under) + 1n;
}

/** The greatest balance that leaves at least so many holders at or above it. */
export function thresholdFor(buckets: readonly BalanceBucket[], wanted: bigint): bigint {
  let above = 0n;
  const sorted = buckets.toSorted((a, b) => b.bucket - a.bucket);
  for (const { bucket, holders } of sorted) {
    above += holders;
    if (above >= wanted) return boundsOf(bucket).low;
  }
  return 1n;
}
