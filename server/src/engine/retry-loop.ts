/**
 * One connection of the engine, and the retry loop of a batch until it is committed.
 *
 * Every operation has its transfer's id before its first attempt, so a retry is always safe: a
 * committed one is found by its id. A batch whose rows had changed goes again with locks; a batch
 * whose connection died goes again on a new one, until its outcome is known or time is up.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Database } from "../db/database.ts";
import { gatherReads } from "../db/pipeline/gathered-reads.ts";
import { OWN_SQL_STATE, SQL_STATE, sqlStateOf } from "../db/sql-state.ts";
import { isConnectionLost } from "./connection-lost.ts";
import type { Unit } from "./decide-batch.ts";
import {
  postLocked,
  postOptimistically,
  StaleCacheRead,
  type OptimisticOptions,
  type PostedBatch,
  type PostingContext,
} from "./post-batch.ts";
import type { Writer } from "./writer.ts";

/** Below the ten seconds after which the clients give up (docs/contract.md 1, retries). */
const RECOVER_FOR_MS = 6_000;
const RECOVER_PAUSE_MS = 100;
/** Two competing processes make progress in every round; more rounds mean a fault. */
const MAX_REPEATS = 20;

/** The rows changed after they were read: another process works on them. */
const CONTENDED = new Set<string>([
  OWN_SQL_STATE.staleRows,
  SQL_STATE.deadlockDetected,
  SQL_STATE.serializationFailure,
]);
/** Retry with locks: these, a taken id, and a batch behind a failed one. */
const REPEATABLE = new Set<string>([
  ...CONTENDED,
  SQL_STATE.uniqueViolation,
  OWN_SQL_STATE.batchBehind,
]);

/**
 * Marks the session as posting, for the trigger on accounts. Every statement finds its rows by key,
 * whatever the statistics say (a plan made for an empty table would scan it).
 */
const SESSION = `set newday.posting = 'on'; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
  set plan_cache_mode = force_generic_plan; set jit = off; set statement_timeout = '30s'`;

/** Connects for writing: for an in-flight batch, or for the shared writer. */
export async function openPostingSession(
  db: Database,
  applicationName: string,
): Promise<Connection> {
  const opened = await db.connect(applicationName);
  await opened.query(SESSION);
  return opened;
}

export interface RetryLoop {
  /**
   * Rejects with `database_unavailable` when the outcome is unknown, and with the database's fault
   * when the batch was rolled back.
   */
  post(
    units: readonly Unit[],
    options: OptimisticOptions,
  ): Promise<PostedBatch & { readonly repeats: number }>;
  close(): Promise<void>;
}

/** Connects at the first batch, and again after a loss. */
export function createRetryLoop(
  db: Database,
  context: PostingContext,
  { applicationName, writer }: { applicationName: string; writer: Writer },
): RetryLoop {
  let connection: Connection | undefined;

  async function connected(): Promise<Connection> {
    return (connection ??= await openPostingSession(db, applicationName));
  }

  async function disconnect(): Promise<void> {
    const lost = connection;
    connection = undefined;
    await lost?.close().catch(() => undefined); // it is broken already
  }

  /** Optimistic first, unless cached rows keep failing; with locks after the first failure. */
  async function attempt(units: readonly Unit[], repeats: number, options: OptimisticOptions) {
    const open = await connected();
    if (repeats > 0 || context.cache.takePessimisticTurn()) return postLocked(open, context, units);
    return postOptimistically({ reader: gatherReads(open), writer }, context, units, options);
  }

  return {
    async post(units, options) {
      const deadline = Date.now() + RECOVER_FOR_MS;
      for (let repeats = 0; ; repeats += 1) {
        try {
          return { ...(await attempt(units, repeats, options)), repeats };
        } catch (error) {
          context.cache.evictAll();
          if (CONTENDED.has(sqlStateOf(error) ?? "")) context.cache.startPessimisticTurns();
          // After any other error the session's state is unknown.
          if (!isRepeatable(error, repeats)) await disconnect();
          if (isConnectionLost(error)) {
            if (Date.now() > deadline) throw error;
            await sleep(RECOVER_PAUSE_MS);
          } else if (!isRepeatable(error, repeats) || repeats >= MAX_REPEATS) throw error;
        }
      }
    },
    close: disconnect,
  };
}

/** An operator may have changed the bounds of a cached row; a locked one's are current. */
function isRepeatable(error: unknown, repeats: number): boolean {
  if (error instanceof StaleCacheRead) return true;
  const state = sqlStateOf(error) ?? "";
  return REPEATABLE.has(state) || (repeats === 0 && state === SQL_STATE.checkViolation);
}
