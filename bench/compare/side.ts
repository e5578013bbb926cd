/** One commit of a comparison as a process: the same loops on both sides, each over its own source. */
import { startCpuMeter } from "../posting/cpu.ts";
import { hotPair, runLoop, uniformPair, type Pair } from "../posting/loop.ts";
import type { Measurement } from "./measurement.ts";
import type { Question } from "./side-process.ts";
import type { Ledger } from "./target-interface.ts";
// The bundler puts the file of the compared commit here.
import { brokenRules, openLedger, seedMarket } from "./target.ts";

const ACCOUNTS = 100_000;
/** As `bench:posting` measures. */
const IN_FLIGHT = 256;

const PAIRS: Readonly<Record<string, Pair>> = {
  uniform: uniformPair(ACCOUNTS),
  hot: hotPair(ACCOUNTS),
};

let ledger: Ledger | undefined;

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case "open-ledger":
      ledger = await openLedger(question.place, ACCOUNTS);
      return undefined;
    case "run":
      return run(question);
    case "close-ledger":
      return ledger?.close();
    case "seed-market":
      return seedMarket(question.place);
    case "audit":
      return brokenRules(question.place);
  }
}

async function run({
  phase,
  seconds,
  postmaster,
}: Question & { ask: "run" }): Promise<Measurement> {
  const [opened, pair] = [ledger, PAIRS[phase]];
  if (!opened || !pair) throw new Error(`no ledger is open, or ${phase} is no phase`);
  const stop = startCpuMeter(postmaster);
  const { rate, p99, transfers } = await runLoop({ inFlight: IN_FLIGHT, seconds }, () =>
    opened.transfer(pair()),
  );
  const { nodeMicroseconds, databaseMicroseconds } = stop();
  return {
    perSecond: rate,
    p99Ms: p99,
    nodeUs: nodeMicroseconds / transfers,
    postgresUs: databaseMicroseconds / transfers,
  };
}

process.on("message", (question: Question) => {
  answer(question).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : error }),
  );
});
process.on("disconnect", () => process.exit(0));
