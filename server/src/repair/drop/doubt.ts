/**
 * In doubt: the connection died between sending COMMIT and its answer.
 *
 * The server knows the outcome. We query the status of the transaction. While it is in progress we
 * wait for the old backend's end (pid *and* start time, because pids are reused). The change itself
 * is sent once only.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isBackendAlive, readTransactionStatus } from "../catalogue/server-queries.ts";
import { openRepairConnection } from "../connection/connection.ts";
import type { ConnectionTarget, DirectClient } from "../../db/driver/direct-client.ts";
import { isNewDayError } from "../../errors/errors.ts";
import type { Backend } from "./round.ts";

/** Covers a restart and a short failover; afterwards `resume` asks again. */
const RESOLVE_BUDGET_MS = 60_000;
const POLL_MS = 200;

export type Resolution = "committed" | "aborted" | "unknown";

/**
 * Queries the transaction's outcome; `unknown` when the server is unreachable or has discarded it.
 */
export async function resolveDoubt(
  target: ConnectionTarget,
  backend: Backend,
  budgetMs = RESOLVE_BUDGET_MS,
): Promise<Resolution> {
  const deadline = performance.now() + budgetMs;
  while (performance.now() < deadline) {
    const client = await openRepairConnection(target, "resolve").catch(unreachable);
    if (client) {
      try {
        const resolution = await ask(client, backend);
        if (resolution) return resolution;
      } catch (error) {
        if (!client.isLost()) throw error;
      } finally {
        await client.close();
      }
    }
    await sleep(POLL_MS);
  }
  return "unknown";
}

async function ask(client: DirectClient, backend: Backend): Promise<Resolution | undefined> {
  const identity = { pid: backend.pid, start: backend.backendStart };
  const alive = await isBackendAlive(client, identity);
  // A server that continued from an older state reports the unknown number as an error.
  const status = await readTransactionStatus(client, backend.transactionId).catch(() => null);
  // Final, even while its backend still waits for the lost client.
  if (status === "committed" || status === "aborted") return status;
  if (alive) return undefined;
  // A crashed server marks its open transactions as aborted only once recovery has passed them.
  return status === null ? "unknown" : undefined;
}

function unreachable(error: unknown): undefined {
  if (isNewDayError(error) && error.code === "repair_blocked") return undefined;
  throw error;
}
