/**
 * The lock-timeout backoff: how the exclusive locks are asked for.
 *
 * A request that waits for an exclusive lock makes every later client queue behind it. So the
 * longest wait is a client's longest stall. And a wait longer than `deadlock_timeout` makes
 * PostgreSQL abort *application* transactions that lock in the other order. Both bound the waits.
 *
 * Clients that lock the tables in opposite orders defeat every wait: while it queues for one table,
 * its holder waits for the other. There only a poll with NOWAIT succeeds, in the instant in which
 * all tables are free. So polls come first and between all waits.
 */

/** A wait, and the time spent asking after which it is taken; the last is the worst stall. */
const WAITS = [
  { fromMs: 0, waitMs: 20 },
  { fromMs: 6_000, waitMs: 50 },
  { fromMs: 20_000, waitMs: 100 },
  { fromMs: 30_000, waitMs: 250 },
] as const;
const LONGEST_WAIT_MS = WAITS[WAITS.length - 1]?.waitMs ?? 0;
/** Polls cost clients nothing; the queue of a wait drains meanwhile. */
const POLL_PHASE_MS = 1_000;
/** The run listens to other terminals and inspects the blockers between two messages. */
const POLL_MESSAGE_MS = 400;
/**
 * On average; random, so that clients with a period of their own cannot hide in it. Four workers of
 * each order leave all tables free for about 2 ms at a time.
 */
export const POLL_PAUSE_MS = 8;
/** The deadlock check must stay idle while we wait, even on a loaded machine. */
const DEADLOCK_MARGIN = 0.5;
/** Transactions as old as this outlast a step; queueing behind them only stalls others. */
export const OLD_BLOCKER_MS = 400;
/** Between two queries of an old blocker. */
const WATCH_PAUSE_MS = 60;
const JITTER = 0.4;

export interface BackoffStep {
  /** 0 polls with NOWAIT. */
  readonly waitMs: number;
  /** Length of the polling; 0 asks once. */
  readonly pollMs: number;
}

/** Time spent asking so far: in all, and in polls since the last wait. */
export interface Contention {
  readonly askedMs: number;
  readonly polledMs: number;
}

export const NOT_ASKED: Contention = { askedMs: 0, polledMs: 0 };

export function backoffStepFor(
  { askedMs, polledMs }: Contention,
  deadlockTimeoutMs: number,
): BackoffStep {
  const pollLeftMs = Math.ceil(POLL_PHASE_MS - polledMs);
  if (pollLeftMs > 0) return { waitMs: 0, pollMs: Math.min(POLL_MESSAGE_MS, pollLeftMs) };
  const wait = WAITS.findLast(({ fromMs }) => fromMs <= askedMs)?.waitMs ?? 0;
  return { waitMs: Math.min(wait, longestWait(deadlockTimeoutMs)), pollMs: 0 };
}

/** The contention after a step that took `tookMs` and failed. */
export function afterStep(
  { askedMs, polledMs }: Contention,
  { waitMs }: BackoffStep,
  tookMs: number,
): Contention {
  return { askedMs: askedMs + tookMs, polledMs: waitMs > 0 ? 0 : polledMs + tookMs };
}

/** The longest wait that can never reach the server's deadlock check. */
export function longestWait(deadlockTimeoutMs: number): number {
  return Math.floor(Math.min(LONGEST_WAIT_MS, deadlockTimeoutMs * DEADLOCK_MARGIN));
}

/** Pause, outside the queue, while an old transaction holds a lock. */
export function watchPause(random: number): number {
  return Math.round(WATCH_PAUSE_MS * (1 - JITTER / 2 + JITTER * random));
}
