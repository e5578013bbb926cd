/** Closed loops of transfers: a fixed number in flight, for a fixed time. */
import type { Database } from "../../server/src/db/database.ts";
import { accountId } from "../../server/src/ledger/accounts.ts";
import type { Operation, PostingEngine } from "../../server/src/ledger/engine/operation.ts";
import type { TransferPayload } from "../../server/src/ledger/kinds/transfer.ts";
import { fingerprintOf } from "../../server/src/ledger/identifiers.ts";

export const FIRST_WALLET = 1_000_000;
const OPENING_BALANCE = 1_000_000_000;
const GAME_COINS = 1;

export interface LoadResult {
  /** Transfers per second. */
  readonly rate: number;
  readonly transfers: number;
  readonly p50: number;
  readonly p99: number;
}

/** Wallets and accounts with money, loaded by plain SQL: the load needs somebody to pay. */
export async function createAccounts(db: Database, count: number): Promise<void> {
  await db.query(
    `insert into newday.wallets (number, id, user_id)
      select n, 'bench-' || n, 'bench-' || n from generate_series($1::bigint, $2::bigint) n`,
    [FIRST_WALLET, FIRST_WALLET + count - 1],
  );
  await db.query(
    `insert into newday.accounts (id, balance)
      select n * 65536 + ${GAME_COINS}, ${OPENING_BALANCE}
      from generate_series($1::bigint, $2::bigint) n`,
    [FIRST_WALLET, FIRST_WALLET + count - 1],
  );
  await db.query("vacuum analyze newday.accounts");
}

export function account(index: number): bigint {
  return accountId(BigInt(FIRST_WALLET + index), GAME_COINS);
}

/** Two different accounts at random. */
export function uniformPair(accounts: number): () => [number, number] {
  return () => {
    const from = Math.floor(Math.random() * accounts);
    const step = 1 + Math.floor(Math.random() * (accounts - 1));
    return [from, (from + step) % accounts];
  };
}

/** Account 0 in every transfer, as payer or payee in turn. */
export function hotPair(accounts: number): () => [number, number] {
  let turn = false;
  return () => {
    const other = 1 + Math.floor(Math.random() * (accounts - 1));
    turn = !turn;
    return turn ? [0, other] : [other, 0];
  };
}

let serial = 0;

/** A transfer as a real caller sends it: with a key of its own and a fingerprint. */
export function transferOperation([from, to]: [number, number]): Operation<TransferPayload> {
  serial += 1;
  const request = { from: `${from}`, to: `${to}`, amount: "1", serial };
  return {
    caller: "allinone",
    kind: "transfer",
    payload: { from: account(from), to: account(to), amount: 1n },
    idempotency: {
      key: `bench-${process.pid}-${serial}`,
      fingerprint: fingerprintOf(request),
    },
  };
}

export async function runEngine(
  engine: PostingEngine,
  pair: () => [number, number],
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
  once: (worker: number) => Promise<void>,
): Promise<LoadResult> {
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  const worker = async (index: number): Promise<void> => {
    while (performance.now() < end) {
      const from = performance.now();
      await once(index);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, index) => worker(index)));
  const elapsed = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    rate: latencies.length / elapsed,
    transfers: latencies.length,
    p50: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
  };
}
