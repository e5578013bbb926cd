/**
 * Finishes a rollback once the keys are back: moves rows or adds stubs, validates the keys, and
 * journals the end. Clients run meanwhile: only row locks and SHARE UPDATE EXCLUSIVE are taken.
 *
 * Works on a connection of its own, because the one that added the keys may have died, and is
 * repeatable: a valid key stays valid, a moved row stays moved. Where an orphan is in the way after
 * all, the keys are withdrawn again, and the option is refused with the database as it was.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  quoteIdentifier,
  quoteLiteral,
  type ConnectionTarget,
  type DirectClient,
} from "../../db/driver/direct-client.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { clientPathSql } from "../catalogue/probe-sql.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { Emit } from "../model/events.ts";
import { journalWord } from "../journal/journal-words.ts";
import { openJournal } from "../journal/journal.ts";
import { wordsOf } from "../../errors/operator-words.ts";
import { withdrawKeys, type AddedKey } from "./withdraw-keys.ts";

export type EndState = "ROLLED_BACK" | "ROLLED_BACK_NOT_VALID";

export interface RollbackRest {
  readonly target: ConnectionTarget;
  readonly emit: Emit;
  readonly runId: string;
  readonly option: string;
  readonly endState: EndState;
  /** For withdrawing the keys. */
  readonly budgetMs: number;
  /** Statements that return rows from the quarantine. */
  readonly undo: readonly string[];
  /** Statements for the orphans (quarantine, stubs), once no new ones can come. */
  readonly before: readonly string[];
  /** Keys that were valid before the repair and were added NOT VALID. */
  readonly keys: readonly AddedKey[];
  /** All keys that this rollback added. */
  readonly added: readonly AddedKey[];
}

/**
 * Errors: `rollback_refused` (an orphan is in the way; the keys are gone again), `repair_incomplete`
 * (the keys are back and refuse foreign rows, but failed to validate; or one was removed since,
 * which ends this rollback).
 */
export async function finishRollback(rest: RollbackRest): Promise<void> {
  const { target, runId, option, endState, emit } = rest;
  await withRepairConnection(target, "rollback-end", async (client) => {
    const journal = await openJournal({ runId, client, local: undefined });
    for (const key of rest.added)
      if (!(await exists(client, key))) {
        await journal.append("rollback", { status: "failed", option, gone: key.name });
        throw goneSince(key);
      }
    const obstacle = await settleRows(client, rest);
    if (obstacle !== undefined) throw await withdrawKeys({ ...rest, client, journal }, obstacle);
    await journal.append("rollback", { status: endState, option });
  }).catch((error: unknown) => {
    if (error instanceof NewDayError && ENDED.has(error.code)) throw error;
    throw unfinished(error);
  });
  emit(
    "note",
    { en: `the keys are back: ${endState}`, zh: `外键已恢复：${journalWord(endState).zh}` },
    { state: endState },
  );
  for (const sql of rest.undo)
    emit("note", { en: `to bring them back later: ${sql}`, zh: `以后恢复这些行：${sql}` }, { sql });
}

const ENDED: ReadonlySet<string> = new Set(["repair_incomplete", "rollback_refused"]);

/** Returns the server's refusal when an orphan cannot be settled. */
async function settleRows(client: DirectClient, rest: RollbackRest): Promise<unknown> {
  try {
    if (rest.before.length > 0) await settleOrphans(client, rest);
  } catch (error) {
    if (client.isLost() || sqlStateOf(error) === undefined) throw error;
    return error;
  }
  for (const key of rest.keys) {
    const refused = await validate(client, key);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** A client may hold a row for a moment; longer waits than this could make it a deadlock victim. */
const ROW_WAIT_MS = 200;
const ROW_ATTEMPTS = 20;
const ROW_PAUSE_MS = 500;
/** Bounds the row locks, whatever triggers do; a scan of 100 million rows fits. */
const SETTLE_TIMEOUT_MS = 10 * 60 * 1000;

/** One transaction: all orphans are settled, or none. */
async function settleOrphans(client: DirectClient, { before, added }: RollbackRest): Promise<void> {
  const table = quoteLiteral(added[0]?.table ?? "");
  const script = [
    `begin; set local lock_timeout = ${ROW_WAIT_MS}; set local statement_timeout = ${SETTLE_TIMEOUT_MS}`,
    // Triggers of the tables are the clients' code: they may use bare names.
    `select ${clientPathSql(table)}`,
    ...before,
    "set constraints all immediate; commit",
  ].join(";\n");
  for (let attempt = 1; ; attempt++)
    try {
      await client.script(script);
      return;
    } catch (error) {
      if (!client.isLost()) await client.query("rollback");
      const state = sqlStateOf(error);
      const met = state === SQL_STATE.lockNotAvailable || state === SQL_STATE.deadlockDetected;
      if (!met || attempt === ROW_ATTEMPTS) throw error;
      await sleep(ROW_PAUSE_MS);
    }
}

/**
 * Longer than any `deadlock_timeout`, so that an autovacuum gives way; this wait blocks maintenance
 * only.
 */
const VALIDATE_LOCK_WAIT_MS = 60_000;

async function exists(client: DirectClient, { table, name }: AddedKey): Promise<boolean> {
  const keys = await client.query(
    "select from pg_constraint where conrelid = to_regclass($1) and conname = $2",
    [table, name],
  );
  return keys.length > 0;
}

function goneSince({ table, name }: AddedKey): NewDayError {
  return refusal("rollback_key_removed", { key: name, table }, { details: { key: name, table } });
}

/**
 * SHARE UPDATE EXCLUSIVE only: the scan takes its time beside all clients. Returns the refusal when
 * a row has no owner.
 */
async function validate(client: DirectClient, { table, name }: AddedKey): Promise<unknown> {
  try {
    await client.query(`set lock_timeout = ${VALIDATE_LOCK_WAIT_MS}`);
    // Event triggers are the clients' code: they may use bare names.
    await client.query("set search_path to default");
    await client.query(`alter table ${table} validate constraint ${quoteIdentifier(name)}`);
    await client.query("set search_path = ''");
    return undefined;
  } catch (cause) {
    if (client.isLost()) throw cause;
    await client.query("set search_path = ''");
    if (sqlStateOf(cause) === SQL_STATE.foreignKeyViolation) return cause;
    throw refusal(
      "rollback_not_validated",
      { key: name, words: wordsOf(cause) },
      { details: { key: name, sqlState: sqlStateOf(cause) }, cause },
    );
  }
}

function unfinished(cause: unknown): NewDayError {
  return refusal(
    "rollback_unfinished",
    { words: wordsOf(cause) },
    { details: { step: "validate" }, cause },
  );
}
