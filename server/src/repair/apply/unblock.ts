/**
 * Ends one blocker, on purpose and on the record. Other commands leave sessions alone.
 *
 * The session is named by pid *and* start, because pids are reused; it must hold a lock on a table
 * of the repair; and the reason is journaled before the signal is sent.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { inspect, lockedRelations } from "../catalogue/inspection.ts";
import { findRunner, type Runner } from "../journal/runner-lock.ts";
import { readOnly } from "../connection/connection.ts";
import { findBlockers, type Blocker } from "../drop/blocker-queries.ts";
import { tablesOf, type RepairDefinition } from "../model/definition.ts";
import { findTableOids } from "../plan/environment-queries.ts";
import { openJournal } from "../journal/journal.ts";
import { isLockTimeout } from "../plan/query-refused.ts";

export interface UnblockRequest {
  readonly repair: RepairDefinition;
  readonly schema: string | undefined;
  readonly pid: number;
  /** `backend_start` as `unblock` lists it. */
  readonly started: string;
  readonly reason: string;
  readonly operator: string;
  /** Ends the session instead of its statement: an idle transaction has no statement to cancel. */
  readonly terminate: boolean;
}

/**
 * Lists the holders of a lock on the repair's tables, and of the runner's lock. Read-only and
 * lock-free: it is called while another session holds the tables exclusively.
 */
export async function listBlockers(
  client: DirectClient,
  repair: RepairDefinition,
  schema?: string,
): Promise<Blocker[]> {
  const relations = await readOnly(client, () => findTables(client, repair, schema)).catch(
    (error: unknown) => {
      if (client.isLost() || !isLockTimeout(error)) throw error;
      return findTableOids(client, tablesOf(repair));
    },
  );
  return readOnly(client, async () => {
    const holders = await findBlockers(client, relations, [client.handshakePid]);
    const runner = await findRunner(client);
    return runner && !holders.some(({ pid }) => pid === runner.pid)
      ? [...holders, asBlocker(runner)]
      : holders;
  });
}

async function findTables(
  client: DirectClient,
  repair: RepairDefinition,
  schema: string | undefined,
): Promise<number[]> {
  const inspection = await inspect(client, repair, schema);
  const relations = [...lockedRelations(inspection), ...inspection.tables];
  return [...new Set(relations.map(({ oid }) => oid))];
}

/** The session of a dead repair process holds no table and still excludes every other runner. */
function asBlocker(runner: Runner): Blocker {
  return {
    ...runner,
    relation: "of this database's repairs",
    mode: "RunnerLock",
    query: null,
    kind: "session",
    preparedName: null,
    wraparound: false,
  };
}

/** Cancels or terminates. Throws `repair_refused` unless that session is a blocker now. */
export async function unblock(client: DirectClient, request: UnblockRequest): Promise<Blocker> {
  const blockers = await listBlockers(client, request.repair, request.schema);
  const blocker = blockers.find(
    ({ pid, backendStart }) => pid === request.pid && backendStart === request.started,
  );
  if (!blocker)
    throw refusal(
      "session_not_found",
      { pid: request.pid, started: request.started },
      { details: { pid: request.pid, started: request.started } },
    );
  const journal = await openJournal({ runId: randomUUID(), client, local: undefined });
  const { reason, operator, terminate } = request;
  await journal.append("unblock", { status: "intent", blocker, reason, operator, terminate });
  const isSignalled = await signal(client, request);
  const isGone = isSignalled && (await hasLetGo(client, request));
  await journal.append("unblock", { status: isGone ? "done" : "failed", pid: request.pid });
  if (!isGone) throw stillThere(request, isSignalled);
  return blocker;
}

/** A backend notices a signal at its next interrupt check; a busy machine may take this long. */
const LET_GO_MS = 3_000;
const POLL_MS = 50;

/** True once the session no longer holds a lock on the repair's tables. */
async function hasLetGo(client: DirectClient, request: UnblockRequest): Promise<boolean> {
  for (const deadline = performance.now() + LET_GO_MS; performance.now() < deadline;) {
    const blockers = await listBlockers(client, request.repair, request.schema);
    const { pid, started } = request;
    if (!blockers.some((each) => each.pid === pid && each.backendStart === started)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

function stillThere({ pid, terminate }: UnblockRequest, isSignalled: boolean): NewDayError {
  const reason = isSignalled
    ? terminate
      ? "session_still_there"
      : "statement_still_there"
    : "session_not_ended";
  return refusal(reason, { pid }, { details: { pid } });
}

async function signal(
  client: DirectClient,
  { pid, started, terminate }: UnblockRequest,
): Promise<boolean> {
  const action = terminate ? "pg_terminate_backend" : "pg_cancel_backend";
  const [row] = await client.query<{ ended: boolean }>(
    `select ${action}(pid) as ended from pg_catalog.pg_stat_activity
      where pid = $1 and backend_start = $2::timestamptz`,
    [pid, started],
  );
  return row?.ended ?? false;
}
