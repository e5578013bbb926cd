/**
 * Cache: rows as this process last wrote or read them. Evicted oldest first, all after a failed
 * batch.
 *
 * A row is cached as soon as its batch is sent, before the commit, so that the next batch can be
 * decided while the database still writes. An outdated row costs one retry: every operation,
 * accepted or refused, has the revisions of its rows checked in the transaction of its batch, the
 * read set included (read-set.ts). After a conflict with another process the next batches lock
 * first.
 */
import { BoundedMap } from "../lib/bounded-map.ts";
import type { AnyResource, RowId, Touch } from "./resource.ts";

/** About 40 MB; the oldest rows are evicted first. */
const MAX_ROWS = 131_072;
/** While another process competes for rows, repeated retries cost more than locks. */
const CAREFUL_BATCHES = 16;

/** The place of one cached row; the reader that found it puts the next version here. */
export interface Guess {
  /** undefined: a known absence. */
  row: object | undefined;
}

export class RowMemory {
  #guesses = new Map<AnyResource, BoundedMap<RowId, Guess>>();
  #careful = 0;
  #forgotten = 0;

  /** Increases when the cache is cleared: rows found before are outdated then. */
  get generation(): number {
    return this.#forgotten;
  }

  recall({ resource, id }: Touch): Guess | undefined {
    return this.#guesses.get(resource)?.get(id);
  }

  /** For a row that missed the cache. */
  keep(resource: AnyResource, id: RowId, row: object | undefined): void {
    let guesses = this.#guesses.get(resource);
    if (!guesses) this.#guesses.set(resource, (guesses = new BoundedMap(MAX_ROWS)));
    guesses.set(id, { row });
  }

  /** After a batch that failed to commit as cached. */
  forgetAll(): void {
    this.#guesses = new Map();
    this.#forgotten += 1;
  }

  /** After another process changed cached rows. */
  beCareful(): void {
    this.#careful = CAREFUL_BATCHES;
  }

  /** Whether the next batch should lock before it decides; counts that batch. */
  isCareful(): boolean {
    if (this.#careful === 0) return false;
    this.#careful -= 1;
    return true;
  }
}
