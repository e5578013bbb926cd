/**
 * The effect on clients while the foreign key is dropped: by the naive ALTER, by ALTER with
 * `lock_timeout` 5 s and retries, and by this tool; 16 clients, mixed lock order, a report that
 * stays open for 6 s.
 *
 * Prints one line per method and ends with one line of JSON. Run it on a quiet machine.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { walletForeignKeys } from "../server/src/db/wallet-foreign-keys.ts";
import { openDirectClient } from "../server/src/db/driver/direct-client.ts";
import { startBenchCluster, type BenchCluster } from "./posting/bench-cluster.ts";
import { holdReader, startClients, type LoadResult } from "./repair/clients.ts";
import { lockHold } from "./repair/lock-hold.ts";
import { naive, ours, retrying, type Method } from "./repair/methods.ts";

const LEGACY_SQL = "server/test/fixtures/legacy/newday-legacy.sql";
const BLOCKER_MS = 6_000;
const WARM_UP_MS = 1_000;
/** The migration starts while the report is open: the harmful situation. */
const INTO_BLOCKER_MS = 500;
const COOL_DOWN_MS = 1_000;
const LOCK_RUNS = 5;
/** Counts and sums of the legacy data, equal before and after every method. */
const EXPECTED_SUMS = "182 wallets, 4584572 / 1300137 / 200208";

interface Measured extends LoadResult {
  readonly outcome: string;
  readonly keyGone: boolean;
  readonly sums: string;
}

async function loadLegacy(cluster: BenchCluster, database: string): Promise<void> {
  const admin = cluster.open("postgres", 1);
  await admin.query(`create database ${database}`);
  await admin.close();
  const client = await openDirectClient({
    target: targetOf(cluster, database),
    applicationName: "bench",
    connectTimeoutMs: 10_000,
  });
  await client.script(readFileSync(LEGACY_SQL, "utf8"));
  await client.close();
}

function targetOf(cluster: BenchCluster, database: string) {
  return { host: cluster.socketDir, port: cluster.port, user: "newday", database };
}

async function measure(cluster: BenchCluster, database: string, method: Method): Promise<Measured> {
  await loadLegacy(cluster, database);
  const target = targetOf(cluster, database);
  const load = await startClients(target);
  await sleep(WARM_UP_MS);
  const blocker = holdReader(target, BLOCKER_MS);
  await sleep(INTO_BLOCKER_MS);
  const outcome = await method(target);
  await blocker;
  await sleep(COOL_DOWN_MS);
  const result = await load.stop();
  const db = cluster.open(database, 1);
  const [sums] = await db.query<{ text: string }>(
    `select format('%s wallets, %s / %s / %s', count(*), sum(game_coins), sum(cash_balance), sum(computing_power)) as text
       from public.wallets`,
  );
  const keyGone = (await walletForeignKeys(db)).length === 0;
  await db.close();
  return { ...result, outcome, keyGone, sums: sums?.text ?? "" };
}

/** A single run depends on other load in those milliseconds. */
async function medianLockHold(cluster: BenchCluster): Promise<number> {
  const held: number[] = [];
  for (let run = 0; run < LOCK_RUNS; run++) {
    const database = `bench_far_${run}`;
    await loadLegacy(cluster, database);
    const server = { host: cluster.socketDir, port: cluster.port, user: "newday" };
    held.push(await lockHold(server, database, ours));
  }
  return held.toSorted((a, b) => a - b)[Math.floor(LOCK_RUNS / 2)] ?? 0;
}

function errorCount({ errors }: LoadResult): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}

function show(name: string, result: Measured): void {
  const errors = Object.entries(result.errors).map(([code, count]) => `${code} x${count}`);
  console.log(
    `${name.padEnd(28)} worst ${result.worstMs.toFixed(0).padStart(6)} ms   p50 ${result.p50Ms.toFixed(1)} ms   ` +
      `${result.requests} requests   errors: ${errors.join(", ") || "0"}   ${result.outcome}`,
  );
}

function failures(own: Measured, heldMs: number): string[] {
  return [
    ...(own.keyGone ? [] : ["ours left the key"]),
    ...(own.sums === EXPECTED_SUMS ? [] : [`sums moved: ${own.sums}`]),
    ...(errorCount(own) === 0 ? [] : ["ours cost client errors"]),
    ...(heldMs > 0 ? [] : ["the lock was never seen"]),
  ];
}

const cluster = await startBenchCluster();
try {
  const plain = await measure(cluster, "bench_naive", naive);
  show("ALTER, naive", plain);
  const common = await measure(cluster, "bench_retrying", retrying);
  show("ALTER, lock_timeout 5 s", common);
  const own = await measure(cluster, "bench_ours", ours);
  show("newday repair", own);
  const heldMs = await medianLockHold(cluster);
  console.log(
    `locks held with an 80 ms round trip (median of ${LOCK_RUNS}): ${heldMs.toFixed(1)} ms`,
  );
  const broken = failures(own, heldMs);
  console.log(
    JSON.stringify({
      bench: "repair",
      ratios: {
        naive_worst_vs_ours: Number((plain.worstMs / own.worstMs).toFixed(1)),
        retrying_worst_vs_ours: Number((common.worstMs / own.worstMs).toFixed(1)),
      },
      figures: {
        ours_worst_wait_ms: Number(own.worstMs.toFixed(1)),
        ours_client_errors: errorCount(own),
        naive_worst_wait_ms: Number(plain.worstMs.toFixed(1)),
        naive_client_errors: errorCount(plain),
        retrying_worst_wait_ms: Number(common.worstMs.toFixed(1)),
        retrying_client_errors: errorCount(common),
        locks_held_ms_at_80ms_rtt: Number(heldMs.toFixed(1)),
      },
      invariants: broken.length === 0 ? "ok" : broken.join("; "),
    }),
  );
  if (broken.length > 0) process.exitCode = 1;
} finally {
  await cluster.stop();
}
