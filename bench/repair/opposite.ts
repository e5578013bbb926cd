/**
 * Clients that lock the two tables in opposite orders: some write wallets and then players, as many
 * players and then wallets, each inside one transaction with a pause between. A session that waits for one
 * table while the other is held waits in vain.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionTarget } from "../../server/src/db/driver/direct-client.ts";
import { sqlStateOf } from "../../server/src/db/sql-state.ts";
import type { BenchCluster } from "../posting/bench-cluster.ts";
import { connect, dropDatabase, loadLegacy, targetOf } from "./legacy-database.ts";
import { ours } from "./methods.ts";

/** Workers of each order. */
export const OPPOSITE_SIZES = [1, 2, 4] as const;
const RUNS = 5;
/** Work of an application server between the two statements, on average. */
const WORK_MS = 20;
/**
 * Pause between two transactions, on average. More workers need longer ones: so all of them are
 * outside of their transactions together for a fraction of a percent of the time, at each size.
 */
const THINK_MS: Readonly<Record<number, number>> = { 1: 2, 2: 6, 4: 18 };
const WARM_UP_MS = 500;

const TOUCH = {
  wallets: "update public.wallets set updated_at = now() where user_id = $1",
  players: "update public.players set total_adventures = total_adventures + 1 where id = $1",
} as const;

export interface OppositeResult {
  readonly medianS: number;
  readonly slowestS: number;
  readonly worstWaitMs: number;
  readonly errors: number;
  /** Runs that ended without the change. */
  readonly lost: number;
}

/** The median of five runs, each on a database of its own. */
export async function measureOpposite(
  cluster: BenchCluster,
  workers: number,
): Promise<OppositeResult> {
  const runs: { seconds: number; done: boolean; worstWaitMs: number; errors: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const database = `bench_opposite_${workers}_${run}`;
    await loadLegacy(cluster, database);
    runs.push(await measureRun(targetOf(cluster, database), workers));
    await dropDatabase(cluster, database);
  }
  const seconds = runs.map((run) => run.seconds).toSorted((a, b) => a - b);
  return {
    medianS: seconds[Math.floor(RUNS / 2)] ?? 0,
    slowestS: seconds.at(-1) ?? 0,
    worstWaitMs: Math.max(...runs.map((run) => run.worstWaitMs)),
    errors: runs.reduce((sum, run) => sum + run.errors, 0),
    lost: runs.filter(({ done }) => !done).length,
  };
}

async function measureRun(target: ConnectionTarget, workers: number) {
  const load = await startOpposite(target, workers);
  await sleep(WARM_UP_MS);
  load.reset();
  const started = performance.now();
  const done = await ours(target).then(
    () => true,
    () => false,
  );
  const seconds = (performance.now() - started) / 1000;
  return { seconds, done, ...(await load.stop()) };
}

async function startOpposite(target: ConnectionTarget, workers: number) {
  const state = { stopped: false, worstWaitMs: 0, errors: 0 };
  const owners = await readOwners(target, workers * 2);
  // Each works on rows of its own, so that only locks of the tables can make one wait.
  const working = owners.map(async (owner, number) => {
    const client = await connect(target, `game ${number}`);
    const orders = [TOUCH.wallets, TOUCH.players];
    const statements = number % 2 === 0 ? orders : orders.toReversed();
    while (!state.stopped) {
      try {
        await client.query("begin");
        for (const [at, text] of statements.entries()) {
          if (at > 0) await pause(WORK_MS);
          const asked = performance.now();
          await client.query(text, [owner]);
          state.worstWaitMs = Math.max(state.worstWaitMs, performance.now() - asked);
        }
        await client.query("commit");
      } catch (error) {
        if (sqlStateOf(error) === undefined) throw error;
        state.errors++;
        await client.query("rollback");
      }
      await pause(THINK_MS[workers] ?? WORK_MS);
    }
    await client.close();
  });
  return {
    reset: () => Object.assign(state, { worstWaitMs: 0, errors: 0 }),
    async stop() {
      state.stopped = true;
      await Promise.all(working);
      return { worstWaitMs: state.worstWaitMs, errors: state.errors };
    },
  };
}

function pause(averageMs: number): Promise<void> {
  return sleep(averageMs * (0.5 + Math.random()));
}

async function readOwners(target: ConnectionTarget, count: number): Promise<string[]> {
  const client = await connect(target, "bench");
  const rows = await client.query<{ id: string }>(
    "select user_id as id from public.wallets order by 1 limit $1",
    [count],
  );
  await client.close();
  return rows.map(({ id }) => id);
}
