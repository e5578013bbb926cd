/**
 * The lock-timeout backoff: the waits for the exclusive locks.
 *
 * A request for an exclusive lock makes every later client queue behind it. So the longest wait is
 * a client's longest stall. And a wait longer than `deadlock_timeout` makes PostgreSQL abort
 * *application* transactions that lock in the other order. Both bound the steps.
 */

/** NOWAIT, then three short waits; the last is the worst stall of a client. */
const WAITS_MS = [0, 50, 100, 250] as const;
/** Attempts per step: NOWAIT costs clients nothing, so it goes first. */
const ATTEMPTS_PER_STEP = 5;
/** The deadlock check must stay idle while we wait, even on a loaded machine. */
const DEADLOCK_MARGIN = 0.5;
/** Pause after a failed attempt, so that the queue behind us drains. */
const PAUSE_MS = [30, 200, 400, 800] as const;
const MAX_PAUSE_MS = 2_000;
/** Transactions as old as this outlast a step; queueing behind them only stalls others. */
export const OLD_BLOCKER_MS = 400;
/** Between two queries of an old blocker. */
const WATCH_PAUSE_MS = 60;
const JITTER = 0.4;

export interface BackoffStep {
  readonly waitMs: number;
  readonly pauseMs: number;
}

/** The n-th attempt (from 0). `random` is in [0, 1). */
export function backoffStepFor(
  attempt: number,
  deadlockTimeoutMs: number,
  random: number,
): BackoffStep {
  const level = Math.min(Math.floor(attempt / ATTEMPTS_PER_STEP), WAITS_MS.length - 1);
  const beyond = Math.max(0, attempt - ATTEMPTS_PER_STEP * WAITS_MS.length);
  const pause = Math.min((PAUSE_MS[level] ?? MAX_PAUSE_MS) * (1 + beyond / 4), MAX_PAUSE_MS);
  return {
    waitMs: Math.min(WAITS_MS[level] ?? 0, longestWait(deadlockTimeoutMs)),
    pauseMs: Math.round(pause * (1 - JITTER / 2 + JITTER * random)),
  };
}

/** The longest wait that can never reach the server's deadlock check. */
export function longestWait(deadlockTimeoutMs: number): number {
  return Math.floor(
    Math.min(WAITS_MS[WAITS_MS.length - 1] ?? 0, deadlockTimeoutMs * DEADLOCK_MARGIN),
  );
}

/** Pause, outside the queue, while an old transaction holds a lock. */
export function watchPause(random: number): number {
  return Math.round(WATCH_PAUSE_MS * (1 - JITTER / 2 + JITTER * random));
}
