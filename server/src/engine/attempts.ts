/**
 * One connection of the engine, and one attempt after another until a batch is committed.
 *
 * Every operation has the id of its transfer before it is first tried, so trying again is always
 * safe: what was committed is found by its id. A batch whose rows had moved goes again with locks;
 * a batch whose connection died goes again on a new one, until it is known what happened or time is
 * up.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Database } from "../db/database.ts";
import { gatherReads } from "../db/pipeline/gathered-reads.ts";
import { SQL_STATE, sqlStateOf } from "../db/sql-state.ts";
import { isConnectionLost } from "./connection-lost.ts";
import type { Unit } from "./decide-batch.ts";
import {
  postLocked, postOptimistically, StaleGuess,
  type OptimisticOptions, type PostedBatch, type PostingContext,
} from "./post-batch.ts"; // prettier-ignore
import type { Writer } from "./writer.ts";

/** Below the ten seconds after which the clients give up (docs/contract.md 1, retries). */
const RECOVER_FOR_MS = 6_000;
const RECOVER_PAUSE_MS = 100;
/** Two processes that keep colliding make progress in every round; more means a fault. */
const MAX_REPEATS = 20;

/** Rows that were not as read: another process is at work on them. */
const CONTENDED = new Set<string>([
  "ND001",
  SQL_STATE.deadlockDetected,
  SQL_STATE.serializationFailure,
]);
/** Go again with locks: these too, an id that exists, and a batch that stood on a failed one. */
const REPEATABLE = new Set<string>([...CONTENDED, SQL_STATE.uniqueViolation, "ND004"]);

/**
 * The session says that it posts, which the trigger on accounts asks for. Every statement finds its
 * rows by key, whatever the statistics say (a plan made for an empty table would scan it).
 */
const SESSION = `set newday.posting = 'on'; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
  set plan_cache_mode = force_generic_plan; set jit = off; set statement_timeout = '30s'`;

/** Connects for writing: of a slot, or of the writer that all share. */
export async function openPostingSession(
  db: Database,
  applicationName: string,
): Promise<Connection> {
  const opened = await db.connect(applicationName);
  await opened.query(SESSION);
  return opened;
}

export interface Attempts {
  /**
   * Rejects with `database_unavailable` when the outcome is unknown, with the database's fault when
   * the batch cannot be written; then nothing of it was.
   */
  post(
    units: readonly Unit[],
    options: OptimisticOptions,
  ): Promise<PostedBatch & { readonly repeats: number }>;
  close(): Promise<void>;
}

/** Connects at the first batch, and again after the connection was lost. */
export function createAttempts(
  db: Database,
  context: PostingContext,
  { applicationName, writer }: { applicationName: string; writer: Writer },
): Attempts {
  let connection: Connection | undefined;

  async function connected(): Promise<Connection> {
    return (connection ??= await openPostingSession(db, applicationName));
  }

  async function disconnect(): Promise<void> {
    const lost = connection;
    connection = undefined;
    await lost?.close().catch(() => undefined); // it is broken already; there is nothing to save
  }

  /** Without locks first, unless guesses keep failing; with locks after the first failure. */
  async function attempt(units: readonly Unit[], repeats: number, options: OptimisticOptions) {
    const open = await connected();
    if (repeats > 0 || context.memory.isCareful()) return postLocked(open, context, units);
    return postOptimistically({ reader: gatherReads(open), writer }, context, units, options);
  }

  return {
    async post(units, options) {
      const deadline = Date.now() + RECOVER_FOR_MS;
      for (let repeats = 0; ; repeats += 1) {
        try {
          return { ...(await attempt(units, repeats, options)), repeats };
        } catch (error) {
          context.memory.forgetAll();
          if (CONTENDED.has(sqlStateOf(error) ?? "")) context.memory.beCareful();
          // Whatever else went wrong may have left the session in a state that nobody knows.
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

/**
 * The bounds of a remembered row may have been changed by an operator; those of a locked one not.
 */
function isRepeatable(error: unknown, repeats: number): boolean {
  if (error instanceof StaleGuess) return true;
  const state = sqlStateOf(error) ?? "";
  return REPEATABLE.has(state) || (repeats === 0 && state === SQL_STATE.checkViolation);
}
