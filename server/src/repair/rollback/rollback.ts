/**
 * Going back, honestly: the present state decides what is possible, the lock decides what is true.
 *
 * `readRollback` looks and writes nothing. `runRollback` does one option: the keys are added in one
 * short batch, and validated afterwards without blocking readers or writers.
 */
import { randomUUID } from "node:crypto";
import { sqlStateOf } from "../../db/sql-state.ts";
import { isNewDayError, NewDayError } from "../../errors.ts";
import { lockRunner } from "../apply/runner-lock.ts";
import { countOrphans } from "../catalogue/catalogue-queries.ts";
import { inspect, type Inspection } from "../catalogue/inspection.ts";
import { readServer } from "../catalogue/server-queries.ts";
import {
  readOnly,
  withRepairConnection,
  type ConnectionTarget,
  type DirectClient,
} from "../connection.ts";
import { runCriticalSection } from "../cut/critical-section.ts";
import type { RepairDefinition } from "../definition/definition.ts";
import type { Emit } from "../events.ts";
import { openJournal, type Journal } from "../journal/journal.ts";
import type { PlannedKey, PlannedLock } from "../plan/plan.ts";
import { quoteIdentifier } from "../../db/direct-client.ts";
import { findDroppedKeys } from "./dropped-keys.ts";
import {
  rollbackOptions,
  type OptionName,
  type RollbackOption,
  type RollbackState,
} from "./options.ts";
import { ROLLBACK_REFUSAL, rollbackBatchSql, type RollbackRequest } from "./rollback-batch.ts";
import { quarantineReturnSql, quarantineStatements, stubStatements } from "./side-actions.ts";

/** Counting must not make a person wait for ever, nor, under the lock, a writer. */
const COUNT_TIMEOUT_MS = 60_000;

export interface RollbackView {
  /** Keys of the last cut that are not there now. */
  readonly keys: readonly PlannedKey[];
  readonly state: RollbackState;
  readonly options: readonly RollbackOption[];
  readonly inspection: Inspection;
  readonly deadlockTimeoutMs: number;
  readonly droppedAt: string | undefined;
}

/**
 * The ways back as of now. `remembered` are keys from a plan file, for a database whose role could
 * keep no journal. Throws `rollback_refused` when nobody remembers what was dropped.
 */
export function readRollback(
  client: DirectClient,
  repair: RepairDefinition,
  remembered: { readonly schema?: string | undefined; readonly keys?: readonly PlannedKey[] } = {},
): Promise<RollbackView> {
  return readOnly(client, async () => {
    const server = await readServer(client);
    const inspection = await inspect(client, repair, remembered.schema);
    const dropped = await findDroppedKeys(client, repair.id);
    const keys = remembered.keys ?? dropped?.keys;
    if (!keys || inspection.adopted) throw nothingRemembered(inspection);
    const missing = keys.filter(
      (key) =>
        !inspection.keys.some(
          (present) => present.name === key.name && present.tableOid === key.tableOid,
        ),
    );
    const state = await readState(client, inspection, missing, server.versionNumber);
    return {
      keys: missing,
      state,
      options: rollbackOptions(state),
      inspection,
      deadlockTimeoutMs: server.deadlockTimeoutMs,
      droppedAt: dropped?.at,
    };
  });
}

export interface RunRollbackRequest {
  readonly target: ConnectionTarget;
  readonly repair: RepairDefinition;
  readonly view: RollbackView;
  readonly option: OptionName;
  readonly emit: Emit;
  readonly budgetMs: number;
  readonly operator: string;
  readonly reason: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RollbackResult {
  readonly state: "ROLLED_BACK" | "ROLLED_BACK_NOT_VALID" | "FIX_FORWARD";
  /** Statements that undo a quarantine. */
  readonly undo: readonly string[];
}

/**
 * Does one option. Errors: `rollback_refused` (not open, or a stranger came meanwhile; nothing was
 * changed), `repair_blocked`, `repair_in_doubt`, `repair_incomplete` (added, but it did not validate).
 */
export async function runRollback(request: RunRollbackRequest): Promise<RollbackResult> {
  const { view, option, target } = request;
  const chosen = view.options.find(({ name }) => name === option);
  if (!chosen?.open) throw notOpen(option, chosen, view);
  return withRepairConnection(target, "rollback", (client) =>
    withRepairConnection(target, "watch", async (side) => {
      await lockRunner(client);
      const journal = await openJournal({ runId: randomUUID(), client: side, local: undefined });
      await journal.append("rollback", {
        status: "intent",
        option,
        repair: request.repair.id,
        operator: request.operator,
        reason: request.reason,
        orphans: view.state.orphans,
      });
      if (option === "fix-forward") {
        await journal.append("rollback", { status: "FIX_FORWARD", option });
        return { state: "FIX_FORWARD", undo: [] };
      }
      return putBack({ client, side, journal, request });
    }),
  );
}

interface Work {
  readonly client: DirectClient;
  readonly side: DirectClient;
  readonly journal: Journal;
  readonly request: RunRollbackRequest;
}

async function putBack({ client, side, journal, request }: Work): Promise<RollbackResult> {
  const { view, emit, budgetMs, signal } = request;
  const batch = batchFor(request, journal);
  try {
    await runCriticalSection({
      client,
      side,
      work: {
        locks: batch.locks,
        deadlockTimeoutMs: view.deadlockTimeoutMs,
        versionNumber: view.state.versionNumber,
        batchSql: (waitMs) => rollbackBatchSql(batch, waitMs),
      },
      journal,
      emit,
      budgetMs,
      signal,
    });
  } catch (error) {
    throw overtaken(error);
  }
  const frozen = batch.notValid && !batch.requireNoOrphans;
  if (batch.notValid && !frozen) await validate(client, view.keys);
  const state = frozen ? "ROLLED_BACK_NOT_VALID" : "ROLLED_BACK";
  await journal.append("rollback", { status: state, option: request.option });
  const undo = request.option === "quarantine" ? quarantineReturnSql(view.keys, journal.runId) : [];
  return { state, undo };
}

function batchFor({ option, view }: RunRollbackRequest, journal: Journal): RollbackRequest {
  const orphans = view.state.orphans ?? 1;
  const before =
    option === "quarantine"
      ? quarantineStatements(view.keys, journal.runId)
      : option === "stubs"
        ? stubStatements(view.keys, view.inspection.columns)
        : [];
  const canFreeze = view.options.find(({ name }) => name === "freeze")?.open ?? false;
  return {
    runId: journal.runId,
    option,
    keys: view.keys,
    locks: locksOf(view),
    noAction: option === "no-action" || option === "stubs",
    requireNoOrphans: !(option === "freeze" || (option === "no-action" && orphans > 0)),
    notValid: canFreeze,
    before,
    journal: journal.inDatabase,
  };
}

function locksOf({ keys, inspection }: RollbackView): PlannedLock[] {
  const ends = [
    ...keys.map((key) => ({ oid: key.tableOid, name: key.table })),
    ...keys.map((key) => ({ oid: key.referencesOid, name: key.references })),
  ];
  return ends
    .filter((end, at) => ends.findIndex(({ oid }) => oid === end.oid) === at)
    .map((end) => ({
      ...end,
      mayLock: inspection.tables.find(({ oid }) => oid === end.oid)?.mayLock ?? false,
    }));
}

/** SHARE UPDATE EXCLUSIVE only: the scan takes its time and nobody waits for it. */
async function validate(client: DirectClient, keys: readonly PlannedKey[]): Promise<void> {
  // A key that was NOT VALID before the repair comes back as it was.
  for (const key of keys.filter(({ validated }) => validated)) {
    try {
      await client.query(
        `alter table ${key.table} validate constraint ${quoteIdentifier(key.name)}`,
      );
    } catch (cause) {
      throw new NewDayError(
        "repair_incomplete",
        { key: key.name, sqlState: sqlStateOf(cause) },
        {
          message: `The key "${key.name}" is back and refuses new strangers, but it did not validate: ${cause instanceof Error ? cause.message : String(cause)}`,
          cause,
        },
      );
    }
  }
}

/** Someone came between the look and the lock: the same honest no as if they had been seen. */
function overtaken(error: unknown): unknown {
  if (!isNewDayError(error)) return error;
  const state = error.details["sqlState"];
  const refusals: readonly unknown[] = [...Object.values(ROLLBACK_REFUSAL), "23503"];
  if (!refusals.includes(state)) return error;
  return new NewDayError("rollback_refused", error.details, {
    message: error.message,
    cause: error,
  });
}

async function readState(
  client: DirectClient,
  inspection: Inspection,
  keys: readonly PlannedKey[],
  versionNumber: number,
): Promise<RollbackState> {
  const children = new Set(keys.map(({ tableOid }) => tableOid));
  const parents = inspection.tables.filter(({ name }) => name === "players").map(({ oid }) => oid);
  return {
    orphans: await countAll(client, keys),
    inboundCascades: inspection.remaining
      .filter(
        (key) => children.has(key.referencesOid) && key.onDelete !== "a" && key.onDelete !== "r",
      )
      .map(({ table, name }) => `${table} "${name}"`),
    partitioned: inspection.tables.some(({ oid, kind }) => children.has(oid) && kind === "p"),
    versionNumber,
    stubsPossible: keys.every(({ referencesOid }) => parents.includes(referencesOid)),
  };
}

async function countAll(client: DirectClient, keys: readonly PlannedKey[]): Promise<number | null> {
  let total = 0;
  await client.query("savepoint counting");
  try {
    await client.query(`set local statement_timeout = ${COUNT_TIMEOUT_MS}`);
    for (const key of keys)
      total += await countOrphans(client, {
        table: key.table,
        references: key.references,
        quotedColumns: key.columns.map(quoteIdentifier),
        quotedReferencedColumns: key.referencedColumns.map(quoteIdentifier),
      });
    return total;
  } catch (error) {
    if (client.isLost() || sqlStateOf(error) === undefined) throw error;
    return null;
  } finally {
    if (!client.isLost()) await client.query("rollback to savepoint counting");
  }
}

function nothingRemembered({ keys, adopted }: Inspection): NewDayError {
  const why = adopted
    ? "New Day has adopted this database; the old tables are history."
    : keys.length > 0
      ? "The keys are still there: there is nothing to roll back."
      : "The journal does not know what was dropped; give the plan with --plan-file.";
  return new NewDayError("rollback_refused", {}, { message: why });
}

function notOpen(
  option: OptionName,
  chosen: RollbackOption | undefined,
  view: RollbackView,
): NewDayError {
  const open = view.options.filter((candidate) => candidate.open).map(({ name }) => name);
  return new NewDayError(
    "rollback_refused",
    { option, orphans: view.state.orphans, open },
    {
      message: `Option ${option} is closed: ${chosen?.reason[0] ?? "unknown option"}. Open now: ${open.join(", ")}. Nothing was changed.`,
    },
  );
}
