/**
 * The effect on clients while the foreign key is dropped: by the naive ALTER, by ALTER with
 * `lock_timeout` 5 s and retries, and by this tool; 16 clients, mixed lock order, a report that
 * stays open for 6 s. Then this tool against clients in opposite orders, and its rollback on a
 * large database (`--rows`, 3 million).
 *
 * Prints one line per case and ends with one line of JSON. Run it on a quiet machine.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { walletForeignKeys } from "../server/src/db/wallet-foreign-keys.ts";
import { startBenchCluster, type BenchCluster } from "./posting/bench-cluster.ts";
import { holdReader, startClients, type LoadResult } from "./repair/clients.ts";
import { lockHold } from "./repair/lock-hold.ts";
import { measureRollbacks, type LargeRollback } from "./repair/large-rollback.ts";
import { loadLegacy, targetOf } from "./repair/legacy-database.ts";
import { naive, ours, retrying, type Method } from "./repair/methods.ts";
import { measureOpposite, OPPOSITE_SIZES, type OppositeResult } from "./repair/opposite.ts";

const { values: OPTIONS } = parseArgs({
  options: { rows: { type: "string", default: "3000000" } },
});
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

/** Bounds of the opposite orders: of each median, of every run, of one statement of a client. */
const OPPOSITE = { medianS: 15, slowestS: 60, waitMs: 100 } as const;
const WRITER_WAIT_MS = 300;

function showOpposite(workers: number, { medianS, slowestS, ...result }: OppositeResult): void {
  console.log(
    `opposite orders, ${workers} + ${workers}         changed after ${medianS.toFixed(1)} s (median), ${slowestS.toFixed(1)} s at most   ` +
      `worst wait ${result.worstWaitMs.toFixed(1)} ms   errors: ${result.errors}   lost: ${result.lost}`,
  );
}

function showRollback({ option, writerWaitMs, totalMs, errors }: LargeRollback): void {
  console.log(
    `rollback ${option.padEnd(12)} ${OPTIONS.rows} rows   writers wait ${writerWaitMs.toFixed(1)} ms at most   ` +
      `${(totalMs / 1000).toFixed(1)} s in all   errors: ${errors}`,
  );
}

interface Measurements {
  readonly own: Measured;
  readonly heldMs: number;
  readonly opposite: readonly OppositeResult[];
  readonly rollbacks: readonly LargeRollback[];
}

function failures({ own, heldMs, opposite, rollbacks }: Measurements): string[] {
  return [
    ...(own.keyGone ? [] : ["ours left the key"]),
    ...(own.sums === EXPECTED_SUMS ? [] : [`sums moved: ${own.sums}`]),
    ...(errorCount(own) === 0 ? [] : ["ours cost client errors"]),
    ...(heldMs > 0 ? [] : ["the lock was never seen"]),
    ...opposite.flatMap((result, at) => [
      ...(result.lost === 0 && result.slowestS <= OPPOSITE.slowestS ? [] : [`opposite ${at} lost`]),
      ...(result.medianS <= OPPOSITE.medianS ? [] : [`opposite ${at} took ${result.medianS} s`]),
      ...(result.errors === 0 ? [] : [`opposite ${at} cost client errors`]),
      ...(result.worstWaitMs < OPPOSITE.waitMs ? [] : [`opposite ${at} stalled clients`]),
    ]),
    ...rollbacks.flatMap(({ option, writerWaitMs, errors }) => [
      ...(writerWaitMs < WRITER_WAIT_MS ? [] : [`rollback ${option} stalled writers`]),
      ...(errors === 0 ? [] : [`rollback ${option} cost client errors`]),
    ]),
  ];
}

/** `opposite_2_2_s` and the like, with the worst over all sizes. */
function oppositeFigures(results: readonly OppositeResult[]): Record<string, number> {
  return {
    ...Object.fromEntries(
      results.map(({ medianS }, at) => {
        const workers = OPPOSITE_SIZES[at] ?? 0;
        return [`opposite_${workers}_${workers}_s`, Number(medianS.toFixed(2))];
      }),
    ),
    opposite_slowest_s: Number(Math.max(...results.map(({ slowestS }) => slowestS)).toFixed(2)),
    opposite_worst_wait_ms: Number(
      Math.max(...results.map(({ worstWaitMs }) => worstWaitMs)).toFixed(1),
    ),
    opposite_client_errors: results.reduce((sum, { errors }) => sum + errors, 0),
  };
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
  const opposite: OppositeResult[] = [];
  for (const workers of OPPOSITE_SIZES) {
    const result = await measureOpposite(cluster, workers);
    showOpposite(workers, result);
    opposite.push(result);
  }
  const rollbacks = await measureRollbacks(cluster, Number(OPTIONS.rows));
  for (const rollback of rollbacks) showRollback(rollback);
  const broken = failures({ own, heldMs, opposite, rollbacks });
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
        ...oppositeFigures(opposite),
        [rollbackFigure()]: Number(
          Math.max(...rollbacks.map(({ writerWaitMs }) => writerWaitMs)).toFixed(1),
        ),
      },
      invariants: broken.length === 0 ? "ok" : broken.join("; "),
    }),
  );
  if (broken.length > 0) process.exitCode = 1;
} finally {
  await cluster.stop();
}

/** Named by its size: `rollback_writer_wait_ms_at_3m`. */
function rollbackFigure(): string {
  const millions = Number(OPTIONS.rows) / 1_000_000;
  return `rollback_writer_wait_ms_at_${millions}m`;
}
