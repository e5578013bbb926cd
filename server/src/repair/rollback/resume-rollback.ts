/**
 * Resumes an interrupted rollback: after a lost answer to COMMIT, or a dead process.
 *
 * The transaction's status and the catalogue decide, exactly as for a repair. A committed rollback
 * is finished, an aborted one is reported as such.
 */
import { isBackendAlive } from "../catalogue/server-queries.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { ConnectionTarget } from "../../db/driver/direct-client.ts";
import { DEFAULT_BUDGET_MS } from "../drop/critical-section.ts";
import { resolveDoubt, type Resolution } from "../drop/doubt.ts";
import type { Backend } from "../drop/round.ts";
import { NewDayError } from "../../errors/errors.ts";
import { lockRunner } from "../journal/runner-lock.ts";
import { runnerPurpose } from "../journal/runner-process.ts";
import type { Emit } from "../model/events.ts";
import type { EventRow } from "../journal/journal-queries.ts";
import { readRecordedEvents } from "../journal/recorded-events.ts";
import { openJournal } from "../journal/journal.ts";
import { finishRollback, type EndState } from "./finish-rollback.ts";
import type { AddedKey } from "./withdraw-keys.ts";
import { parseStoredJson } from "../model/stored-text.ts";

export interface OpenRollback {
  readonly runId: string;
  readonly option: string;
  readonly endState: EndState;
  readonly keys: readonly AddedKey[];
  readonly undo: readonly string[];
  /** Empty in a journal of a release that settled the orphans under the lock. */
  readonly before: readonly string[];
  readonly added: readonly AddedKey[];
  /** The last transaction that could have committed; undefined before the first one. */
  readonly attempt: Backend | undefined;
  /** Written by the very transaction that added the keys. */
  readonly isAdded: boolean;
}

/** These rows end a rollback. */
const ENDS: ReadonlySet<string> = new Set([
  "ROLLED_BACK",
  "ROLLED_BACK_NOT_VALID",
  "FIX_FORWARD",
  "blocked",
  "refused",
  "failed",
  "aborted",
]);

/**
 * The open rollback, unless later rows settle it: the run `applied`, or any run that dropped its
 * keys again.
 */
export function findOpenRollback(
  events: readonly EventRow[],
  applied?: string,
): OpenRollback | undefined {
  let open: OpenRollback | undefined;
  for (const { runId, kind, body } of events) {
    const facts = parseStoredJson(body) as Facts;
    if (kind === "rollback" && facts.status === "intent") open = opened(runId, facts);
    else if (runId === applied || isDrop(kind, facts)) open = undefined;
    else if (open && runId === open.runId) open = advance(open, kind, facts);
  }
  return open;
}

type Facts = Partial<OpenRollback & Backend> & { status?: string; step?: string };

/** The row that the drop of the keys wrote in its own transaction. */
function isDrop(kind: string, { step, status }: Facts): boolean {
  return kind === "step" && step === "cut" && status === "done";
}

function opened(runId: string, facts: Facts): OpenRollback | undefined {
  const { option = "", endState, keys = [], undo = [], before = [], added = keys } = facts;
  if (endState === undefined) return undefined;
  return { runId, option, endState, keys, undo, before, added, attempt: undefined, isAdded: false };
}

function advance(
  open: OpenRollback,
  kind: string,
  { status = "", pid, backendStart, transactionId }: Facts,
): OpenRollback | undefined {
  if (kind === "attempt" && pid && backendStart && transactionId)
    return { ...open, attempt: { pid, backendStart, transactionId } };
  if (kind !== "rollback") return open;
  if (status === "added") return { ...open, isAdded: true };
  return ENDS.has(status) ? undefined : open;
}

/**
 * Brings the rollback to its end; `aborted` when the database is unchanged. Errors:
 * `repair_blocked` (its process lives), `repair_in_doubt` (the server still lacks the answer),
 * `repair_incomplete`.
 */
export async function settleRollback(
  target: ConnectionTarget,
  open: OpenRollback,
  emit: Emit,
): Promise<EndState | "aborted"> {
  await withRepairConnection(target, runnerPurpose("rollback-resume"), (client) =>
    lockRunner(client, { emit, resumes: true }),
  );
  const resolution = await resolutionOf(target, open);
  const { runId, option } = open;
  emit(
    "note",
    {
      en: `the rollback ${runId.slice(0, 8)} (${option}) was ${resolution}`,
      zh: `回滚 ${runId.slice(0, 8)}（${option}）：${resolution}`,
    },
    { rollback: runId, option, resolution },
  );
  if (resolution === "unknown") throw new NewDayError("repair_in_doubt", { ...open.attempt });
  if (resolution === "aborted") {
    await withRepairConnection(target, "rollback-end", async (client) => {
      const journal = await openJournal({ runId, client, local: undefined });
      await journal.append("rollback", { status: "aborted", option });
    });
    return "aborted";
  }
  await finishRollback({ target, emit, budgetMs: DEFAULT_BUDGET_MS, ...open });
  return open.endState;
}

async function resolutionOf(
  target: ConnectionTarget,
  { attempt, isAdded }: OpenRollback,
): Promise<Resolution> {
  if (isAdded) return "committed";
  if (!attempt) return "aborted";
  const resolution = await resolveDoubt(target, attempt);
  return resolution === "unknown" ? resolutionByJournal(target, attempt) : resolution;
}

/** The row `added` shares the fate of the keys; once the old backend is gone, it is final. */
async function resolutionByJournal(target: ConnectionTarget, attempt: Backend) {
  return withRepairConnection(target, "rollback-resume", async (client): Promise<Resolution> => {
    const { pid, backendStart: start } = attempt;
    if (await isBackendAlive(client, { pid, start })) return "unknown";
    return findOpenRollback(await readRecordedEvents(client))?.isAdded ? "committed" : "aborted";
  });
}
