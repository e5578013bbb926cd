/** Reads rows of every resource into the working set, in one round trip. */
import type { Queryable } from "../db/database.ts";
import type { Registry } from "./registry.ts";
import type { AnyResource, Resource, RowId, Touch } from "./resource.ts";
import { sortedIds, type WorkingSet } from "./working-set.ts";

/**
 * Loads the rows that `rows` lacks; missing ones as undefined. With `lock` they are locked in the
 * registry's order, ids sorted: the one order in which every process locks.
 */
export async function readInto(
  db: Queryable,
  rows: WorkingSet,
  touches: Iterable<Touch>,
  { registry, lock }: { registry: Registry; lock: boolean },
): Promise<void> {
  const wanted = groupMissing(rows, touches);
  const reads = registry.resources
    .filter((resource) => wanted.has(resource))
    .map((resource) => readOne(db, resource, { ids: wanted.get(resource) ?? new Set(), lock }));
  for (const { resource, ids, found } of await Promise.all(reads))
    for (const id of ids) rows.load(resource, id, found.get(id));
}

function groupMissing(rows: WorkingSet, touches: Iterable<Touch>): Map<AnyResource, Set<RowId>> {
  const wanted = new Map<AnyResource, Set<RowId>>();
  for (const touch of touches) {
    if (rows.has(touch)) continue;
    const ids = wanted.get(touch.resource);
    if (ids) ids.add(touch.id);
    else wanted.set(touch.resource, new Set([touch.id]));
  }
  return wanted;
}

async function readOne(
  db: Queryable,
  resource: AnyResource,
  { ids, lock }: { ids: ReadonlySet<RowId>; lock: boolean },
) {
  const sorted = sortedIds([...ids]);
  const readable = resource as unknown as Resource<RowId, object>;
  return { resource, ids: sorted, found: await readable.read(db, sorted, lock) };
}
