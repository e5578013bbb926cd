/** Everything about one item: its facts, its owner, its listing, and what was merged into it. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { findItem, type Item } from "../../items/items/item-queries.ts";
import { listUsersById, type FoundUser } from "../users/search-users.ts";

export interface ItemPage {
  readonly item: Item;
  /** undefined: the system's, such as a holding place of operators. */
  readonly owner: FoundUser | undefined;
  readonly origin: ItemOriginRow;
}

export interface ItemOriginRow {
  /** The platform or program that an import named. */
  readonly source: string | null;
  readonly externalId: string | null;
  readonly allinoneItemId: string | null;
  /** The listing in which it is in escrow, or by which it was bought. */
  readonly listingId: string | null;
  /** Ids of duplicates that the adoption merged into it. */
  readonly mergedIds: readonly string[];
}

const MERGED_MAX = 100;

/** Errors: `item_not_found`. */
export async function readItemPage(db: Queryable, id: string): Promise<ItemPage> {
  const item = await findItem(db, id);
  if (!item) throw new NewDayError("item_not_found", { field: "id" });
  const [[owner], mergedIds] = await Promise.all([
    listUsersById(db, [item.ownerId]),
    listMergedIds(db, id),
  ]);
  const { source, externalId, allinoneItemId, listingId } = item;
  return { item, owner, origin: { source, externalId, allinoneItemId, listingId, mergedIds } };
}

async function listMergedIds(db: Queryable, id: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    {
      name: "item-page-merged",
      text: `select merged_id as id from newday.item_merges
        where item_id = $1 and unmerged_transfer_id is null order by merged_id limit ${MERGED_MAX}`,
    },
    [id],
  );
  return rows.map(({ id: merged }) => merged);
}
