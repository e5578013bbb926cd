/** Everything about one listing: its state, its seller and its item. */
import type { Database } from "../../db/database.ts";
import { findItem, type Item } from "../../items/items/item-queries.ts";
import { requireOffer, type Offer } from "../../market/listings/offers.ts";
import { listUsersById, type FoundUser } from "../users/search-users.ts";

export interface ListingPage {
  readonly listing: Offer;
  /** undefined: official stock. */
  readonly seller: FoundUser | undefined;
  /** undefined: nothing is in escrow for it. */
  readonly item: Item | undefined;
}

/** Errors: `item_not_found`. */
export async function readListingPage(db: Database, id: string): Promise<ListingPage> {
  const listing = await requireOffer({ db }, id, "id");
  const { sellerId, itemId } = listing;
  const [[seller], item] = await Promise.all([
    sellerId === null ? [] : listUsersById(db, [sellerId]),
    itemId === null ? undefined : findItem(db, itemId),
  ]);
  return { listing, seller, item };
}
