/**
 * A transaction that locks whole tables beside live sessions: short lock waits, many attempts, and a
 * bound for the time under the locks, whatever its statements and the clients' triggers do.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isNewDayError } from "../errors/errors.ts";
import type { Database, Transaction } from "./database.ts";

/** Below deadlock_timeout, so that we give way and other sessions live on. */
const LOCK_TIMEOUT_MS = 800;
const LOCK_ATTEMPTS = 60;
const LOCK_PAUSE_MS = 500;
/** The server's limits are renewed this often; they end the transaction earlier by as much. */
const RENEWAL_MS = 100;

export interface Patience {
  /** Longest time of one attempt, its lock waits included: the server ends it after that. */
  readonly holdMs: number;
  /** The error of an attempt that reached the bound; nothing was changed. */
  readonly overrun: (cause: unknown) => Error;
}

/**
 * Runs `work` until its locks are free; each attempt from its beginning. Errors: `database_busy`
 * when the attempts are used up, `overrun`, and its own.
 */
export async function patientTransaction<T>(
  db: Pick<Database, "transaction">,
  work: (tx: Transaction) => Promise<T>,
  { holdMs, overrun }: Patience,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const deadline = performance.now() + holdMs;
    try {
      return await db.transaction((tx) => work(boundedBy(deadline, tx)), {
        lockTimeoutMs: LOCK_TIMEOUT_MS,
        statementTimeoutMs: holdMs,
      });
    } catch (error) {
      if (performance.now() >= deadline - RENEWAL_MS) throw overrun(error);
      const busy = isNewDayError(error) && error.code === "database_busy";
      if (!busy || attempt === LOCK_ATTEMPTS) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

/**
 * Gives the server the time that is left: for a statement, and for our silence between two. So the
 * locks end in time even if this process hangs.
 */
function boundedBy(deadline: number, tx: Transaction): Transaction {
  let renewAt = 0;
  return {
    inTransaction: true,
    async query(statement, values) {
      const now = performance.now();
      if (now >= renewAt) {
        renewAt = now + RENEWAL_MS;
        await tx.query(LIMITS, [`${Math.max(1, Math.ceil(deadline - renewAt))}`]);
      }
      return tx.query(statement, values);
    },
  };
}

const LIMITS = {
  name: "locks_bound",
  text: `select set_config('statement_timeout', $1, true),
    set_config('idle_in_transaction_session_timeout', $1, true)`,
};
