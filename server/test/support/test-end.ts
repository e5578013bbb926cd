/**
 * What a test opened is closed when that test has finished, also where the tests of a file run side
 * by side: vitest's own global hook knows only one running test of a file.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { aroundEach } from "vitest";

type Register = (work: () => unknown) => void;

const running = new AsyncLocalStorage<Register>();

aroundEach((runTest, context) =>
  running.run((work) => context.onTestFinished(async () => void (await work())), runTest),
);

/** Runs `work` when the test that calls this has finished, the last one registered first. */
export function onTestFinished(work: () => unknown): void {
  const register = running.getStore();
  if (!register) throw new Error("no test is running that could finish");
  register(work);
}
