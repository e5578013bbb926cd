/** The transaction that switches a legacy table over: short waits for its lock, many times. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Transaction } from "../../db/database.ts";
import { isNewDayError } from "../../errors.ts";

/** Below deadlock_timeout, so that we give way to the old server's sessions and never kill one. */
const LOCK_TIMEOUT_MS = 800;
const LOCK_ATTEMPTS = 60;
const LOCK_PAUSE_MS = 500;

/** Runs `work` until its locks are free. Errors: `database_busy` when they never were, and its own. */
export async function switchTransaction<T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await db.transaction(work, {
        lockTimeoutMs: LOCK_TIMEOUT_MS,
        statementTimeoutMs: 0, // comparing every row takes as long as there are rows
      });
    } catch (error) {
      const busy = isNewDayError(error) && error.code === "database_busy";
      if (!busy || attempt === LOCK_ATTEMPTS) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
}
