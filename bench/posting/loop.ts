/** Closed loops of calls: a fixed number in flight, for a fixed time. Knows nothing of the engine. */

export interface LoadResult {
  /** Transfers per second. */
  readonly rate: number;
  readonly transfers: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export type Pair = () => readonly [number, number];

/** Two different accounts at random. */
export function uniformPair(accounts: number): Pair {
  return () => {
    const from = Math.floor(Math.random() * accounts);
    const step = 1 + Math.floor(Math.random() * (accounts - 1));
    return [from, (from + step) % accounts];
  };
}

/** Account 0 in every transfer, as payer or payee in turn. */
export function hotPair(accounts: number): Pair {
  let turn = false;
  return () => {
    const other = 1 + Math.floor(Math.random() * (accounts - 1));
    turn = !turn;
    return turn ? [0, other] : [other, 0];
  };
}

/** Keeps `inFlight` calls of `once` going for `seconds` and counts what finished. */
export async function runLoop(
  { inFlight, seconds }: { inFlight: number; seconds: number },
  once: () => Promise<void>,
): Promise<LoadResult> {
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const from = performance.now();
      await once();
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const elapsed = (performance.now() - started) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return {
    rate: latencies.length / elapsed,
    transfers: latencies.length,
    p50: at(0.5),
    p99: at(0.99),
  };
}
