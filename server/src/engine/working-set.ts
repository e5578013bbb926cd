/** The rows of one batch: as read, and as the operations decided so far have left them. */
import type { View } from "./operation.ts";
import {
  touch,
  type AnyResource,
  type Change,
  type Resource,
  type RowChange,
  type RowId,
  type Touch,
} from "./resource.ts";
import type { CachedRow, RowCache } from "./row-cache.ts";

interface Entry {
  readonly before: object | undefined;
  current: object | undefined;
  /** The row's place in the cache; undefined for a row that was read. */
  readonly cached: CachedRow | undefined;
  /** Its id is still private to this batch. */
  readonly isNew: boolean;
}

function newEntry(): Entry {
  return { before: undefined, current: undefined, cached: undefined, isNew: true };
}

/** A changed row, and its place in the cache, if it came from there. */
export type ChangedRow = Change<RowId, object> & Pick<Entry, "cached" | "isNew">;

/** Thrown for unread rows; the batch is decided again with them. */
export class RowsNotRead extends Error {
  override readonly name = "RowsNotRead";
  readonly touches: readonly Touch[];

  constructor(touches: readonly Touch[]) {
    super(`not read: ${touches.map(({ resource, id }) => `${resource.name} ${id}`).join(", ")}`);
    this.touches = touches;
  }
}

export class WorkingSet implements View {
  readonly #rows = new Map<AnyResource, Map<RowId, Entry>>();
  /** Whether some row came from the cache. */
  fromCache = false;
  #undo: { entry: Entry; was: object | undefined }[] = [];

  /** Adds a row as read from the database; undefined: it is missing. */
  load(resource: AnyResource, id: RowId, row: object | undefined): void {
    const entry = { before: row, current: row, cached: undefined, isNew: false };
    this.#rowsOf(resource).set(id, entry);
  }

  /** Adds a row from the cache. */
  loadCached({ resource, id }: Touch, cached: CachedRow): void {
    const entry = { before: cached.row, current: cached.row, cached, isNew: false };
    this.#rowsOf(resource).set(id, entry);
    this.fromCache = true;
  }

  /** During the read, other batches left newer rows than it shows, or it came from the cache. */
  refresh(cache: RowCache): void {
    for (const [resource, rows] of this.#rows)
      for (const [id, { before }] of rows) {
        const cached = cache.get({ resource, id });
        if (cached && cached.row !== before) this.loadCached({ resource, id }, cached);
      }
  }

  #rowsOf(resource: AnyResource): Map<RowId, Entry> {
    let rows = this.#rows.get(resource);
    if (!rows) this.#rows.set(resource, (rows = new Map()));
    return rows;
  }

  /** The unchanged row as it was read or cached, if there is one. */
  unchanged({ resource, id }: Touch): Pick<Entry, "before" | "cached"> | undefined {
    const entry = this.#rows.get(resource)?.get(id);
    return entry && entry.current === entry.before ? entry : undefined;
  }

  has({ resource, id }: Touch): boolean {
    return this.#rows.get(resource)?.has(id) ?? false;
  }

  get<Id extends RowId, Row extends object>(resource: Resource<Id, Row>, id: Id): Row | undefined {
    const key = resource as unknown as AnyResource;
    const entry = this.#rows.get(key)?.get(id);
    if (!entry) throw new RowsNotRead([{ resource: key, id }]);
    return entry.current as Row | undefined;
  }

  getAll<Id extends RowId, Row extends object>(
    resource: Resource<Id, Row>,
    ids: readonly Id[],
  ): (Row | undefined)[] {
    const unread = ids.map((id) => touch(resource, id)).filter((one) => !this.has(one));
    if (unread.length > 0) throw new RowsNotRead(unread);
    return ids.map((id) => this.get(resource, id));
  }

  put({ resource, id, after, inserted }: RowChange): void {
    if (inserted && !this.has({ resource, id })) this.#rowsOf(resource).set(id, newEntry());
    const entry = this.#rows.get(resource)?.get(id);
    if (!entry) throw new RowsNotRead([{ resource, id }]);
    this.#undo.push({ entry, was: entry.current });
    // A copy, so that a row returned unchanged counts as written and has its revision checked.
    entry.current = after === entry.current ? { ...after } : after;
  }

  /** A point to which `rollback` can return, for a group that must post as a whole. */
  mark(): number {
    return this.#undo.length;
  }

  rollback(mark: number): void {
    for (const { entry, was } of this.#undo.splice(mark).reverse()) entry.current = was;
  }

  /** The changed rows, sorted by id so that every process writes rows in one order. */
  changes(resource: AnyResource): ChangedRow[] {
    const rows = this.#rows.get(resource);
    if (!rows) return [];
    const ids: RowId[] = [];
    for (const [id, { before, current }] of rows)
      if (current !== undefined && current !== before) ids.push(id);
    return sortedIds(ids).map((id) => {
      const entry = rows.get(id);
      if (!entry?.current) throw new Error("a changed row was lost");
      const { before, current: after, cached, isNew } = entry;
      return { id, before, after, cached, isNew };
    });
  }

  /** Drops every decision, keeps the reads. */
  reset(): void {
    this.rollback(0);
  }
}

/** Numbers sort natively, sparing a comparison function: a batch has hundreds. */
export function sortedIds(ids: readonly RowId[]): RowId[] {
  if (ids.every((id) => typeof id === "bigint")) return [...BigInt64Array.from(ids).sort()];
  return [...ids].sort((a, b) => (a < b ? -1 : 1));
}
