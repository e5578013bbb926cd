/**
 * One of the engine's connections and what to do when a batch on it fails.
 *
 * Every operation has the id of its transfer before it is first tried, so trying again is always
 * safe: what was committed is found by its id. A batch whose rows had moved goes again with locks; a
 * batch that met bad data goes again unit by unit, so that it fails alone; a batch whose connection
 * died goes again on a new one, until it is known what happened or time is up.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Database } from "../../db/database.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import { isNewDayError } from "../../errors.ts";
import type { DecidedOperation, Unit } from "./decide-batch.ts";
import { postLocked, postOptimistically, type PostedBatch } from "./post-batch.ts";
import type { Registry } from "./registry.ts";

/** Below the ten seconds after which the clients give up (CONTRACT.md section 1, retries). */
const RECOVER_FOR_MS = 6_000;
const RECOVER_PAUSE_MS = 100;
/** Two processes that keep colliding make progress in every round; more means a fault. */
const MAX_REPEATS = 20;

/** Rows that were not as read, or an id that exists: go again with locks. */
const REPEATABLE = new Set<string>([
  "ND001",
  SQL_STATE.uniqueViolation,
  SQL_STATE.deadlockDetected,
  SQL_STATE.serializationFailure,
]);

/** Options of the session: every statement finds its rows by key, whatever the statistics say. */
const SESSION = `set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
  set plan_cache_mode = force_generic_plan; set jit = off; set statement_timeout = '30s'`;

/** What became of one unit of a batch. */
export type UnitResult =
  | { readonly decided: readonly DecidedOperation[]; readonly recordedAt: Date }
  | { readonly failure: unknown };

export interface SlotResult {
  readonly results: readonly UnitResult[];
  readonly repeats: number;
}

export interface Slot {
  /** Posts the units; the results are in their order. Rejects only when nothing is known. */
  post(units: readonly Unit[]): Promise<SlotResult>;
  close(): Promise<void>;
}

/** Connects at the first batch, and again after the connection was lost. */
export function createSlot(db: Database, registry: Registry, applicationName: string): Slot {
  let connection: Connection | undefined;

  async function connected(): Promise<Connection> {
    if (connection) return connection;
    const opened = await db.connect(applicationName);
    await opened.query(SESSION);
    return (connection = opened);
  }

  async function disconnect(): Promise<void> {
    const lost = connection;
    connection = undefined;
    await lost?.close().catch(() => undefined); // it is broken already; there is nothing to save
  }

  /** One attempt after another until the batch is committed or has failed for good. */
  async function postBatch(units: readonly Unit[]): Promise<PostedBatch & { repeats: number }> {
    const deadline = Date.now() + RECOVER_FOR_MS;
    for (let repeats = 0; ; repeats += 1) {
      try {
        const post = repeats === 0 ? postOptimistically : postLocked;
        return { ...(await post(await connected(), registry, units)), repeats };
      } catch (error) {
        if (isConnectionLost(error)) {
          await disconnect();
          if (Date.now() > deadline) throw error;
          await sleep(RECOVER_PAUSE_MS);
        } else if (!isRepeatable(error) || repeats >= MAX_REPEATS) throw error;
      }
    }
  }

  async function postEachAlone(units: readonly Unit[]): Promise<SlotResult> {
    const results: UnitResult[] = [];
    for (const unit of units) results.push(await postAlone(unit));
    return { results, repeats: units.length };
  }

  async function postAlone(unit: Unit): Promise<UnitResult> {
    try {
      const { decided, recordedAt } = await postBatch([unit]);
      return { decided: decided.units[0] ?? [], recordedAt };
    } catch (failure) {
      return { failure };
    }
  }

  return {
    async post(units) {
      try {
        const { decided, recordedAt, repeats } = await postBatch(units);
        return { results: decided.units.map((one) => ({ decided: one, recordedAt })), repeats };
      } catch (error) {
        if (units.length === 1 || isConnectionLost(error)) throw error;
        return postEachAlone(units);
      }
    },
    close: disconnect,
  };
}

function isRepeatable(error: unknown): boolean {
  return REPEATABLE.has(sqlStateOf(error) ?? "");
}

function isConnectionLost(error: unknown): boolean {
  return isNewDayError(error) && error.code === "database_unavailable";
}
