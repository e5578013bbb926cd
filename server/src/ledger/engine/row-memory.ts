/**
 * Rows as this process last wrote them: a guess that saves a read, never the truth.
 *
 * A guess is put here as soon as a batch holds the locks of its rows, before it is committed, so that
 * the next batch can be decided while the database still writes. A wrong guess costs a repetition and nothing else:
 * every accepted operation has the revisions of its rows checked when it is written, and an
 * operation that would be refused from a guess is decided again from the database. After a failed
 * batch all guesses are forgotten, and the next batches lock first: somebody else is at work.
 */
import type { AnyResource, RowId, Touch } from "./resource.ts";

/** About 40 MB; beyond it the oldest guesses go. */
const MAX_ROWS = 131_072;
/** While another process competes for rows, guessing wrong again and again costs more than locks. */
const CAREFUL_BATCHES = 16;

export class RowMemory {
  #rows = new Map<AnyResource, Map<RowId, object>>();
  #careful = 0;

  recall({ resource, id }: Touch): object | undefined {
    return this.#rows.get(resource)?.get(id);
  }

  keep(resource: AnyResource, id: RowId, row: object): void {
    let rows = this.#rows.get(resource);
    if (!rows) this.#rows.set(resource, (rows = new Map()));
    rows.set(id, row);
    if (rows.size > MAX_ROWS) for (const [oldest] of rows) if (rows.delete(oldest)) break;
  }

  /** After a batch that was not committed as guessed. */
  forgetAll(): void {
    this.#rows = new Map();
    this.#careful = CAREFUL_BATCHES;
  }

  /** Whether the next batch should lock before it decides; counts that batch. */
  isCareful(): boolean {
    if (this.#careful === 0) return false;
    this.#careful -= 1;
    return true;
  }
}
