/** Long work in pieces: between them the event loop answers other requests. */
import { setImmediate as nextTurn } from "node:timers/promises";

/** As `Promise.all(items.map(map))`, one piece of `size` items after the other. Rejects with the first error. */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  size: number,
  map: (item: Item, index: number) => Result | Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await nextTurn();
    const piece = items.slice(start, start + size);
    results.push(...(await Promise.all(piece.map((item, at) => map(item, start + at)))));
  }
  return results;
}
