/** Transfers through the engine, as a real caller sends them. */
import { accountId } from "../../server/src/ledger/accounts/accounts.ts";
import { operationOf } from "../../server/src/engine/operation-type.ts";
import type { Operation, PostingEngine } from "../../server/src/engine/operation.ts";
import { GAME_COINS } from "../../server/src/ledger/currencies/currencies.ts";
import { fingerprintOf } from "../../server/src/engine/identifiers.ts";
import { transferOperation } from "../../server/src/ledger/transfers/transfer-operation.ts";
import { FIRST_WALLET } from "./ledger-history.ts";
import { runLoop, type LoadResult, type Pair } from "./loop.ts";

export function account(index: number): bigint {
  return accountId(BigInt(FIRST_WALLET + index), GAME_COINS);
}

let serial = 0;

/** A transfer as a real caller sends it: with a key of its own and a fingerprint. */
export function keyedTransfer([from, to]: readonly [number, number]): Operation<null> {
  serial += 1;
  const body = `{"from":"${from}","to":"${to}","amount":"1"}`;
  const payload = { from: account(from), to: account(to), amount: 1n };
  const idempotency = { key: `bench-${process.pid}-${serial}`, fingerprint: fingerprintOf(body) };
  return operationOf(transferOperation, payload, { caller: "allinone", idempotency });
}

export function runEngine(
  engine: PostingEngine,
  pair: Pair,
  options: { inFlight: number; seconds: number },
): Promise<LoadResult> {
  return runLoop(options, async () => {
    const outcome = await engine.submit(keyedTransfer(pair()));
    if (outcome.status !== "posted") throw new Error(`refused: ${outcome.code}`);
  });
}
