/**
 * The rollback: the present state decides what is possible, PostgreSQL's validation whether it held.
 *
 * One option is done per run: the keys are added in one short batch, and the rows are settled and
 * validated afterwards beside readers and writers. `resume-rollback.ts` takes up a run that dies on the way.
 */
import { randomUUID } from "node:crypto";
import { isNewDayError, type NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { lostBefore } from "../apply/lost-connection.ts";
import { lockRunner } from "../journal/runner-lock.ts";
import { runnerPurpose } from "../journal/runner-process.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { ConnectionTarget, DirectClient } from "../../db/driver/direct-client.ts";
import type { RunControl } from "../model/run-control.ts";
import { runCriticalSection } from "../drop/critical-section.ts";
import { settleDoubt } from "../drop/settle-doubt.ts";
import type { RepairDefinition } from "../model/definition.ts";
import type { Emit } from "../model/events.ts";
import { openJournal, type Journal } from "../journal/journal.ts";
import type { PlannedLock } from "../model/plan.ts";
import { finishRollback, type EndState } from "./finish-rollback.ts";
import type { OptionName, RollbackOption } from "./options.ts";
import {
  holdOf,
  rollbackBatchSql,
  type RollbackKey,
  type RollbackRequest,
} from "./rollback-batch.ts";
import { quarantineReturnSql, quarantineStatements, stubStatements } from "./side-actions.ts";
import type { RollbackView } from "./view.ts";
import type { AddedKey } from "./withdraw-keys.ts";
import type { Message } from "../../lib/messages.ts";
import { errorMembers } from "../journal/step.ts";

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
  readonly control?: RunControl | undefined;
  /** Called once no other runner can be at work. */
  readonly listen?: (() => Promise<void>) | undefined;
  /** The id of this rollback in the journal; a new one by default. */
  readonly runId?: string | undefined;
}

export interface RollbackResult {
  readonly state: EndState | "FIX_FORWARD";
  /** Statements that undo a quarantine. */
  readonly undo: readonly string[];
}

/** Throws `rollback_refused` that lists the open options when this one is closed. */
export function requireOpen(view: RollbackView, option: OptionName): void {
  const chosen = view.options.find(({ name }) => name === option);
  if (!chosen?.open) throw notOpen(option, chosen, view);
}

/**
 * Does one option. Errors: `rollback_refused` (closed, or a foreign row came meanwhile; unchanged),
 * `repair_blocked`, `repair_in_doubt`, `repair_incomplete` (added, but failed to validate).
 */
export async function runRollback(request: RunRollbackRequest): Promise<RollbackResult> {
  const { view, option, target, runId = randomUUID() } = request;
  requireOpen(view, option);
  return withRepairConnection(target, runnerPurpose("rollback"), (client) =>
    withRepairConnection(target, "watch", async (side) => {
      await lockRunner(client, request);
      await request.listen?.();
      const journal = await openJournal({ runId, client: side, local: undefined });
      const work = { client, side, journal, request };
      if (option === "fix-forward") return fixForward(work);
      return putBack(work).catch((error: unknown) => journalFailure(work, error));
    }),
  );
}

interface Work {
  readonly client: DirectClient;
  readonly side: DirectClient;
  readonly journal: Journal;
  readonly request: RunRollbackRequest;
}

async function fixForward({ journal, request }: Work): Promise<RollbackResult> {
  await journal.append("rollback", { status: "intent", ...intentOf(request) });
  await journal.append("rollback", { status: "FIX_FORWARD", option: request.option });
  return { state: "FIX_FORWARD", undo: [] };
}

/** Facts of the journal's first row of a rollback: the run whose keys return, and the operator. */
function intentOf({ view, option, repair, operator, reason }: RunRollbackRequest) {
  return {
    option,
    repair: repair.id,
    of: view.appliedRun,
    environment: view.environment,
    operator,
    reason,
    orphans: view.state.orphans,
  };
}

async function putBack(work: Work): Promise<RollbackResult> {
  const { journal, request } = work;
  const { view, target, emit, option, budgetMs } = request;
  const notValid = view.options.find(({ name }) => name === "freeze")?.open ?? false;
  const keepsOrphans = notValid && leavesOrphans(request);
  // A key that was NOT VALID before the repair comes back as it was.
  const wereValid = view.keys.filter(({ validated }) => validated);
  const isValid = !keepsOrphans && wereValid.length === view.keys.length;
  const endState: EndState = isValid ? "ROLLED_BACK" : "ROLLED_BACK_NOT_VALID";
  const toValidate = notValid && !keepsOrphans ? wereValid : [];
  const undo =
    option === "quarantine"
      ? quarantineReturnSql(view.keys, view.inspection.columns, journal.runId)
      : [];
  const before = orphanStatements(request, journal.runId);
  // Journaled with the intent: a resuming process knows the statements that are left, too.
  const rest = {
    endState,
    undo,
    before: notValid ? before : [],
    keys: toValidate.map(nameOf),
    added: view.keys.map(nameOf),
  };
  await journal.append("rollback", { status: "intent", ...intentOf(request), ...rest });
  await addKeys(work, {
    runId: journal.runId,
    option,
    keys: view.keys,
    locks: locksOf(view),
    noAction: option === "no-action" || option === "stubs",
    orphans: view.state.orphans,
    notValid,
    before: notValid ? [] : before,
    journal: journal.inDatabase,
  });
  await finishRollback({ target, emit, runId: journal.runId, option, budgetMs, ...rest });
  return { state: endState, undo };
}

function nameOf({ table, name }: RollbackKey): AddedKey {
  return { table, name };
}

/** The keys stay NOT VALID for the orphans' sake. */
function leavesOrphans({ option, view }: RunRollbackRequest): boolean {
  return option === "freeze" || (option === "no-action" && view.state.blockingOrphans !== 0);
}

/** What the option does with rows that have no owner. */
function orphanStatements({ option, view }: RunRollbackRequest, runId: string): string[] {
  if (option === "quarantine") return quarantineStatements(view.keys, runId);
  return option === "stubs" ? stubStatements(view.keys, view.inspection) : [];
}

/** Resolves when the keys are committed, however late the answer arrives. */
async function addKeys(
  { client, side, journal, request }: Work,
  batch: RollbackRequest,
): Promise<void> {
  const { view, target, emit, budgetMs, signal, control } = request;
  try {
    await runCriticalSection({
      client,
      side,
      work: {
        mode: "share row exclusive",
        locks: batch.locks,
        deadlockTimeoutMs: view.deadlockTimeoutMs,
        versionNumber: view.state.versionNumber,
        holdMs: holdOf(batch),
        batchSql: (step) => rollbackBatchSql(batch, step),
      },
      journal,
      emit,
      budgetMs,
      signal,
      control,
    });
  } catch (error) {
    if (isNewDayError(error) && error.code === "repair_in_doubt")
      await settleDoubt({ target, journal, emit }, error);
    else throw overtaken(lostBefore(error, [client, side]));
  }
}

const FAILURE_WORDS: Readonly<Record<string, string>> = {
  repair_in_doubt: "in_doubt",
  repair_blocked: "blocked",
  rollback_refused: "refused",
  repair_incomplete: "incomplete",
};

/** An ended rollback must look different from a running one. */
async function journalFailure({ journal }: Work, error: unknown): Promise<never> {
  // The transaction that withdrew the keys has written the end itself.
  if (isNewDayError(error) && error.details["withdrawn"] !== undefined) throw error;
  const status = (isNewDayError(error) && FAILURE_WORDS[error.code]) || "failed";
  await journal.append("rollback", { status, ...errorMembers(error) }).catch(() => undefined);
  throw error;
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

/** A row came between the inspection and the lock: the same refusal as for an earlier one. */
function overtaken(error: unknown): unknown {
  if (!isNewDayError(error)) return error;
  // The server refused the batch: by a check of ours, by a constraint, or by a trigger of the tables.
  if (error.code !== "repair_verify_failed") return error;
  return refusal(
    "rollback_overtaken",
    { what: error.text },
    { details: error.details, cause: error },
  );
}

const UNKNOWN_OPTION: Message = { en: "unknown option", zh: "未知方式" };

function notOpen(
  option: OptionName,
  chosen: RollbackOption | undefined,
  view: RollbackView,
): NewDayError {
  const open = view.options.filter((candidate) => candidate.open).map(({ name }) => name);
  return refusal(
    "rollback_option_closed",
    { option, why: chosen ? chosen.reason : UNKNOWN_OPTION, open: open.join(", ") },
    { details: { option, orphans: view.state.orphans, open } },
  );
}
