/** Lists an item on the market: it goes into escrow, so that it is sold at most once. */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, touch, type RowChange } from "../../engine/resource.ts";
import { items, moveItem, splitItem } from "../../items/items/item-rows.ts";
import { refuseUnlessOwned, tooMany } from "../../items/items/item-refusals.ts";
import { moveCounter, counterId, limitCounters } from "../../items/items/limit-counters.ts";
import { listings, type ListingRow } from "./listing-rows.ts";

/**
 * Two of the partner's test tools list unowned items (docs/contract.md 5.2), each run one or two.
 * Twenty at a time let them run, and keep a caller from flooding the market with empty listings.
 */
const DECLARED_MAX = 20n;

export interface ListItemPayload {
  /** Complete except for the decision's own fields; `itemId` null: declared. */
  readonly listing: ListingRow & { readonly sellerId: string; readonly remaining: bigint };
  /** Id of the part, should a stack be split. */
  readonly newItemId: string;
}

/** Counts the declared listings of a user that are active. */
export function declaredCounter(sellerId: string): string {
  return counterId("declared", sellerId);
}

export type ListItemResult = { readonly listingId: string };

export const listItemOperation = defineOperationType<ListItemPayload, ListItemResult>({
  name: "market_list",
  touches: ({ listing, newItemId }) => [
    touch(listings, listing.id),
    ...(listing.itemId === null
      ? [touch(limitCounters, declaredCounter(listing.sellerId))]
      : [touch(items, listing.itemId), touch(items, newItemId)]),
  ],
  decide({ listing, newItemId }, view, context) {
    const { sellerId, itemId, remaining: quantity } = listing;
    if (itemId === null) {
      const limit = { by: 1n, limit: DECLARED_MAX };
      const slot = moveCounter(view, declaredCounter(sellerId), limit);
      if (!slot) return { refuse: "listing_limit", details: { maximum: Number(DECLARED_MAX) } };
      return offer(listing, [slot]);
    }
    const item = view.get(items, itemId);
    if (!item || item.ownerId !== sellerId) return { refuse: "item_not_found" };
    const refusal = refuseUnlessOwned(item);
    if (refusal) return refusal;
    if (quantity > item.quantity) return tooMany(item);
    const step = { action: "list" as const, context };
    const state = "escrowed" as const;
    if (quantity === item.quantity)
      return offer(listing, [change(items, itemId, moveItem(item, { state }, step))]);
    const { rest, part } = splitItem(item, { id: newItemId, quantity, state }, step);
    const changes = [change(items, itemId, rest), change(items, part.id, part)];
    return offer({ ...listing, itemId: part.id }, changes);
  },
});

function offer(listing: ListingRow, changes: RowChange[]) {
  return {
    changes: [...changes, change(listings, listing.id, listing)],
    result: { listingId: listing.id },
  };
}
