/**
 * The purchase: money, fee, listing and item in one posting (docs/contract.md 5.3,
 * docs/incidents.md G14).
 *
 * The buyer pays price and commission, the seller gets the whole price, the commission goes to the
 * fee account. A player's item moves out of escrow; official and declared stock issues a new item.
 * Money for official stock goes back to the mint that issued it.
 */
import { accountId, accounts } from "../../ledger/accounts/accounts.ts";
import { spendableOf } from "../../ledger/holds/expired-holds.ts";
import { ownAccountOf } from "../../ledger/wallets/wallet-accounts.ts";
import type { DecisionContext, JsonObject, Leg, Refusal, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, insert, touch, type RowChange } from "../../engine/resource.ts";
import { spendingLimitDetails } from "../../identity/spending-limit.ts";
import { issueItem, items, moveItem, splitItem } from "../../items/items/item-rows.ts";
import { moveCounter, counterId, limitCounters } from "../../items/items/limit-counters.ts";
import { commissionOf } from "../prices/commission.ts";
import { CURRENCIES, isOwnCurrency } from "../../ledger/currencies/currency-names.ts";
import {
  changedListing,
  listings,
  purchases,
  type ListingRow,
  type PurchaseRow,
} from "../listings/listing-rows.ts";
import { freedSlots, listingCounter } from "../listings/list-item-operation.ts";

export interface PurchasePayload {
  readonly listingId: string;
  readonly buyerId: string;
  readonly quantity: bigint;
  readonly currency: string;
  readonly currencyNumber: number;
  /** Id of the item, should one be issued or split off; also the id of the purchase. */
  readonly newItemId: string;
  /** The UTC day, for limits. */
  readonly day: string;
  /** Constants of the listing, read before. */
  readonly itemId: string | null;
  readonly limited: boolean;
  /** The most that price and commission may be, for a buyer with an unverified login. */
  readonly payMax: bigint | null;
  /** The player whose limit of listings a sold-out one leaves, when this purchase surely takes the rest. */
  readonly freesSlotOf: string | null;
  readonly wallets: { readonly buyer: bigint; readonly payee: bigint; readonly fees: bigint };
}

function limitsOf({ listingId, buyerId, day }: PurchasePayload) {
  return {
    ever: counterId("purchase", listingId, buyerId),
    today: counterId("purchase", listingId, buyerId, day),
  };
}

export type PurchaseResult = {
  readonly itemId: string;
  readonly currency: string;
  readonly quantity: string;
  readonly price: string;
  readonly commission: string;
  /** The buyer's balances after it, by currency code. */
  readonly balances: Readonly<Record<string, string>>;
};

export const purchaseOperation = defineOperationType<PurchasePayload, PurchaseResult>()({
  name: "market_purchase",
  touches(payload) {
    const { wallets, currency, currencyNumber, itemId } = payload;
    const rows = CURRENCIES.map((code) => touch(accounts, ownAccountOf(wallets.buyer, code)));
    if (!isOwnCurrency(currency))
      rows.push(touch(accounts, accountId(wallets.buyer, currencyNumber)));
    rows.push(
      touch(accounts, accountId(wallets.payee, currencyNumber)),
      touch(accounts, accountId(wallets.fees, currencyNumber)),
      touch(listings, payload.listingId),
    );
    if (itemId !== null) rows.push(touch(items, itemId));
    if (payload.freesSlotOf !== null)
      rows.push(touch(limitCounters, listingCounter(payload.freesSlotOf, payload)));
    if (payload.limited)
      for (const id of Object.values(limitsOf(payload))) rows.push(touch(limitCounters, id));
    return rows;
  },

  decide(payload, view, context) {
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
    const { itemId, changes } = goods(payload, listing, { view, context });
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
    };
    return {
      legs: legsOf(payload, { price, commission }),
      changes: [
        ...limits,
        ...changes,
        ...listingChange(listing, quantity),
        ...freedSlot(listing, quantity, view),
        insert(purchases, id, bought),
      ],
      result: resultOf(payload, { itemId, price, commission }, view),
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

/** Insufficient funds come first, as for every other buyer. */
function spendingLimitRefusal(
  { payMax, wallets, currencyNumber }: PurchasePayload,
  total: bigint,
  { view, context: { now } }: { view: View; context: DecisionContext },
): Refusal | undefined {
  if (payMax === null || total <= payMax) return undefined;
  const account = view.get(accounts, accountId(wallets.buyer, currencyNumber));
  if (!account || spendableOf(view, account, now) < total) return undefined;
  return { refuse: "unproven_limit", details: spendingLimitDetails(total, "listingId") };
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

function legsOf(
  { wallets, currencyNumber }: PurchasePayload,
  { price, commission }: { price: bigint; commission: bigint },
): Leg[] {
  const legs: Leg[] = [
    { account: accountId(wallets.buyer, currencyNumber), amount: -price - commission },
    { account: accountId(wallets.payee, currencyNumber), amount: price },
  ];
  if (commission > 0n)
    legs.push({ account: accountId(wallets.fees, currencyNumber), amount: commission });
  return legs;
}

/** The buyer's item, and the rows that change for it. One object serves the issue, the move and the split. */
function goods(
  { buyerId, quantity, newItemId }: PurchasePayload,
  listing: ListingRow,
  { view, context }: { view: View; context: DecisionContext },
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

function resultOf(
  { wallets, currency, currencyNumber, quantity }: PurchasePayload,
  { itemId, price, commission }: { itemId: string; price: bigint; commission: bigint },
  view: View,
): PurchaseResult {
  const balances: Record<string, string> = {};
  for (const code of CURRENCIES)
    balances[code] = `${view.get(accounts, ownAccountOf(wallets.buyer, code))?.balance ?? 0n}`;
  const paidFrom = view.get(accounts, accountId(wallets.buyer, currencyNumber));
  balances[currency] = `${(paidFrom?.balance ?? 0n) - price - commission}`;
  return {
    itemId,
    currency,
    quantity: `${quantity}`,
    price: `${price}`,
    commission: `${commission}`,
    balances,
  };
}
