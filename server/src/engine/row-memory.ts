/**
 * Rows as this process last wrote or read them: a guess that saves a read, never the truth.
 *
 * A guess is put here as soon as a batch is on its way, before it is committed, so that the next batch
 * can be decided while the database still writes. A wrong guess costs a repetition and nothing else:
 * every operation, accepted or refused, has the revisions of its rows checked in the transaction of
 * its batch, also of those that it only looked at (relied-rows.ts). After a failed batch all guesses
 * are forgotten; if another process was at work, the next batches lock first.
 */
import { BoundedMap } from "../lib/bounded-map.ts";
import type { AnyResource, RowId, Touch } from "./resource.ts";

/** About 40 MB; beyond it the oldest guesses go. */
const MAX_ROWS = 131_072;
/** While another process competes for rows, guessing wrong again and again costs more than locks. */
const CAREFUL_BATCHES = 16;

/** Where one row is remembered; whoever recalled it puts the next guess here. */
export interface Guess {
  /** undefined: there is no such row. */
  row: object | undefined;
}

export class RowMemory {
  #guesses = new Map<AnyResource, BoundedMap<RowId, Guess>>();
  #careful = 0;
  #forgotten = 0;

  /** Changes when everything is forgotten: what was recalled before must not be built upon then. */
  get generation(): number {
    return this.#forgotten;
  }

  recall({ resource, id }: Touch): Guess | undefined {
    return this.#guesses.get(resource)?.get(id);
  }

  /** For a row that was not recalled. */
  keep(resource: AnyResource, id: RowId, row: object | undefined): void {
    let guesses = this.#guesses.get(resource);
    if (!guesses) this.#guesses.set(resource, (guesses = new BoundedMap(MAX_ROWS)));
    guesses.set(id, { row });
  }

  /** After a batch that was not committed as guessed. */
  forgetAll(): void {
    this.#guesses = new Map();
    this.#forgotten += 1;
  }

  /** After another process changed rows that were guessed. */
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
