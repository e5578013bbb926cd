/** Lists an item on the market: it goes into escrow, so that it is sold at most once. */
import type { Refusal } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, touch, type RowChange } from "../../engine/resource.ts";
import { items, moveItem, splitItem } from "../../items/items/item-rows.ts";
import { acceptedGifts } from "../../items/gifts/gift-limits.ts";
import { refuseUnlessOwned, tooMany } from "../../items/items/item-refusals.ts";
import { moveCounter, counterId, limitCounters } from "../../items/items/limit-counters.ts";
import { listings, type ListingRow } from "./listing-rows.ts";
import type { Message } from "../../lib/messages.ts";

/**
 * Two of the partner's test tools list unowned items (docs/contract.md 5.2), each run one or two.
 * Twenty at a time let them run, and keep a caller from flooding the market with empty listings.
 */
export const DECLARED_MAX = 20n;
/**
 * More than a person looks after, and two pages of the market: a stack listed piece by piece does not push
 * everybody else off them. Listings from before the limit stay.
 */
export const OWNED_LISTINGS_MAX = 200n;

export interface ListItemPayload {
  /** Complete except for the decision's own fields; `itemId` null: declared. */
  readonly listing: ListingRow & { readonly sellerId: string; readonly remaining: bigint };
  /** Id of the part, should a stack be split. */
  readonly newItemId: string;
}

/** Counts the active listings of a user, apart for those of an owned item and for declared ones. */
export function listingCounter(
  sellerId: string,
  { itemId }: { readonly itemId: string | null },
): string {
  return counterId(itemId === null ? "declared" : "listed", sellerId);
}

export type ListItemResult = { readonly listingId: string };

export const listItemOperation = defineOperationType<ListItemPayload, ListItemResult>()({
  name: "market_list",
  touches: ({ listing, newItemId }) => [
    touch(listings, listing.id),
    touch(limitCounters, listingCounter(listing.sellerId, listing)),
    ...(listing.itemId === null ? [] : [touch(items, listing.itemId), touch(items, newItemId)]),
  ],
  decide({ listing, newItemId }, view, context) {
    const { sellerId, itemId, remaining: quantity } = listing;
    const limit = itemId === null ? DECLARED_MAX : OWNED_LISTINGS_MAX;
    const slot = moveCounter(view, listingCounter(sellerId, listing), { by: 1n, limit });
    if (itemId === null) return slot ? offer(listing, [slot]) : tooManyListings(DECLARED_MAX);
    const item = view.get(items, itemId);
    if (!item || item.ownerId !== sellerId) return { refuse: "item_not_found" };
    const refusal = refuseUnlessOwned(item);
    if (refusal) return refusal;
    if (quantity > item.quantity) return tooMany(item);
    if (!slot) return tooManyListings(OWNED_LISTINGS_MAX);
    const counted = [slot, ...acceptedGifts(view, [item])];
    const step = { action: "list" as const, context };
    const state = "escrowed" as const;
    if (quantity === item.quantity)
      return offer(listing, [...counted, change(items, itemId, moveItem(item, { state }, step))]);
    const { rest, part } = splitItem(item, { id: newItemId, quantity, state }, step);
    const changes = [...counted, change(items, itemId, rest), change(items, part.id, part)];
    return offer({ ...listing, itemId: part.id }, changes);
  },
});

function tooManyListings(maximum: bigint): Refusal {
  const what: Message =
    maximum === DECLARED_MAX
      ? { en: "items that they do not own", zh: "未持有道具" }
      : { en: "items", zh: "道具" };
  return {
    refuse: "listing_limit",
    details: {
      maximum: Number(maximum),
      rule: {
        en: `a seller has at most ${maximum} active listings of ${what.en}`,
        zh: `每位卖家最多有 ${maximum} 个${what.zh}的有效上架`,
      },
    },
  };
}

function offer(listing: ListingRow, changes: RowChange[]) {
  return {
    changes: [...changes, change(listings, listing.id, listing)],
    result: { listingId: listing.id },
  };
}
