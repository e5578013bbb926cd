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
import type { AnyResource, RowId, RowKey } from "./resource.ts";

/** About 40 MB; the oldest rows are evicted first. */
const MAX_ROWS = 131_072;
/** While another process competes for rows, repeated retries cost more than locks. */
const PESSIMISTIC_BATCHES = 16;

/** The place of one cached row; the reader that found it puts the next version here. */
export interface CachedRow {
  /** undefined: a known absence. */
  row: object | undefined;
}

export class RowCache {
  #entries = new Map<AnyResource, BoundedMap<RowId, CachedRow>>();
  #pessimisticTurns = 0;
  #generation = 0;
  /** Rows that were asked for, and those that were cached, for metrics. */
  readonly counts = { reads: 0, hits: 0 };

  /** Increases when the cache is cleared: rows found before are outdated then. */
  get generation(): number {
    return this.#generation;
  }

  get({ resource, id }: RowKey): CachedRow | undefined {
    const row = this.#entries.get(resource)?.get(id);
    this.counts.reads += 1;
    if (row) this.counts.hits += 1;
    return row;
  }

  /** For a row that missed the cache. */
  keep(resource: AnyResource, id: RowId, row: object | undefined): void {
    let rows = this.#entries.get(resource);
    if (!rows) this.#entries.set(resource, (rows = new BoundedMap(MAX_ROWS)));
    rows.set(id, { row });
  }

  /** After a batch that failed to commit as cached. */
  evictAll(): void {
    this.#entries = new Map();
    this.#generation += 1;
  }

  /** After another process changed cached rows. */
  startPessimisticTurns(): void {
    this.#pessimisticTurns = PESSIMISTIC_BATCHES;
  }

  /** Uses up one turn; true while there was one: the next batch locks before it decides. */
  takePessimisticTurn(): boolean {
    if (this.#pessimisticTurns === 0) return false;
    this.#pessimisticTurns -= 1;
    return true;
  }
}
