/**
 * The sale of a platform's own stock: money, commission, item and stock in one posting.
 *
 * The buyer pays price and commission, the platform's fees account gets the price. The item is issued to the buyer.
 * Locked coins do not pay: the stock is no official shop, and a platform could press coins through it.
 */
import { systemUserId } from "../../ledger/wallets/wallet-rows.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, insert, rowKey } from "../../engine/resource.ts";
import type { View } from "../../engine/operation.ts";
import { issueItem, items } from "../../items/items/item-rows.ts";
import {
  counterId,
  dayOf,
  limitCounters,
  moveCounter,
} from "../../ledger/limits/limit-counters.ts";
import { ownerFreezes } from "../../policy/user-freezes/user-freeze-rows.ts";
import { purchases, type PurchaseRow } from "../listings/listing-rows.ts";
import { commissionOf } from "../prices/commission.ts";
import {
  accountsOfSale,
  legsOfSale,
  resultOfSale,
  spendingLimitRefusal,
  type PurchaseResult,
  type Sale,
} from "../purchases/sale.ts";
import { refuseSale } from "./decide-sale.ts";
import { stockOffers, type StockOfferRow } from "./stock-rows.ts";

/** `currency` is the one that the buyer saw. */
export interface StockPurchasePayload extends Sale {
  readonly offerId: string;
  readonly buyerId: string;
  /** Of the buyer. */
  readonly platform: string;
  /** Per piece, as the buyer saw it. */
  readonly seenPrice: bigint;
  /** Id of the item; also the id of the purchase. */
  readonly newItemId: string;
  /** The UTC day of the request, to read its counter ahead. */
  readonly day: string;
}

const SALE_TYPE = "game_store";

export const stockPurchaseOperation = defineOperationType<StockPurchasePayload, PurchaseResult>()({
  name: "stock_purchase",
  readWriteSet: (payload) => [
    ...accountsOfSale(payload),
    rowKey(stockOffers, payload.offerId),
    rowKey(ownerFreezes, payload.buyerId),
    ...Object.values(countersOf(payload, payload.day)).map((id) => rowKey(limitCounters, id)),
  ],
  decide(payload, view, context) {
    const { offerId, buyerId, quantity, currency, newItemId } = payload;
    const { now, transferId } = context;
    const offer = view.get(stockOffers, offerId);
    if (!offer || !isForUsersOf(offer, payload.platform))
      return { refuse: "item_not_found", details: { field: "listingId" } };
    const sellerId = stockSellerOf(offer);
    if (buyerId === sellerId) return { refuse: "own_listing", details: {} };
    const counters = countersOf(payload, dayOf(now));
    const bought = { ever: countOf(view, counters.ever), today: countOf(view, counters.today) };
    const seen = { currency, price: payload.seenPrice };
    const refusal = refuseSale(offer, { quantity, seen, bought, now });
    if (refusal) return refusal;
    const price = offer.price * quantity;
    const commission = commissionOf(price, SALE_TYPE);
    const overLimit = spendingLimitRefusal(payload, price + commission, { view, context });
    if (overLimit) return overLimit;
    const item = issueItem(
      {
        id: newItemId,
        ownerId: buyerId,
        definitionId: offer.definitionId,
        quantity,
        obtainedFrom: "marketplace",
        listingId: offerId,
      },
      { action: "purchase", context },
    );
    const purchase: PurchaseRow = {
      id: newItemId,
      transferId,
      listingId: offerId,
      itemId: newItemId,
      buyerId,
      sellerId,
      currency,
      quantity,
      price,
      commission,
      saleType: SALE_TYPE,
      locked: 0n,
    };
    return {
      legs: legsOfSale(payload, { price, commission }),
      changes: [
        ...Object.values(counters).flatMap((id) => moveCounter(view, id, { by: quantity }) ?? []),
        insert(items, newItemId, item),
        change(stockOffers, offerId, { ...offer, sold: offer.sold + quantity }),
        insert(purchases, newItemId, purchase),
      ],
      result: resultOfSale(payload, { itemId: newItemId, price, commission }, view),
    };
  },
});

/** The user id of the account that stock is paid to, which stands for the platform as the seller. */
export function stockSellerOf({ platform }: Pick<StockOfferRow, "platform">): string {
  return systemUserId(platform, "fees");
}

/** Whether users of `platform` may buy it; to others it does not exist. */
export function isForUsersOf(
  offer: Pick<StockOfferRow, "platform" | "buyers">,
  platform: string,
): boolean {
  return offer.buyers === "all" || offer.platform === platform;
}

function countersOf(
  { offerId, buyerId }: Pick<StockPurchasePayload, "offerId" | "buyerId">,
  day: string,
) {
  return {
    ever: counterId("purchase", offerId, buyerId),
    today: counterId("purchase", offerId, buyerId, day),
  };
}

function countOf(view: View, id: string): bigint {
  return view.get(limitCounters, id)?.count ?? 0n;
}
