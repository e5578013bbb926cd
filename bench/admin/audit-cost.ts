/**
 * What the continuous audit costs: processor time of PostgreSQL and of the server per transfer without it over
 * with it, in turns, under as many transfers as the machine takes.
 */
import { composeServices } from "../../server/src/compose.ts";
import { readConfig } from "../../server/src/config.ts";
import type { Database } from "../../server/src/db/database.ts";
import { startAuditWorker } from "../../server/src/integrity/continuous/audit-worker.ts";
import type { BenchCluster } from "../posting/bench-cluster.ts";
import { startCpuMeter } from "../posting/cpu.ts";
import { runEngine } from "../posting/load.ts";
import { uniformPair } from "../posting/loop.ts";

const IN_FLIGHT = 100;
const WARM_UP_SECONDS = 5;
/** Each turn has both orders, so that a database that grows favours neither. */
const TURNS = 4;

interface Cost {
  microseconds: number;
  transfers: number;
}

export async function measureAuditCost(
  cluster: BenchCluster,
  db: Database,
  { accounts, seconds }: { readonly accounts: number; readonly seconds: number },
): Promise<number> {
  const services = composeServices(readConfig({}, "/nonexistent"), db, {
    version: "0",
    id: "bench",
  });
  const pair = uniformPair(accounts);
  const post = (duration: number) =>
    runEngine(services.engine, pair, { inFlight: IN_FLIGHT, seconds: duration });
  const costs = { without: emptyCost(), with: emptyCost() };
  await post(WARM_UP_SECONDS);
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const isAudited of turn % 2 === 0 ? [false, true] : [true, false]) {
      const worker = isAudited
        ? startAuditWorker(services, (error) => console.error(error))
        : undefined;
      const used = startCpuMeter(cluster.pid);
      const { transfers } = await post(seconds);
      const { nodeMicroseconds, databaseMicroseconds } = used();
      await worker?.stop();
      const cost = isAudited ? costs.with : costs.without;
      cost.microseconds += nodeMicroseconds + databaseMicroseconds;
      cost.transfers += transfers;
    }
  await services.engine.drain();
  const perTransfer = ({ microseconds, transfers }: Cost) => microseconds / transfers;
  for (const [label, cost] of Object.entries(costs))
    console.log(
      `${label} the audit`.padEnd(28),
      `${perTransfer(cost).toFixed(1)} \u00b5s a transfer`,
    );
  return perTransfer(costs.without) / perTransfer(costs.with);
}

function emptyCost(): Cost {
  return { microseconds: 0, transfers: 0 };
}
