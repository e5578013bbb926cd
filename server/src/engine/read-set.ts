/**
 * The read set: rows that a batch's decision read and left unchanged. A cached one gets a version
 * check together with the write, so that each decision rests on checked rows; one that was read is
 * cached for the next batch.
 */
import type { BoundStatement } from "../db/database.ts";
import type { AnyResource, ReadRow, Resource, RowId, Touch } from "./resource.ts";
import type { RowCache } from "./row-cache.ts";
import { sortedIds, type WorkingSet } from "./working-set.ts";

interface ReadSetRow extends ReadRow<RowId, object> {
  readonly fromCache: boolean;
}

type RowsById = Map<RowId, ReadSetRow>;

/** By resource, of those that support version checks. */
export function readSetOf(
  rows: WorkingSet,
  touches: readonly Touch[],
): ReadonlyMap<AnyResource, RowsById> {
  const readSet = new Map<AnyResource, RowsById>();
  for (const touch of touches) {
    const { resource, id } = touch;
    if (!readable(resource).requireAsRead) continue;
    const entry = rows.unchanged(touch);
    if (!entry) continue;
    let ofResource = readSet.get(resource);
    if (!ofResource) readSet.set(resource, (ofResource = new Map()));
    ofResource.set(id, { id, row: entry.before, fromCache: entry.cached !== undefined });
  }
  return readSet;
}

/** One statement for each resource with cached rows in the read set. */
export function requireAsRead(readSet: ReadonlyMap<AnyResource, RowsById>): BoundStatement[] {
  return [...readSet].flatMap(([resource, byId]) => {
    const ids = [...byId.values()].flatMap(({ id, fromCache }) => (fromCache ? [id] : []));
    const rows = sortedIds(ids).map((id) => ({ id, row: byId.get(id)?.row }));
    const statement = rows.length > 0 ? readable(resource).requireAsRead?.(rows) : undefined;
    return statement ? [statement] : [];
  });
}

/** A row that another batch has cached meanwhile is newer than the one that was read. */
export function cacheReadSet(cache: RowCache, readSet: ReadonlyMap<AnyResource, RowsById>): void {
  for (const [resource, byId] of readSet)
    for (const { id, row, fromCache } of byId.values())
      if (!fromCache && !cache.get({ resource, id })) cache.keep(resource, id, row);
}

function readable(resource: AnyResource): Resource<RowId, object> {
  return resource as unknown as Resource<RowId, object>;
}
