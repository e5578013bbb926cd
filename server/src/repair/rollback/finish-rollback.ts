/**
 * Finishes a rollback once the keys are back: validates them, and journals the end.
 *
 * Works on a connection of its own, because the one that added the keys may have died, and is
 * repeatable: a valid key stays valid.
 */
import {
  quoteIdentifier,
  type ConnectionTarget,
  type DirectClient,
} from "../../db/driver/direct-client.ts";
import { sqlStateOf } from "../../db/sql-state.ts";
import { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { Emit } from "../model/events.ts";
import { openJournal } from "../journal/journal.ts";
import { wordsOf } from "../../errors/operator-words.ts";

export type EndState = "ROLLED_BACK" | "ROLLED_BACK_NOT_VALID";

export interface AddedKey {
  /** Qualified and quoted. */
  readonly table: string;
  readonly name: string;
}

export interface RollbackRest {
  readonly target: ConnectionTarget;
  readonly emit: Emit;
  readonly runId: string;
  readonly option: string;
  readonly endState: EndState;
  /** Statements that return rows from the quarantine. */
  readonly undo: readonly string[];
  /** Keys that were valid before the repair and were added NOT VALID. */
  readonly keys: readonly AddedKey[];
}

/**
 * Errors: `repair_incomplete` (the keys are back and refuse foreign rows, but failed to validate;
 * or one was removed since, which ends this rollback).
 */
export async function finishRollback(rest: RollbackRest): Promise<void> {
  const { target, runId, option, endState, emit } = rest;
  await withRepairConnection(target, "rollback-end", async (client) => {
    const journal = await openJournal({ runId, client, local: undefined });
    for (const key of rest.keys) {
      if (!(await exists(client, key))) {
        await journal.append("rollback", { status: "failed", option, gone: key.name });
        throw goneSince(key);
      }
      await validate(client, key);
    }
    await journal.append("rollback", { status: endState, option });
  }).catch((error: unknown) => {
    if (error instanceof NewDayError && error.code === "repair_incomplete") throw error;
    throw unfinished(error);
  });
  emit(
    "note",
    { en: `the keys are back: ${endState}`, zh: `外键已恢复：${endState}` },
    { state: endState },
  );
  for (const sql of rest.undo)
    emit("note", { en: `to bring them back later: ${sql}`, zh: `以后恢复这些行：${sql}` }, { sql });
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

/** SHARE UPDATE EXCLUSIVE only: the scan takes its time beside all clients. */
async function validate(client: DirectClient, { table, name }: AddedKey): Promise<void> {
  try {
    await client.query(`set lock_timeout = ${VALIDATE_LOCK_WAIT_MS}`);
    // Event triggers are the clients' code: they may use bare names.
    await client.query("set search_path to default");
    await client.query(`alter table ${table} validate constraint ${quoteIdentifier(name)}`);
    await client.query("set search_path = ''");
  } catch (cause) {
    if (client.isLost()) throw cause;
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
