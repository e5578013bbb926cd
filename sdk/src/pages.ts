/** Lists of the server: one page when awaited, every entry when iterated. */
import type { Call, Request } from "./request.ts";

/** One page of a list; `nextCursor` is null on the last. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

type Entry<P extends Page<unknown>> = P["data"][number];

/**
 * `await` gives one page. `for await` gives the entries of this page and of all behind it, and asks
 * for a page when the one before is used up.
 */
export type Listed<P extends Page<unknown>> = Promise<P> & AsyncIterable<Entry<P>>;

export function listed<P extends Page<unknown>>(request: Request, call: Call): Listed<P> {
  const first = request<P>(call);
  const entries = async function* () {
    let page = await first;
    for (;;) {
      yield* page.data;
      const cursor = page.nextCursor;
      if (cursor === null) return;
      page = await request<P>({ ...call, query: { ...call.query, cursor } });
    }
  };
  return Object.assign(first, { [Symbol.asyncIterator]: entries });
}
