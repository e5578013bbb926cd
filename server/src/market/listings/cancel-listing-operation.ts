/** Takes a listing off the market and gives the item back: by its seller, or at its end. */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { items, moveItem } from "../../items/items/item-rows.ts";
import { limitCounters } from "../../ledger/limits/limit-counters.ts";
import { changedListing, listings } from "./listing-rows.ts";
import { freedSlots, listingCounter } from "./list-item-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface CancelListingPayload {
  readonly listingId: string;
  readonly sellerId: string;
  readonly reason: "removed" | "expired";
  /** A constant of the listing, read before. */
  readonly itemId: string | null;
}

export const cancelListingOperation = defineOperationType<CancelListingPayload>()({
  name: "market_cancel",
  readWriteSet: ({ listingId, sellerId, itemId }) => [
    rowKey(listings, listingId),
    rowKey(limitCounters, listingCounter(sellerId, { itemId })),
    ...(itemId === null ? [] : [rowKey(items, itemId)]),
  ],
  decide(payload, view, context) {
    const { listingId, sellerId, reason, itemId: _itemId, ...unread } = payload;
    unread satisfies NothingElse;
    const listing = view.get(listings, listingId);
    if (!listing || listing.sellerId !== sellerId) return { refuse: "item_not_found" };
    if (listing.status !== "active")
      return { refuse: "item_not_available", details: { listingStatus: listing.status } };
    const closed = change(listings, listingId, changedListing(listing, { status: reason }));
    if (listing.itemId === null)
      return { changes: [...freedSlots(view, sellerId, undefined), closed] };
    const item = view.get(items, listing.itemId);
    if (!item) throw new Error(`listing ${listingId} is active without its item`);
    const back = moveItem(item, { state: "owned" }, { action: "cancel", context });
    const slots = freedSlots(view, sellerId, item);
    return { changes: [...slots, closed, change(items, item.id, back)] };
  },
});
