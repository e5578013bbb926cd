/** The orphans of several keys, as the rollback would find them. */
import { quoteIdentifier, type DirectClient } from "../../db/driver/direct-client.ts";
import type { PlannedKey } from "../model/plan.ts";
import { countOrphans } from "./catalogue-queries.ts";

export interface KeyOrphans {
  readonly orphans: number;
  /** Those of keys that were valid, which cannot come back beside them. */
  readonly blockingOrphans: number;
}

/** Counts by an anti-join on all columns of each key; a row that several equal keys refuse counts once. */
export async function countKeyOrphans(
  client: DirectClient,
  keys: readonly PlannedKey[],
): Promise<KeyOrphans> {
  let orphans = 0;
  let blockingOrphans = 0;
  for (const [key, ...twins] of withSameEnds(keys)) {
    const count = await countOrphans(client, {
      table: key.table,
      references: key.references,
      quotedColumns: key.columns.map(quoteIdentifier),
      quotedReferencedColumns: key.referencedColumns.map(quoteIdentifier),
    });
    orphans += count;
    if ([key, ...twins].some(({ validated }) => validated)) blockingOrphans += count;
  }
  return { orphans, blockingOrphans };
}

function withSameEnds(keys: readonly PlannedKey[]): [PlannedKey, ...PlannedKey[]][] {
  const groups = new Map<string, [PlannedKey, ...PlannedKey[]]>();
  for (const key of keys) {
    const ends = JSON.stringify([
      key.tableOid,
      key.columns,
      key.referencesOid,
      key.referencedColumns,
    ]);
    const group = groups.get(ends);
    if (group) group.push(key);
    else groups.set(ends, [key]);
  }
  return [...groups.values()];
}
