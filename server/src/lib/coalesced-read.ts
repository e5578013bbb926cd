/**
 * Coalesces concurrent reads of one kind into one query: while a query is in flight, arriving keys
 * are collected, and leave together as soon as it returns. An idle reader queries at the end of the
 * tick, so that keys asked for together share one query. A key is read after its call, so that
 * callers read their own writes.
 */

interface Waiter<R> {
  resolve(row: R | undefined): void;
  reject(error: unknown): void;
}

/** Keys of one query: far above one process's load, far below PostgreSQL's limits. */
const KEYS_MAX = 1_000;
/** Two queries in flight hide the round trip; more only compete for the same cores (measured). */
const IN_FLIGHT_MAX = 2;

/**
 * `readMany` gets distinct keys and returns the rows it found by key. The returned function
 * resolves to the row of its key, or undefined; it rejects with the error of `readMany`.
 */
export function coalesceReads<R>(
  readMany: (keys: string[]) => Promise<Map<string, R>>,
): (key: string) => Promise<R | undefined> {
  let waiting = new Map<string, Waiter<R>[]>();
  let inFlight = 0;
  let starting = false;

  function take(): Map<string, Waiter<R>[]> {
    if (waiting.size <= KEYS_MAX) {
      const all = waiting;
      waiting = new Map();
      return all;
    }
    const some = new Map([...waiting].slice(0, KEYS_MAX));
    for (const key of some.keys()) waiting.delete(key);
    return some;
  }

  async function drain(): Promise<void> {
    inFlight += 1;
    starting = true;
    await Promise.resolve();
    starting = false;
    while (waiting.size > 0) await readBatch(take(), readMany);
    inFlight -= 1;
  }

  return (key) =>
    new Promise((resolve, reject) => {
      const waiters = waiting.get(key);
      if (waiters) waiters.push({ resolve, reject });
      else waiting.set(key, [{ resolve, reject }]);
      if (!starting && inFlight < IN_FLIGHT_MAX) void drain();
    });
}

async function readBatch<R>(
  batch: Map<string, Waiter<R>[]>,
  readMany: (keys: string[]) => Promise<Map<string, R>>,
): Promise<void> {
  try {
    const rows = await readMany([...batch.keys()]);
    for (const [key, waiters] of batch) for (const waiter of waiters) waiter.resolve(rows.get(key));
  } catch (error) {
    for (const waiters of batch.values()) for (const waiter of waiters) waiter.reject(error);
  }
}
