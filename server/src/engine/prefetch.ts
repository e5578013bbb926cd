/** Reads rows of every resource into the working set, in one round trip. */
import type { Queryable } from "../db/database.ts";
import type { Registry } from "./registry.ts";
import {
  rowKey,
  type AnyResource,
  type AnyRowBeside,
  type Resource,
  type RowId,
  type RowKey,
} from "./resource.ts";
import { sortedIds, type WorkingSet } from "./working-set.ts";

/**
 * Loads the rows that `rows` lacks, and those that guards need beside them; missing ones as undefined. With
 * `lock` they are locked in the registry's order, ids sorted: the one order in which every process locks.
 */
export async function readInto(
  db: Queryable,
  rows: WorkingSet,
  keys: Iterable<RowKey>,
  { registry, lock }: { registry: Registry; lock: boolean },
): Promise<void> {
  const wanted = groupMissing(rows, keys, registry.besides);
  const reads = registry.resources
    .filter((resource) => wanted.has(resource))
    .map((resource) => readOne(db, resource, { ids: wanted.get(resource) ?? new Set(), lock }));
  for (const { resource, ids, found } of await Promise.all(reads))
    for (const id of ids) rows.load(resource, id, found.get(id));
}

function groupMissing(
  rows: WorkingSet,
  keys: Iterable<RowKey>,
  besides: readonly AnyRowBeside[],
): Map<AnyResource, Set<RowId>> {
  const wanted = new Map<AnyResource, Set<RowId>>();
  const want = (key: RowKey) => {
    if (rows.has(key)) return;
    const ids = wanted.get(key.resource);
    if (ids) ids.add(key.id);
    else wanted.set(key.resource, new Set([key.id]));
    for (const beside of besides)
      if (beside.of === key.resource) want(rowKey(beside.resource, beside.idOf(key.id)));
  };
  for (const key of keys) want(key);
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
