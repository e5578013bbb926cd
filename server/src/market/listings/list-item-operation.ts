/** Lists an item on the market: it goes into escrow, so that it is sold at most once. */
import type { Refusal, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey, type RowChange } from "../../engine/resource.ts";
import { items, moveItem, splitItem, type ItemRow } from "../../items/items/item-rows.ts";
import { acceptedGifts } from "../../items/gifts/gift-limits.ts";
import { refuseLocked, refuseUnlessOwned, tooMany } from "../../items/items/item-refusals.ts";
import { moveCounter, counterId, limitCounters } from "../../ledger/limits/limit-counters.ts";
import { listings, type ListingRow } from "./listing-rows.ts";
import type { Message } from "../../lib/messages.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

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
/** Of these the importer alone says what they are, as of declared ones (docs/incidents.md G13). */
const IMPORTED_LISTINGS_MAX = 20n;

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

interface ListingLimit {
  readonly id: string;
  readonly limit: bigint;
  readonly what: Message;
}

/**
 * The limits that count a listing of this item; undefined: a declared one. A part of an imported stack, and one
 * that was given on, keeps the id of its import.
 */
function limitsOf(sellerId: string, item: ItemRow | undefined): ListingLimit[] {
  const id = listingCounter(sellerId, { itemId: item?.id ?? null });
  if (!item) return [{ id, limit: DECLARED_MAX, what: UNOWNED }];
  const owned = { id, limit: OWNED_LISTINGS_MAX, what: OWNED };
  if (item.externalId === null) return [owned];
  const imported = counterId("imported", sellerId);
  return [owned, { id: imported, limit: IMPORTED_LISTINGS_MAX, what: IMPORTED }];
}

function countListing(
  view: View,
  sellerId: string,
  item: ItemRow | undefined,
): RowChange[] | Refusal {
  const counted: RowChange[] = [];
  for (const { id, limit, what } of limitsOf(sellerId, item)) {
    const moved = moveCounter(view, id, { by: 1n, limit });
    if (!moved) return tooManyListings(limit, what);
    counted.push(moved);
  }
  return counted;
}

/** The counters of a seller after the end of a listing of this item; undefined: of a declared one. */
export function freedSlots(view: View, sellerId: string, item: ItemRow | undefined): RowChange[] {
  return limitsOf(sellerId, item).flatMap(({ id }) => moveCounter(view, id, { by: -1n }) ?? []);
}

export type ListItemResult = { readonly listingId: string };

export const listItemOperation = defineOperationType<ListItemPayload, ListItemResult>()({
  name: "market_list",
  readWriteSet: ({ listing, newItemId }) => [
    rowKey(listings, listing.id),
    rowKey(limitCounters, listingCounter(listing.sellerId, listing)),
    ...(listing.itemId === null ? [] : [rowKey(items, listing.itemId), rowKey(items, newItemId)]),
  ],
  decide({ listing, newItemId, ...unread }, view, context) {
    unread satisfies NothingElse;
    const { sellerId, itemId, remaining: quantity } = listing;
    if (itemId === null) {
      const declared = countListing(view, sellerId, undefined);
      return "refuse" in declared ? declared : offer(listing, declared);
    }
    const item = view.get(items, itemId);
    if (!item || item.ownerId !== sellerId) return { refuse: "item_not_found" };
    const refusal = refuseUnlessOwned(item) ?? refuseLocked(view, item);
    if (refusal) return refusal;
    if (quantity > item.quantity) return tooMany(item);
    const slots = countListing(view, sellerId, item);
    if ("refuse" in slots) return slots;
    const counted = [...slots, ...acceptedGifts(view, [item])];
    const step = { action: "list" as const, context };
    const state = "escrowed" as const;
    if (quantity === item.quantity)
      return offer(listing, [...counted, change(items, itemId, moveItem(item, { state }, step))]);
    const { rest, part } = splitItem(item, { id: newItemId, quantity, state }, step);
    const changes = [...counted, change(items, itemId, rest), change(items, part.id, part)];
    return offer({ ...listing, itemId: part.id }, changes);
  },
});

const OWNED: Message = { en: "items", zh: "道具" };
const IMPORTED: Message = { en: "imported items", zh: "导入道具" };
const UNOWNED: Message = { en: "items that they do not own", zh: "未持有道具" };

function tooManyListings(maximum: bigint, what: Message): Refusal {
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
