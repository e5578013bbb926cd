/** Closed loops of transfers: a fixed number in flight, for a fixed time. */
import { accountId } from "../../server/src/ledger/accounts.ts";
import type { Operation, PostingEngine } from "../../server/src/ledger/engine/operation.ts";
import { GAME_COINS } from "../../server/src/ledger/currencies.ts";
import { fingerprintOf } from "../../server/src/ledger/identifiers.ts";
import type { TransferPayload } from "../../server/src/ledger/kinds/transfer.ts";
import { FIRST_WALLET } from "./ledger-history.ts";

export interface LoadResult {
  /** Transfers per second. */
  readonly rate: number;
  readonly transfers: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export type Pair = () => readonly [number, number];

export function account(index: number): bigint {
  return accountId(BigInt(FIRST_WALLET + index), GAME_COINS);
}

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

let serial = 0;

/** A transfer as a real caller sends it: with a key of its own and a fingerprint. */
export function transferOperation([from, to]: readonly [
  number,
  number,
]): Operation<TransferPayload> {
  serial += 1;
  const body = `{"from":"${from}","to":"${to}","amount":"1"}`;
  return {
    caller: "allinone",
    kind: "transfer",
    payload: { from: account(from), to: account(to), amount: 1n },
    idempotency: { key: `bench-${process.pid}-${serial}`, fingerprint: fingerprintOf(body) },
  };
}

export function runEngine(
  engine: PostingEngine,
  pair: Pair,
  options: { inFlight: number; seconds: number },
): Promise<LoadResult> {
  return runLoop(options, async () => {
    const outcome = await engine.submit(transferOperation(pair()));
    if (outcome.status !== "posted") throw new Error(`refused: ${outcome.code}`);
  });
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
