/** The rows of one batch: as read, and as the operations decided so far have left them. */
import type { View } from "./operation.ts";
import {
  type AnyResource,
  type AnyRowBeside,
  type Change,
  type Resource,
  type RowBeside,
  type RowChange,
  type RowId,
  type RowKey,
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

/** A row that decisions may have used; undefined: it is missing. */
export interface UnchangedRow {
  readonly id: RowId;
  readonly row: object | undefined;
  readonly fromCache: boolean;
}

/** Thrown for unread rows; the batch is decided again with them. */
export class RowsNotRead extends Error {
  override readonly name = "RowsNotRead";
  readonly keys: readonly RowKey[];

  constructor(keys: readonly RowKey[]) {
    super(`not read: ${keys.map(({ resource, id }) => `${resource.name} ${id}`).join(", ")}`);
    this.keys = keys;
  }
}

/** Shared: nearly every row beside is missing. */
const NONE_BESIDE = new Map<never, never>();

export class WorkingSet implements View {
  readonly #rows = new Map<AnyResource, Map<RowId, Entry>>();
  readonly #cache: RowCache | undefined;
  /** Whether some row came from the cache. */
  fromCache = false;
  #undo: { entry: Entry; was: object | undefined }[] = [];

  /** With a cache, rows that were not read come from there. */
  constructor(cache?: RowCache) {
    this.#cache = cache;
  }

  /** Adds a row as read from the database; undefined: it is missing. */
  load(resource: AnyResource, id: RowId, row: object | undefined): void {
    const entry = { before: row, current: row, cached: undefined, isNew: false };
    this.#rowsOf(resource).set(id, entry);
  }

  /** Adds a row from the cache. */
  #loadCached(resource: AnyResource, id: RowId, cached: CachedRow): Entry {
    const entry = { before: cached.row, current: cached.row, cached, isNew: false };
    this.#rowsOf(resource).set(id, entry);
    this.fromCache = true;
    return entry;
  }

  /** During the read, other batches left newer rows than it shows. */
  refresh(): void {
    if (!this.#cache) return;
    for (const [resource, rows] of this.#rows)
      for (const [id, { before }] of rows) {
        const cached = this.#cache.get({ resource, id });
        if (cached && cached.row !== before) this.#loadCached(resource, id, cached);
      }
  }

  #rowsOf(resource: AnyResource): Map<RowId, Entry> {
    let rows = this.#rows.get(resource);
    if (!rows) this.#rows.set(resource, (rows = new Map()));
    return rows;
  }

  #entryOf(resource: AnyResource, id: RowId): Entry | undefined {
    const entry = this.#rows.get(resource)?.get(id);
    if (entry) return entry;
    const cached = this.#cache?.get({ resource, id });
    return cached && this.#loadCached(resource, id, cached);
  }

  /** The rows of a resource that were read or cached and stayed unchanged. */
  unchanged(resource: AnyResource): UnchangedRow[] {
    const unchanged: UnchangedRow[] = [];
    this.#rows.get(resource)?.forEach(({ before, current, cached, isNew }, id) => {
      if (current === before && !isNew)
        unchanged.push({ id, row: before, fromCache: cached !== undefined });
    });
    return unchanged;
  }

  /** Whether the row was read, or is cached. */
  has({ resource, id }: RowKey): boolean {
    return this.#entryOf(resource, id) !== undefined;
  }

  get<Id extends RowId, Row extends object>(resource: Resource<Id, Row>, id: Id): Row | undefined {
    const key = resource as unknown as AnyResource;
    const entry = this.#entryOf(key, id);
    if (!entry) throw new RowsNotRead([{ resource: key, id }]);
    return entry.current as Row | undefined;
  }

  getAll<Id extends RowId, Row extends object>(
    resource: Resource<Id, Row>,
    ids: readonly Id[],
  ): (Row | undefined)[] {
    const key = resource as unknown as AnyResource;
    const found: (Row | undefined)[] = [];
    const unread: RowKey[] = [];
    for (const id of ids) {
      const entry = this.#entryOf(key, id);
      if (entry) found.push(entry.current as Row | undefined);
      else unread.push({ resource: key, id });
    }
    if (unread.length > 0) throw new RowsNotRead(unread);
    return found;
  }

  getAllBeside<OfId extends RowId, Id extends RowId, Row extends object>(
    { of, resource, idOf }: RowBeside<OfId, Id, Row>,
    ids: readonly OfId[],
  ): ReadonlyMap<OfId, Row> {
    const key = resource as unknown as AnyResource;
    let found: Map<OfId, Row> | undefined;
    let unread: RowKey[] | undefined;
    for (const id of ids)
      if (this.#entryOf(of, id)) {
        const row = this.#entryOf(key, idOf(id))?.current;
        if (row) (found ??= new Map()).set(id, row as Row);
      } else (unread ??= []).push({ resource: of, id });
    if (unread) throw new RowsNotRead(unread);
    return found ?? NONE_BESIDE;
  }

  /** As `unchanged`. A row beside that was neither read nor cached is missing, as far as the cache shows. */
  unchangedBeside({ of, resource, idOf }: AnyRowBeside): UnchangedRow[] {
    const unchanged = this.unchanged(resource).filter(({ row }) => row !== undefined);
    this.#rows.get(of)?.forEach(({ cached }, key) => {
      if (!cached) return;
      const id = idOf(key);
      const entry = this.#rows.get(resource)?.get(id);
      const row = entry ? entry.current : this.#cache?.get({ resource, id })?.row;
      if (row === undefined) unchanged.push({ id, row, fromCache: true });
    });
    return unchanged;
  }

  put({ resource, id, after, inserted }: RowChange): void {
    if (inserted && !this.has({ resource, id })) this.#rowsOf(resource).set(id, newEntry());
    const entry = this.#entryOf(resource, id);
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
    rows.forEach(({ before, current }, id) => {
      if (current !== undefined && current !== before) ids.push(id);
    });
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
