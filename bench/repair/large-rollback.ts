/** How long the writers of both tables stand while a rollback puts the key back on millions of rows. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionTarget } from "../../server/src/db/driver/direct-client.ts";
import { withRepairConnection } from "../../server/src/repair/connection/connection.ts";
import { silent } from "../../server/src/repair/model/events.ts";
import { WALLETS_REPAIR } from "../../server/src/repair/model/wallets.ts";
import type { OptionName } from "../../server/src/repair/rollback/options.ts";
import { runRollback } from "../../server/src/repair/rollback/rollback.ts";
import { readRollback } from "../../server/src/repair/rollback/view.ts";
import type { BenchCluster } from "../posting/bench-cluster.ts";
import { connect, dropDatabase, fillRows, loadLegacy, targetOf } from "./legacy-database.ts";
import { ours } from "./methods.ts";

/** Each with the external users that it needs. */
const OPTIONS = [
  ["exact", 0],
  ["freeze", 0],
  ["no-action", 0],
  ["quarantine", 100],
] as const;
const BUDGET_MS = 60_000;
const THINK_MS = 2;
const WARM_UP_MS = 500;

export interface LargeRollback {
  readonly option: OptionName;
  readonly writerWaitMs: number;
  readonly totalMs: number;
  readonly errors: number;
}

/** Each option after a repair of its own, on one database of `rows` players with a wallet each. */
export async function measureRollbacks(
  cluster: BenchCluster,
  rows: number,
): Promise<LargeRollback[]> {
  const database = "bench_large_rollback";
  await loadLegacy(cluster, database);
  const target = targetOf(cluster, database);
  const client = await connect(target, "bench");
  await fillRows(client, rows);
  const results: LargeRollback[] = [];
  for (const [option, externalUsers] of OPTIONS) {
    await ours(target);
    await client.query(
      "insert into public.wallets (user_id) select 'external-' || n from generate_series(1, $1::int) n",
      [externalUsers],
    );
    results.push(await measureOption(target, option));
  }
  await client.close();
  await dropDatabase(cluster, database);
  return results;
}

async function measureOption(target: ConnectionTarget, option: OptionName): Promise<LargeRollback> {
  const view = await withRepairConnection(target, "bench", (client) =>
    readRollback(client, WALLETS_REPAIR),
  );
  const writers = startWriters(target);
  await sleep(WARM_UP_MS);
  const started = performance.now();
  await runRollback({
    target,
    repair: WALLETS_REPAIR,
    view,
    option,
    emit: silent,
    budgetMs: BUDGET_MS,
    operator: "bench",
    reason: undefined,
  });
  const totalMs = performance.now() - started;
  return { option, totalMs, ...(await writers.stop()) };
}

const WRITES = [
  "update public.wallets set updated_at = now() where user_id = $1",
  "update public.players set updated_at = now() where id = $1",
];

/** One writer on each table, on rows that change with every write. */
function startWriters(target: ConnectionTarget) {
  const state = { stopped: false, writerWaitMs: 0, errors: 0 };
  const working = WRITES.map(async (text) => {
    const client = await connect(target, "game");
    for (let turn = 1; !state.stopped; turn++) {
      const asked = performance.now();
      await client.query(text, [`player-${turn}`]).catch(() => state.errors++);
      state.writerWaitMs = Math.max(state.writerWaitMs, performance.now() - asked);
      await sleep(THINK_MS);
    }
    await client.close();
  });
  return {
    async stop() {
      state.stopped = true;
      await Promise.all(working);
      return { writerWaitMs: state.writerWaitMs, errors: state.errors };
    },
  };
}
