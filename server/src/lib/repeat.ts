/** Background work at an interval, which a graceful shutdown ends and waits for. */

export interface RepeatedWork {
  /** Resolves when the turn in progress is over; none follows. */
  stop(): Promise<void>;
}

/**
 * Runs `work` every `pauseMs`, one turn at a time, and lets the process end meanwhile. A failed turn goes
 * to `report`; the next one comes all the same.
 */
export function repeat(
  work: () => Promise<unknown>,
  pauseMs: number,
  report: (error: unknown) => void,
): RepeatedWork {
  let turn: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    turn ??= work()
      .catch(report)
      .finally(() => (turn = undefined));
  }, pauseMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await turn;
    },
  };
}
