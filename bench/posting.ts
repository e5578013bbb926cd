/**
 * The posting benchmark: the engine beside pgbench and beside one transaction per transfer, in one
 * run on one PostgreSQL 15 with fsync and synchronous_commit on, the load generator on the same
 * cores. Rounds alternate, ratios are of medians, and the books are audited afterwards.
 *
 *   npm run bench:posting            about six minutes
 *   npm run bench:posting -- --quick about one
 */
import { audit } from "../server/src/integrity/audit.ts";
import { createPostingEngine } from "../server/src/engine/engine.ts";
import type { PostingEngine } from "../server/src/engine/operation.ts";
import type { Database } from "../server/src/db/database.ts";
import { createPostingRegistry } from "../server/src/start/posting-registry.ts";
import { startBenchCluster, type BenchCluster } from "./posting/bench-cluster.ts";
import { startCpuMeter } from "./posting/cpu.ts";
import { createLedger } from "./posting/ledger-history.ts";
import { runEngine } from "./posting/load.ts";
import { hotPair, runLoop, uniformPair, type LoadResult } from "./posting/loop.ts";
import {
  createTransferFunction,
  transferByFunction,
  transferByStatements,
} from "./posting/one-at-a-time.ts";
import { preparePgbench, runTpcb } from "./posting/pgbench.ts";

const ACCOUNTS = 100_000;
const IN_FLIGHT = 256;
/** One transaction per transfer does best here (docs/performance.md 1). */
const SINGLE_IN_FLIGHT = 64;
const TPCB_CLIENTS = [8, 16, 32];

const quick = process.argv.includes("--quick");
const rounds = quick ? 1 : 3;
const seconds = quick ? 2 : 5;
/** Two entries each: 10 million, or 1 million in the quick run. */
const pastRounds = quick ? 5 : 50;
/** Until nearly every account has been cached once, and nearly every index page changed once. */
const warmUpSeconds = quick ? 6 : 12;

interface Stage {
  readonly cluster: BenchCluster;
  /**
   * As large as the small one; baselines that wrote to it would invalidate the engine's cached
   * rows.
   */
  readonly baseline: Database;
  readonly small: Database;
  readonly large: Database;
  readonly onSmall: PostingEngine;
  readonly onLarge: PostingEngine;
}

class Measures {
  readonly #values = new Map<string, number[]>();

  add(name: string, value: number): void {
    const values = this.#values.get(name) ?? [];
    this.#values.set(name, [...values, value]);
  }

  /** Rate and cost: one line while it runs, one value for the medians. */
  addLoad(name: string, result: LoadResult): void {
    this.add(name, result.rate);
    this.add(`${name}_p50`, result.p50);
    this.add(`${name}_p99`, result.p99);
    const times = `p50 ${result.p50.toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms`;
    console.log(`  ${name.padEnd(26)} ${Math.round(result.rate)}/s  ${times}`);
  }

  median(name: string): number {
    const sorted = Float64Array.from(this.#values.get(name) ?? []).sort();
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}

async function prepare(cluster: BenchCluster): Promise<Stage> {
  console.log("preparing: pgbench scale 50, three ledgers");
  const admin = cluster.open("postgres", 1);
  await admin.query("create database tpcb");
  // The baselines write to accounts too; here rather than in each transaction, to their advantage.
  await admin.query("alter role newday set newday.posting = 'on'");
  await admin.close();
  preparePgbench(cluster);
  const baseline = await createLedger(cluster, "baseline", { accounts: ACCOUNTS, rounds: 0 });
  const small = await createLedger(cluster, "small", { accounts: ACCOUNTS, rounds: 0 });
  const large = await createLedger(cluster, "large", { accounts: ACCOUNTS, rounds: pastRounds });
  await createTransferFunction(baseline);
  await small.query("checkpoint");
  const registry = createPostingRegistry();
  return {
    cluster,
    baseline,
    small,
    large,
    onSmall: createPostingEngine(small, registry, { applicationName: "bench-small" }),
    onLarge: createPostingEngine(large, registry, { applicationName: "bench-large" }),
  };
}

/**
 * Prepared statements, compiled code and cached rows on both sides; the rounds measure the rest.
 * The checkpoint comes first: after one, the first change of every page is logged with the whole
 * page, and the large ledger has a hundred times the pages of the small one.
 */
async function warmUp({ onSmall, onLarge, small }: Stage): Promise<void> {
  await small.query("checkpoint");
  for (const engine of [onLarge, onSmall])
    await runEngine(engine, uniformPair(ACCOUNTS), {
      inFlight: IN_FLIGHT,
      seconds: warmUpSeconds,
    });
}

function bestClients(cluster: BenchCluster): number {
  const tried = TPCB_CLIENTS.map((clients) => ({
    clients,
    rate: runTpcb(cluster, clients, Math.min(seconds, 3)),
  }));
  for (const { clients, rate } of tried)
    console.log(`  pgbench with ${clients} clients: ${Math.round(rate)}/s`);
  return tried.reduce((best, one) => (one.rate > best.rate ? one : best)).clients;
}

interface Round {
  readonly round: number;
  readonly clients: number;
}

async function runRound(stage: Stage, { round, clients }: Round, measures: Measures) {
  const { cluster, baseline, onSmall, onLarge } = stage;
  const single = { inFlight: SINGLE_IN_FLIGHT, seconds };
  const batched = { inFlight: IN_FLIGHT, seconds };
  const uniform = uniformPair(ACCOUNTS);
  const hot = hotPair(ACCOUNTS);
  const tpcb = runTpcb(cluster, clients, seconds);
  measures.add("tpcb", tpcb);
  console.log(`  ${"tpcb".padEnd(26)} ${Math.round(tpcb)}/s`);
  if (round % 2 === 0)
    measures.addLoad("engine_uniform_large", await runEngine(onLarge, uniform, batched));
  const cpu = startCpuMeter(cluster.pid);
  const result = await runEngine(onSmall, uniform, batched);
  addShares(measures, result, cpu());
  measures.addLoad("engine_uniform", result);
  if (round % 2 === 1)
    measures.addLoad("engine_uniform_large", await runEngine(onLarge, uniform, batched));
  measures.addLoad(
    "single_uniform",
    await runLoop(single, () => transferByStatements(baseline, uniform)),
  );
  measures.addLoad(
    "call_uniform",
    await runLoop(single, () => transferByFunction(baseline, uniform)),
  );
  measures.addLoad("engine_hot", await runEngine(onSmall, hot, batched));
  measures.addLoad("single_hot", await runLoop(single, () => transferByStatements(baseline, hot)));
}

/** Microseconds per transfer, and the idle share of the two cores. */
function addShares(
  measures: Measures,
  { transfers, rate }: LoadResult,
  used: { nodeMicroseconds: number; databaseMicroseconds: number },
): void {
  const node = used.nodeMicroseconds / transfers;
  const database = used.databaseMicroseconds / transfers;
  measures.add("node_us", node);
  measures.add("database_us", database);
  measures.add("node_cores", (node * rate) / 1e6);
  measures.add("database_cores", (database * rate) / 1e6);
}

/** Growth of table and indexes by the engine's own transfers. */
async function bytesPerTransfer(stage: Stage): Promise<number> {
  const size = async () => {
    await stage.small.query("vacuum newday.transfers");
    const [row] = await stage.small.query<{ bytes: bigint; rows: bigint }>(
      `select pg_total_relation_size('newday.transfers') as bytes,
        (select count(*) from newday.transfers) as rows`,
    );
    return { bytes: Number(row?.bytes ?? 0n), rows: Number(row?.rows ?? 0n) };
  };
  const { bytes, rows } = await size();
  return bytes / rows;
}

async function main(): Promise<void> {
  const cluster = await startBenchCluster();
  try {
    const stage = await prepare(cluster);
    const measures = new Measures();
    const clients = bestClients(cluster);
    await warmUp(stage);
    for (let round = 1; round <= rounds; round += 1) {
      console.log(`round ${round} of ${rounds}`);
      await runRound(stage, { round, clients }, measures);
    }
    await Promise.all([stage.onSmall.drain(), stage.onLarge.drain()]);
    const bytes = await bytesPerTransfer(stage);
    const sound = await isSound(stage);
    report(measures, { clients, bytes, sound });
    await Promise.all([stage.baseline.close(), stage.small.close(), stage.large.close()]);
    if (!sound) process.exitCode = 1;
  } finally {
    await cluster.stop();
  }
}

async function isSound({ baseline, small, large }: Stage): Promise<boolean> {
  const breaches = [...(await audit(baseline)).breaches, ...(await audit(small)).breaches];
  for (const { rule, count } of breaches) console.log(`BROKEN: ${rule.en}: ${count}`);
  const [sum] = await large.query<{ total: string }>(
    "select sum(balance)::text as total from newday.accounts",
  );
  return breaches.length === 0 && sum?.total === "0";
}

function report(
  measures: Measures,
  { clients, bytes, sound }: { clients: number; bytes: number; sound: boolean },
): void {
  const of = (name: string) => measures.median(name);
  const ratios = {
    uniform_vs_tpcb: of("engine_uniform") / of("tpcb"),
    uniform_vs_single: of("engine_uniform") / of("single_uniform"),
    hot_vs_uniform: of("engine_hot") / of("engine_uniform"),
    hot_vs_single: of("engine_hot") / of("single_hot"),
    growth: of("engine_uniform") / of("engine_uniform_large"),
    bytes_per_transfer: bytes,
  };
  const figures = {
    tpcb: of("tpcb"),
    tpcb_clients: clients,
    engine_uniform: of("engine_uniform"),
    engine_uniform_p50_ms: of("engine_uniform_p50"),
    engine_uniform_p99_ms: of("engine_uniform_p99"),
    engine_hot: of("engine_hot"),
    engine_hot_p99_ms: of("engine_hot_p99"),
    engine_uniform_large: of("engine_uniform_large"),
    single_uniform: of("single_uniform"),
    single_hot: of("single_hot"),
    call_uniform: of("call_uniform"),
    node_us_per_transfer: of("node_us"),
    database_us_per_transfer: of("database_us"),
    node_cores: of("node_cores"),
    database_cores: of("database_cores"),
  };
  console.log("medians:");
  for (const [name, value] of Object.entries({ ...ratios, ...figures }))
    console.log(`  ${name.padEnd(26)} ${value.toFixed(2)}`);
  const round = (values: Record<string, number>) =>
    Object.fromEntries(Object.entries(values).map(([k, v]) => [k, Number(v.toFixed(2))]));
  const invariants = sound ? "ok" : "broken";
  console.log(
    JSON.stringify({
      bench: "posting",
      ratios: round(ratios),
      figures: round(figures),
      invariants,
    }),
  );
}

await main();
