/** Waits for a state that another process reaches. `expect.poll` serves one running test of a file only. */
import { setTimeout as sleep } from "node:timers/promises";

/** Short beside what a person notices, long beside what a condition costs. */
const POLL_MS = 20;
/** Ends a test that hangs; a loaded machine takes its time. */
const GIVE_UP_MS = 120_000;

/** Resolves with the milliseconds until `condition` holds; throws after two minutes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<number> {
  const started = performance.now();
  while (!(await condition())) {
    if (performance.now() - started > GIVE_UP_MS)
      throw new Error(`still false after ${GIVE_UP_MS} ms: ${condition.toString()}`);
    await sleep(POLL_MS);
  }
  return performance.now() - started;
}
