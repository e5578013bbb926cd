/** A transaction that locks whole tables beside live sessions: short lock waits, many attempts. */
import { setTimeout as sleep } from "node:timers/promises";
import { isNewDayError } from "../errors/errors.ts";
import type { Database, Transaction } from "./database.ts";

/** Below deadlock_timeout, so that we give way and other sessions live on. */
const LOCK_TIMEOUT_MS = 800;
const LOCK_ATTEMPTS = 60;
const LOCK_PAUSE_MS = 500;

/**
 * Runs `work` until its locks are free; each attempt from its beginning. `statementTimeoutMs`: 0
 * for work whose time grows with the rows. Errors: `database_busy` when the attempts are used up,
 * and its own.
 */
export async function patientTransaction<T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
  { statementTimeoutMs }: { readonly statementTimeoutMs: number },
): Promise<T> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await db.transaction(work, { lockTimeoutMs: LOCK_TIMEOUT_MS, statementTimeoutMs });
    } catch (error) {
      const busy = isNewDayError(error) && error.code === "database_busy";
      if (!busy || attempt === LOCK_ATTEMPTS) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
}
