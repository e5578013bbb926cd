/**
 * In doubt: the connection died between sending COMMIT and hearing the answer.
 *
 * The server knows. We ask for the status of the transaction, and while it is in progress we wait until
 * the old backend is gone (pid *and* start time, a pid may be used again). Nothing is ever repeated
 * blindly.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isBackendAlive, readTransactionStatus } from "../catalogue/server-queries.ts";
import { openRepairConnection, type ConnectionTarget, type DirectClient } from "../connection.ts";
import { isNewDayError } from "../../errors.ts";
import type { Backend } from "./round.ts";

/** Covers a restart and a short failover; afterwards `resume` asks again. */
const RESOLVE_BUDGET_MS = 60_000;
const POLL_MS = 200;

export type Resolution = "committed" | "aborted" | "unknown";

/** Asks the server what became of the transaction; `unknown` when it cannot be reached or forgot. */
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
  // A server that went on from an older state does not know the number and says so by an error.
  const status = await readTransactionStatus(client, backend.transactionId).catch(() => null);
  // Final, also while its backend has not noticed yet that nobody listens.
  if (status === "committed" || status === "aborted") return status;
  if (alive) return undefined;
  // A crashed server marks its open transactions as aborted only once recovery has passed them.
  return status === null ? "unknown" : undefined;
}

function unreachable(error: unknown): undefined {
  if (isNewDayError(error) && error.code === "repair_blocked") return undefined;
  throw error;
}
