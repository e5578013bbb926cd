/** Three ways to drop the same key: the written runbook's, most tools', and this tool's. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  openDirectClient,
  type ConnectionTarget,
  type DirectClient,
} from "../../server/src/db/driver/direct-client.ts";
import { sqlStateOf } from "../../server/src/db/sql-state.ts";
import { applyPlan } from "../../server/src/repair/apply/apply.ts";
import { withRepairConnection } from "../../server/src/repair/connection/connection.ts";
import { WALLETS_REPAIR } from "../../server/src/repair/model/wallets.ts";
import { silent } from "../../server/src/repair/model/events.ts";
import { buildPlan } from "../../server/src/repair/plan/build-plan.ts";
import { planHash } from "../../server/src/repair/model/plan.ts";

const DROP = "alter table public.wallets drop constraint wallets_user_id_players_id_fk";
/** Settings and statements of popular tools (docs/repair/facts.md 1). */
const COMMON_LOCK_TIMEOUT_MS = 5_000;
const COMMON_RETRIES = 5;
const COMMON_PAUSE_MS = 1_000;
const BUDGET_MS = 60_000;

export type Method = (target: ConnectionTarget) => Promise<string>;

export const naive: Method = (target) =>
  alone(target, async (client) => {
    await client.query(DROP);
    return "dropped";
  });

export const retrying: Method = (target) =>
  alone(target, async (client) => {
    await client.query(`set lock_timeout = ${COMMON_LOCK_TIMEOUT_MS}`);
    for (let attempt = 1; attempt <= COMMON_RETRIES; attempt++) {
      try {
        await client.query(DROP);
        return `dropped at attempt ${attempt}`;
      } catch (error) {
        if (sqlStateOf(error) !== "55P03") throw error;
        await sleep(COMMON_PAUSE_MS);
      }
    }
    return "gave up";
  });

/**
 * The whole apply, as the command does it; the backup is measured elsewhere and vouched for here.
 */
export const ours: Method = async (target) => {
  const { plan } = await withRepairConnection(target, "plan", (client) =>
    buildPlan(client, {
      repair: WALLETS_REPAIR,
      tool: "bench",
      environment: "bench",
      accepted: new Map(),
      now: new Date(),
    }),
  );
  const { outcome } = await applyPlan({
    target,
    plan,
    hash: planHash(plan),
    backup: { kind: "attested", evidence: "benchmark", actor: "bench" },
    emit: silent,
    budgetMs: BUDGET_MS,
    operator: "bench",
    local: undefined,
    now: new Date(),
  });
  return outcome;
};

async function alone(
  target: ConnectionTarget,
  work: (client: DirectClient) => Promise<string>,
): Promise<string> {
  const client = await openDirectClient({
    target,
    applicationName: "migration",
    connectTimeoutMs: 10_000,
  });
  try {
    return await work(client).catch((error: unknown) => `failed with ${sqlStateOf(error) ?? "?"}`);
  } finally {
    await client.close();
  }
}
