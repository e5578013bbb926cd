/** SQL of merged duplicates, and of undoing a merge. */
import type { NamedStatement, Queryable, Statement } from "../db/database.ts";
import { idForms } from "../items/items/item-queries.ts";
import { ADVENTURE_COLUMNS, type LegacyAdventureItem } from "./legacy-queries.ts";

const READ = `select merged_id as "mergedId", item_id as "itemId",
    unmerged_transfer_id as "unmergedTransferId"
  from newday.item_merges where merged_id = any($1::text[])`;
const read: Statement = { name: "item_merges_read", text: READ };
const lock: Statement = {
  name: "item_merges_lock",
  text: `${READ} order by merged_id for update`,
};

export function readMerges(locking: boolean): Statement {
  return locking ? lock : read;
}

/** Once only: an undone merge has changed since it was read. */
export const updateMerges: NamedStatement = {
  name: "item_merges_update",
  text: `with written as (
    update newday.item_merges m set unmerged_transfer_id = v.transfer_id
    from unnest($1::text[], $2::uuid[]) as v (merged_id, transfer_id)
    where m.merged_id = v.merged_id and m.unmerged_transfer_id is null
    returning 1
  )
  select newday.require_rows((select count(*) from written), $3)`,
};

export interface StoredMerge extends LegacyAdventureItem {
  readonly mergedId: string;
  /** The item that stayed. */
  readonly itemId: string;
  readonly reason: string;
  /** Of the item that stayed, when it was adopted. */
  readonly adoptedQuantity: bigint;
}

/** The merge of a duplicate, by the duplicate's id or the kept item's id, in any form. */
export async function findMerge(db: Queryable, id: string): Promise<StoredMerge | undefined> {
  const [row] = await db.query<StoredMerge>(
    `select m.merged_id as "mergedId", m.item_id as "itemId", m.reason,
        h.quantity as "adoptedQuantity", ${ADVENTURE_COLUMNS}
      from (select *, legacy_row as j from newday.item_merges) m
      join newday.item_history h on h.item_id = m.item_id and h.version = 1
      where m.merged_id = any($1) or m.item_id = any($1)
      order by m.merged_id limit 1`,
    [idForms(id)],
  );
  return row;
}
