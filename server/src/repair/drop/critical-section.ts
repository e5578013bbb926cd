/**
 * The critical section: gets the exclusive locks with short waits only, and sends the batch that
 * changes the database.
 *
 * One round is one transaction: the pre-lock on every table first, then polls and short waits for
 * the exclusive locks under a savepoint. SHARE UPDATE EXCLUSIVE blocks neither reads nor writes, cancels autovacuum,
 * and keeps other DDL out. Only "lock not available" and "deadlock detected" are retried; a
 * connection that dies before its answer is *in doubt* (docs/repair/design.md 4).
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import { refusal } from "../../errors/refusals.ts";
import { fillMessage, joinMessages, verbatim, type Message } from "../../lib/messages.ts";
import type { RunControl } from "../model/run-control.ts";
import type { Emit } from "../model/events.ts";
import { isJournalRace } from "../journal/journal-queries.ts";
import type { Journal } from "../journal/journal.ts";
import type { LockedWork } from "./locked-work.ts";
import {
  conflictsWith,
  findBlockers,
  findInTheWay,
  isLongStanding,
  withSightings,
  type Blocker,
} from "./blocker-queries.ts";
import { DROP_SAVEPOINT } from "./drop-batch.ts";
import { dropFailure } from "./drop-failure.ts";
import {
  afterStep,
  backoffStepFor,
  NOT_ASKED,
  POLL_PAUSE_MS,
  watchPause,
  type Contention,
} from "./lock-timeout-backoff.ts";
import { longestAnswer, openRound, type Backend } from "./round.ts";
import { waitingReporter } from "./waiting-report.ts";

/** Long enough for a nightly job to end, short enough that a person is still watching. */
export const DEFAULT_BUDGET_MS = 5 * 60 * 1000;
/** A round is given up after this, so that autovacuum and other DDL get their turn. */
const ROUND_MS = 10_000;
const PAUSE_AFTER_FENCE_MS = 500;
/** Polling interval of a held run. */
const HELD_PAUSE_MS = 200;

export interface CutOptions {
  /** Runs the transaction; reserved for it. */
  readonly client: DirectClient;
  /** Queries blockers and writes the journal while `client` is busy. */
  readonly side: DirectClient;
  readonly work: LockedWork;
  readonly journal: Journal;
  readonly emit: Emit;
  readonly budgetMs: number;
  /** Aborting takes effect between two attempts, with the database unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** Commands of another terminal; held time is added to the budget. */
  readonly control?: RunControl | undefined;
  /** Why a standby's readers would suffer now; while there is a reason, the lock waits. */
  readonly standbyInTheWay?: (() => Promise<Message | undefined>) | undefined;
}

export interface CutResult {
  readonly attempts: number;
  readonly waitMs: number;
  /** From sending the winning batch to its answer, on the tool's clock. */
  readonly roundTripMs: number;
  readonly elapsedMs: number;
}

interface Progress {
  attempts: number;
  contention: Contention;
  /** By `performance.now()`; later by the held time. */
  deadline: number;
  blockers: Blocker[];
  /** First sight of each holding transaction. */
  readonly seen: Map<string, number>;
  /** Obstacles on a standby. */
  standby: Message | undefined;
}

/**
 * Does the work under its locks. Resolves only when the server has confirmed the commit. Errors:
 * `repair_blocked` (budget spent or stopped; unchanged), `repair_plan_stale`,
 * `repair_verify_failed` (an assertion failed; rolled back), `repair_in_doubt`.
 */
export async function runCriticalSection(options: CutOptions): Promise<CutResult> {
  const started = performance.now();
  const deadline = started + options.budgetMs;
  const progress: Progress = {
    attempts: 0,
    contention: NOT_ASKED,
    blockers: [],
    seen: new Map(),
    standby: undefined,
    deadline,
  };
  const report = waitingReporter(options.emit, () => progress.deadline - performance.now());
  for (const line of [options.client, options.side]) line.limitAnswers(longestAnswer(options.work));
  for (;;) {
    await journalControl(options);
    refuseOverBudget(options, progress);
    if (await holdBack(options, progress, report)) continue;
    await queryBlockers(options, progress);
    if (isFutile(progress)) {
      const pause = watchPause(Math.random());
      report({ ...shown(progress), state: "watching", pause });
      await sleep(pause);
      continue;
    }
    const result = await runRound(options, progress, report);
    if (result) return { ...result, elapsedMs: since(started) };
  }
}

type Report = ReturnType<typeof waitingReporter>;

function shown({ attempts, blockers, standby }: Progress) {
  return { attempts, blockers, standby };
}

/** First the commands and their senders. */
async function journalControl({ control, journal }: CutOptions): Promise<void> {
  for (const action of control?.takeActions() ?? []) await journal.append("control", { ...action });
}

/** Between two rounds all locks are free: a run that waits here blocks no client. */
async function holdBack(
  { control, signal }: CutOptions,
  progress: Progress,
  report: Report,
): Promise<boolean> {
  const hold = control?.held();
  if (!hold) return false;
  report({ ...shown(progress), state: "held", hold, pause: HELD_PAUSE_MS });
  const before = performance.now();
  await sleep(HELD_PAUSE_MS, undefined, { signal }).catch(() => undefined);
  progress.deadline += performance.now() - before;
  return true;
}

/** One transaction with several attempts. Undefined when it ended without the locks. */
async function runRound(
  options: CutOptions,
  progress: Progress,
  report: Report,
): Promise<Omit<CutResult, "elapsedMs"> | undefined> {
  const { client, work } = options;
  const backend = await openRound(client, work).catch((error: unknown) => giveWay(options, error));
  if (!backend) {
    await queryBlockers(options, progress);
    report({ ...shown(progress), state: "fencing", pause: PAUSE_AFTER_FENCE_MS });
    await sleep(PAUSE_AFTER_FENCE_MS);
    return undefined;
  }
  // Written before the batch can commit: a resuming run knows which transaction to query.
  await options.journal.append("attempt", { ...backend, status: "intent" });
  const roundEnd = Math.min(performance.now() + ROUND_MS, progress.deadline);
  do {
    const won = await attempt(options, backend, progress, report);
    if (won) return won;
    await queryBlockers(options, progress);
  } while (performance.now() < roundEnd && !isFutile(progress) && !isHalted(options));
  await client.query("rollback");
  return undefined;
}

async function attempt(
  options: CutOptions,
  backend: Backend,
  progress: Progress,
  report: Report,
): Promise<Omit<CutResult, "elapsedMs"> | undefined> {
  const { client, work } = options;
  const step = backoffStepFor(progress.contention, work.deadlockTimeoutMs);
  progress.attempts++;
  const sent = performance.now();
  try {
    await client.script(work.batchSql(step));
    return { attempts: progress.attempts, waitMs: step.waitMs, roundTripMs: since(sent) };
  } catch (error) {
    if (!isRetryable(client, error))
      throw await dropFailure(client, error, { backend, holdMs: work.holdMs });
    await client.query(`rollback to savepoint ${DROP_SAVEPOINT}`);
    progress.contention = afterStep(progress.contention, step, performance.now() - sent);
    report({
      ...shown(progress),
      ...step,
      state: "attempt",
      sqlState: sqlStateOf(error),
      pause: POLL_PAUSE_MS,
    });
    await sleep(POLL_PAUSE_MS);
    return undefined;
  }
}

function isHalted({ signal, control }: CutOptions): boolean {
  return signal?.aborted === true || control?.held() !== undefined;
}

/**
 * The pre-lock was refused: other DDL or a wraparound vacuum holds it. Other errors end the round.
 */
async function giveWay({ client }: CutOptions, error: unknown): Promise<undefined> {
  if (!isRetryable(client, error)) throw await dropFailure(client, error);
  await client.query("rollback");
  return undefined;
}

/** Conditions that the next attempt may miss: another session's lock, or row in the journal. */
function isRetryable(client: DirectClient, error: unknown): boolean {
  const state = sqlStateOf(error);
  const gaveWay = state === SQL_STATE.lockNotAvailable || state === SQL_STATE.deadlockDetected;
  return !client.isLost() && (gaveWay || isJournalRace(error));
}

/** An old holder will stay longer than a step: asking would only make others queue behind us. */
function isFutile({ blockers, standby }: Progress): boolean {
  return standby !== undefined || blockers.some(isLongStanding);
}

async function queryBlockers(options: CutOptions, progress: Progress): Promise<void> {
  const { side, client, work, standbyInTheWay } = options;
  const relations = work.locks.map(({ oid }) => oid);
  const holders = await findBlockers(side, relations, [client.handshakePid, side.handshakePid]);
  const blockers = holders.filter((holder) => conflictsWith(work.mode, holder));
  progress.blockers = withSightings(blockers, progress.seen, performance.now());
  progress.standby = await standbyInTheWay?.();
}

/** Whole milliseconds by a monotonic clock. */
function since(started: number): number {
  return Math.round(performance.now() - started);
}

function refuseOverBudget(options: CutOptions, progress: Progress): void {
  const stopped = options.signal?.aborted ?? false;
  if (!stopped && performance.now() < progress.deadline) return;
  const details = {
    attempts: progress.attempts,
    budgetMs: options.budgetMs,
    blockers: progress.blockers,
    stopped,
  };
  if (stopped) throw refusal("stopped_before_change", { by: stoppedBy(options) }, { details });
  throw refusal(
    "budget_spent",
    { seconds: Math.round(options.budgetMs / 1000), inTheWay: inTheWay(progress) },
    { details },
  );
}

function inTheWay({ standby, blockers, attempts }: Progress): Message {
  const first = findInTheWay(blockers);
  if (standby) return fillMessage(IN_THE_WAY, { who: standby });
  if (!first) return attempts > 0 ? SHORT_TRANSACTIONS : verbatim("");
  const session =
    first.pid === null
      ? fillMessage(PREPARED, { name: first.preparedName ?? "?" })
      : verbatim(`pid ${first.pid}`);
  const application = verbatim(first.application ? ` (${first.application})` : "");
  return fillMessage(IN_THE_WAY, { who: joinMessages([session, application], "") });
}

const IN_THE_WAY = { en: " In the way: {who}.", zh: "阻塞者：{who}。" };
const SHORT_TRANSACTIONS = {
  en: " In the way: short transactions, one after another, that never left all tables free at once.",
  zh: "阻塞者：接连不断的短事务，所有表从未同时空闲。",
};
const PREPARED = { en: "prepared transaction {name}", zh: "预备事务 {name}" };

function stoppedBy({ control }: CutOptions): Message {
  const action = control?.abortedBy();
  if (!action) return verbatim("");
  const reason = action.reason ? ` (${action.reason})` : "";
  return {
    en: ` by ${action.by} from another terminal${reason}`,
    zh: `（由 ${action.by} 从另一终端停止${reason}）`,
  };
}
