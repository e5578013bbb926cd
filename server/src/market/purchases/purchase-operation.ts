/**
 * The purchase: money, fee, listing and item in one posting (docs/contract.md 5.3,
 * docs/incidents.md G14).
 *
 * The buyer pays price and commission, the seller gets the whole price, the commission goes to the
 * fee account. A player's item moves out of escrow; official and declared stock issues a new item.
 * Money for official stock goes back to the mint that issued it; it alone takes locked coins, and locks its item.
 */
import { accountId, accounts } from "../../ledger/accounts/accounts.ts";
import { lockedPartOf } from "../../ledger/transfers/locked-coins.ts";
import type { DecisionContext, JsonObject, Refusal, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, insert, rowKey, type RowChange } from "../../engine/resource.ts";
import { issueItem, items, moveItem, splitItem } from "../../items/items/item-rows.ts";
import { moveCounter, counterId, limitCounters } from "../../ledger/limits/limit-counters.ts";
import { ownerFreezes } from "../../policy/user-freezes/user-freeze-rows.ts";
import { commissionOf } from "../prices/commission.ts";
import {
  changedListing,
  listings,
  purchases,
  type ListingRow,
  type PurchaseRow,
} from "../listings/listing-rows.ts";
import { freedSlots, listingCounter } from "../listings/list-item-operation.ts";
import {
  accountsOfSale,
  legsOfSale,
  resultOfSale,
  spendingLimitRefusal,
  type PurchaseResult,
  type Sale,
} from "./sale.ts";
import type { WithOnly } from "../../lib/nothing-else.ts";

export interface PurchasePayload extends Sale {
  readonly listingId: string;
  readonly buyerId: string;
  /** Id of the item, should one be issued or split off; also the id of the purchase. */
  readonly newItemId: string;
  /** The UTC day, for limits. */
  readonly day: string;
  /** Constants of the listing, read before. */
  readonly itemId: string | null;
  readonly sellerId: string | null;
  readonly limited: boolean;
  /** The player whose limit of listings a sold-out one leaves, when this purchase surely takes the rest. */
  readonly freesSlotOf: string | null;
}

function limitsOf({ listingId, buyerId, day }: PurchasePayload) {
  return {
    ever: counterId("purchase", listingId, buyerId),
    today: counterId("purchase", listingId, buyerId, day),
  };
}

/** Members that the rule reads. */
type ReadMember =
  | "listingId"
  | "buyerId"
  | "quantity"
  | "currency"
  | "currencyNumber"
  | "newItemId"
  | "day"
  | "itemId"
  | "sellerId"
  | "limited"
  | "payMax"
  | "freesSlotOf"
  | "wallets";

export const purchaseOperation = defineOperationType<PurchasePayload, PurchaseResult>()({
  name: "market_purchase",
  readWriteSet(payload) {
    const { itemId } = payload;
    const rows = accountsOfSale(payload);
    rows.push(rowKey(listings, payload.listingId));
    rows.push(rowKey(ownerFreezes, payload.buyerId));
    if (payload.sellerId !== null) rows.push(rowKey(ownerFreezes, payload.sellerId));
    if (itemId !== null) rows.push(rowKey(items, itemId));
    if (payload.freesSlotOf !== null)
      rows.push(rowKey(limitCounters, listingCounter(payload.freesSlotOf, payload)));
    if (payload.limited)
      for (const id of Object.values(limitsOf(payload))) rows.push(rowKey(limitCounters, id));
    return rows;
  },

  decide(payload: WithOnly<PurchasePayload, ReadMember>, view, context) {
    const listing = view.get(listings, payload.listingId);
    if (!listing) return { refuse: "item_not_found" };
    const unit = listing.prices[payload.currency];
    const refusal = refusalOf(payload, listing, context);
    if (refusal) return refusal;
    if (unit === undefined) return { refuse: "invalid_currency" };
    const limits = payload.limited ? limitChanges(payload, listing, view) : [];
    if (!limits) return { refuse: "purchase_limit", details: limitDetails(listing) };
    const price = unit * payload.quantity;
    const commission = commissionOf(price, listing.saleType);
    const overLimit = spendingLimitRefusal(payload, price + commission, { view, context });
    if (overLimit) return overLimit;
    const paidLocked = lockedPart(payload, listing, { view, total: price + commission });
    const sale = { view, context, locked: paidLocked > 0n };
    const { itemId, changes } = goods(payload, listing, sale);
    const { buyerId, quantity, currency, newItemId: id } = payload;
    const { id: listingId, sellerId, saleType } = listing;
    const bought: PurchaseRow = {
      id,
      transferId: context.transferId,
      listingId,
      itemId,
      buyerId,
      sellerId,
      currency,
      quantity,
      price,
      commission,
      saleType,
      locked: paidLocked,
    };
    return {
      legs: legsOfSale(payload, { price, commission }),
      paysLocked: isOfficialShop(listing),
      changes: [
        ...limits,
        ...changes,
        ...listingChange(listing, quantity),
        ...freedSlot(listing, quantity, view),
        insert(purchases, id, bought),
      ],
      result: resultOfSale(payload, { itemId, price, commission }, view),
    };
  },
});

function refusalOf(
  { buyerId, quantity }: PurchasePayload,
  listing: ListingRow,
  { now }: DecisionContext,
): Refusal | undefined {
  if (listing.sellerId === buyerId) return { refuse: "own_listing", details: {} };
  if (listing.startsAt !== null && listing.startsAt.getTime() > now.getTime())
    return {
      refuse: "listing_not_started",
      details: { field: "listingId", startsAt: listing.startsAt.toISOString() },
    };
  const expired = listing.expiresAt !== null && listing.expiresAt.getTime() <= now.getTime();
  if (listing.status !== "active" || expired)
    return {
      refuse: "item_not_available",
      details: { listingStatus: expired ? "expired" : listing.status },
    };
  if (listing.remaining !== null && quantity > listing.remaining)
    return {
      refuse: listing.remaining === 0n ? "item_not_available" : "invalid_quantity",
      details: {
        field: "quantity",
        rule: { en: `must be at most ${listing.remaining}`, zh: `不能超过 ${listing.remaining}` },
      },
    };
  return undefined;
}

/** New Day's own stock, whose coins go back to the mint. */
function isOfficialShop({ kind, sellerId }: ListingRow): boolean {
  return kind === "official" && sellerId === null;
}

/** The part of the total that locked coins pay. */
function lockedPart(
  { wallets, currencyNumber }: PurchasePayload,
  listing: ListingRow,
  { view, total }: { readonly view: View; readonly total: bigint },
): bigint {
  if (!isOfficialShop(listing)) return 0n;
  const account = view.get(accounts, accountId(wallets.buyer, currencyNumber));
  return account ? lockedPartOf(account, total) : 0n;
}

function limitDetails({ perUserLimit, perDayLimit }: ListingRow): JsonObject {
  return {
    ...(perUserLimit === null ? {} : { perUser: Number(perUserLimit) }),
    ...(perDayLimit === null ? {} : { perDay: Number(perDayLimit) }),
  };
}

/** undefined: a limit is reached. */
function limitChanges(
  payload: PurchasePayload,
  { perUserLimit, perDayLimit }: ListingRow,
  view: View,
): RowChange[] | undefined {
  const { ever, today } = limitsOf(payload);
  const wanted = [
    { id: ever, limit: perUserLimit },
    { id: today, limit: perDayLimit },
  ];
  const changes: RowChange[] = [];
  for (const { id, limit } of wanted) {
    if (limit === null) continue;
    const moved = moveCounter(view, id, { by: payload.quantity, limit });
    if (!moved) return undefined;
    changes.push(moved);
  }
  return changes;
}

/** The buyer's item, and the rows that change for it. One object serves the issue, the move and the split. */
function goods(
  { buyerId, quantity, newItemId }: PurchasePayload,
  listing: ListingRow,
  { view, context, locked }: { view: View; context: DecisionContext; locked: boolean },
): { itemId: string; changes: RowChange[] } {
  const step = { action: "purchase" as const, context };
  const { id: listingId, definitionId } = listing;
  const bought = {
    id: newItemId,
    definitionId,
    quantity,
    ownerId: buyerId,
    state: "owned" as const,
    obtainedFrom: "marketplace",
    listingId,
    obtainedAt: context.now,
    locked,
  };
  if (listing.itemId === null)
    return {
      itemId: newItemId,
      changes: [insert(items, newItemId, issueItem(bought, step))],
    };
  const escrowed = view.get(items, listing.itemId);
  if (!escrowed) throw new Error(`listing ${listingId} is active without its item`);
  if (quantity === escrowed.quantity)
    return {
      itemId: escrowed.id,
      changes: [change(items, escrowed.id, moveItem(escrowed, bought, step))],
    };
  const { rest, part } = splitItem(escrowed, bought, step);
  return {
    itemId: newItemId,
    changes: [change(items, rest.id, rest), insert(items, part.id, part)],
  };
}

/** Unlimited stock stays unchanged, so its row is no bottleneck. */
function listingChange(listing: ListingRow, quantity: bigint): RowChange[] {
  if (listing.remaining === null) return [];
  const remaining = listing.remaining - quantity;
  const status = remaining === 0n ? "sold" : listing.status;
  return [change(listings, listing.id, changedListing(listing, { remaining, status }))];
}

/** A sold-out listing leaves its seller's limit. */
function freedSlot(listing: ListingRow, quantity: bigint, view: View): RowChange[] {
  const { kind, sellerId, remaining, itemId } = listing;
  if (kind === "official" || sellerId === null || remaining !== quantity) return [];
  return freedSlots(view, sellerId, itemId === null ? undefined : view.get(items, itemId));
}
