/**
 * What a test opened is closed when that test has finished, also where the tests of a file run side
 * by side: vitest's own global hook knows only one running test of a file.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { beforeAll, type TestContext } from "vitest";

type Register = (work: () => unknown) => void;

const running = new AsyncLocalStorage<Register>();

/** For vitest's `aroundEach`: runs a test in which `onTestFinished` works. */
export function runWithTestEnd(runTest: () => Promise<void>, context: TestContext): Promise<void> {
  return running.run((work) => context.onTestFinished(async () => void (await work())), runTest);
}

/** Runs `work` when the test that calls this has finished, the last one registered first. */
export function onTestFinished(work: () => unknown): void {
  const register = running.getStore();
  if (!register) throw new Error("no test is running that could finish");
  register(work);
}

/** In `beforeAll`, which ends the file with the function that this returns: tests share what `open` opens. */
export async function openForFile(open: () => Promise<unknown>): Promise<() => Promise<void>> {
  const works: (() => unknown)[] = [];
  await running.run((work) => void works.unshift(work), open);
  return async () => {
    for (const work of works) await work();
  };
}

/**
 * Opens once for every test of the file or the suite that calls this; returns the reader of it. A server
 * costs 0.3 s of processor, which a test saves that is refused or whose users are its own.
 */
export function share<T extends object>(open: () => Promise<T>): () => T {
  let opened: T | undefined;
  beforeAll(() =>
    openForFile(async () => {
      opened = await open();
    }),
  );
  return () => {
    if (!opened) throw new Error("what is shared is open in tests and hooks only");
    return opened;
  };
}
