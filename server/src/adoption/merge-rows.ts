/** Merged duplicates as the posting engine sees them: a merge is undone at most once. */
import type { BoundStatement, Queryable } from "../db/database.ts";
import { plainArray, textArray } from "../db/pipeline/array-parameters.ts";
import type { Change, Resource } from "../engine/resource.ts";
import { readMerges, updateMerges } from "./merge-queries.ts";

export interface MergeRow {
  readonly mergedId: string;
  readonly itemId: string;
  readonly unmergedTransferId: string | null;
}

/** By the id of the duplicate. */
export const itemMerges: Resource<string, MergeRow> = {
  name: "item_merges",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<MergeRow>(readMerges(lock), [textArray(ids)]);
    return new Map(rows.map((row) => [row.mergedId, row]));
  },
  write(changes: readonly Change<string, MergeRow>[]): BoundStatement[] {
    return [
      {
        statement: updateMerges,
        values: [
          textArray(changes.map(({ id }) => id)),
          plainArray(changes.map(({ after }) => after.unmergedTransferId)),
          changes.length,
        ],
      },
    ];
  },
};
