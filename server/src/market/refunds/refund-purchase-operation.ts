/**
 * The refund of a purchase: price, commission and goods go back in one posting, whole or for some of the quantity.
 *
 * The shares of several refunds add up to what was paid, because each takes the difference of two floored sums.
 */
import type { DecisionContext, Leg, Lock, Refusal, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, insert, rowKey, type RowChange } from "../../engine/resource.ts";
import { items, moveItem, splitItem, type ItemRow } from "../../items/items/item-rows.ts";
import { accounts } from "../../ledger/accounts/accounts.ts";
import { stockOffers } from "../stock/stock-rows.ts";
import type { SoldPurchase } from "./refund-queries.ts";
import {
  defaultRefundPolicy,
  purchaseRefunds,
  refundPolicies,
  type CommissionPayer,
  type PurchaseRefundRow,
} from "./refund-rows.ts";

export interface RefundPurchasePayload {
  /** The refunded purchase and its accounts: constants, read before. */
  readonly purchase: SoldPurchase;
  readonly transferId: string;
  readonly accounts: {
    readonly buyer: bigint;
    readonly payee: bigint;
    readonly fees: bigint | null;
  };
  /** The platform of the payee, whose policy holds. */
  readonly platform: string;
  /** null: all that is left. */
  readonly quantity: bigint | null;
  readonly ifItemGone: "refuse" | "money_only";
  /** Whether goods of a platform's own stock that come back are for sale again. */
  readonly restock: boolean;
  /** An operator refunds at any time, and despite freezes. */
  readonly byOperator: boolean;
  /** Id of the part that goes back, should the buyer's stack be split. */
  readonly newItemId: string;
}

export type PurchaseRefundResult = {
  readonly quantity: string;
  readonly itemsReturned: string;
  readonly price: string;
  readonly commission: string;
  readonly commissionFrom: CommissionPayer;
  readonly quantityLeft: string;
};

export const refundPurchaseOperation = defineOperationType<
  RefundPurchasePayload,
  PurchaseRefundResult
>()({
  name: "purchase_refund",
  readWriteSet: ({ purchase, accounts: { buyer, payee, fees }, platform, restock }) => [
    ...[buyer, payee, ...(fees === null ? [] : [fees])].map((id) => rowKey(accounts, id)),
    rowKey(items, purchase.itemId),
    rowKey(purchaseRefunds, purchase.id),
    rowKey(refundPolicies, platform),
    ...(restock ? [rowKey(stockOffers, purchase.listingId)] : []),
  ],
  decide(payload, view, context) {
    const { purchase, platform, byOperator, transferId } = payload;
    const policy = view.get(refundPolicies, platform) ?? defaultRefundPolicy(platform);
    const late = byOperator ? undefined : lateRefusal(purchase, policy.windowDays, context.now);
    if (late) return late;
    const known = view.get(purchaseRefunds, purchase.id) ?? nothingRefunded(purchase);
    const left = purchase.quantity - known.quantity;
    const quantity = payload.quantity ?? left;
    if (left === 0n || quantity > left)
      return { refuse: "refund_too_large", details: { left: `${left}` } };
    const item = view.get(items, purchase.itemId);
    const inHand = item && isInHand(item, purchase) ? item.quantity : 0n;
    if (inHand < quantity && payload.ifItemGone === "refuse") return itemGone(item, inHand);
    const back = inHand < quantity ? inHand : quantity;
    const after = withRefund(known, purchase, {
      quantity,
      back,
      commissionFrom: policy.commission,
    });
    const price = after.price - known.price;
    const commission = after.commission - known.commission;
    return {
      legs: legsOf(payload, { price, commission, commissionFrom: policy.commission }),
      locks: locksOf(payload, after.locked - known.locked),
      changes: [
        change(purchaseRefunds, purchase.id, after),
        ...(item && back > 0n ? goodsBack(payload, { item, quantity: back, context }) : []),
        ...restocked(payload, back, view),
      ],
      ...(byOperator ? { overrides: ["platform", "operator", "audit"] as const } : {}),
      related: transferId,
      result: {
        quantity: `${quantity}`,
        itemsReturned: `${back}`,
        price: `${price}`,
        commission: `${commission}`,
        commissionFrom: policy.commission,
        quantityLeft: `${left - quantity}`,
      },
    };
  },
});

const DAY_MS = 86_400_000;

function lateRefusal(
  { boughtAt }: SoldPurchase,
  windowDays: number,
  now: Date,
): Refusal | undefined {
  const end = boughtAt.getTime() + windowDays * DAY_MS;
  if (now.getTime() < end) return undefined;
  return {
    refuse: "refund_window_passed",
    details: { windowDays, endedAt: new Date(end).toISOString() },
  };
}

function nothingRefunded({ id, quantity, price, commission }: SoldPurchase): PurchaseRefundRow {
  return {
    purchaseId: id,
    ofQuantity: quantity,
    ofPrice: price,
    ofCommission: commission,
    quantity: 0n,
    items: 0n,
    price: 0n,
    commission: 0n,
    locked: 0n,
    revision: 0n,
  };
}

/** Bought goods that the buyer has used, listed, exported or passed on are gone. */
function isInHand({ ownerId, state }: ItemRow, { buyerId }: SoldPurchase): boolean {
  return ownerId === buyerId && state === "owned";
}

function itemGone(item: ItemRow | undefined, inHand: bigint): Refusal {
  const state = item?.state ?? "gone";
  return {
    refuse: "item_gone",
    details: {
      state: state === "owned" && inHand === 0n ? "passed_on" : state,
      inHand: `${inHand}`,
    },
  };
}

/**
 * The sums after this refund; a part of the commission is the difference of two floored sums. What locked coins
 * paid comes back first, and locked again: else a purchase and its refund would unlock them.
 */
function withRefund(
  known: PurchaseRefundRow,
  { locked }: SoldPurchase,
  {
    quantity,
    back,
    commissionFrom,
  }: { quantity: bigint; back: bigint; commissionFrom: CommissionPayer },
): PurchaseRefundRow {
  const { ofQuantity, ofPrice, ofCommission } = known;
  const sum = known.quantity + quantity;
  const share = (ofCommission * sum) / ofQuantity - (ofCommission * known.quantity) / ofQuantity;
  const price = (ofPrice * sum) / ofQuantity;
  const commission = known.commission + (commissionFrom === "kept" ? 0n : share);
  const returned = price + commission;
  return {
    ...known,
    quantity: sum,
    items: known.items + back,
    price,
    commission,
    locked: locked < returned ? locked : returned,
  };
}

function locksOf({ accounts: { buyer } }: RefundPurchasePayload, amount: bigint): Lock[] {
  return amount > 0n ? [{ account: buyer, amount }] : [];
}

function legsOf(
  { accounts: { buyer, payee, fees } }: RefundPurchasePayload,
  {
    price,
    commission,
    commissionFrom,
  }: {
    price: bigint;
    commission: bigint;
    commissionFrom: CommissionPayer;
  },
): Leg[] {
  const ofFees = commissionFrom === "fees" && fees !== null ? commission : 0n;
  const legs = [
    { account: payee, amount: -price - (commission - ofFees) },
    { account: buyer, amount: price + commission },
  ];
  if (fees !== null && ofFees > 0n) legs.push({ account: fees, amount: -ofFees });
  return legs;
}

function restocked(
  { purchase, restock }: Pick<RefundPurchasePayload, "purchase" | "restock">,
  quantity: bigint,
  view: View,
): RowChange[] {
  const offer = restock ? view.get(stockOffers, purchase.listingId) : undefined;
  if (!offer) return [];
  return [change(stockOffers, offer.id, { ...offer, sold: offer.sold - quantity })];
}

/** A player's item goes back to its seller; shop stock, which was issued for the buyer, retires. */
function goodsBack(
  { purchase: { kind, sellerId }, newItemId }: RefundPurchasePayload,
  { item, quantity, context }: { item: ItemRow; quantity: bigint; context: DecisionContext },
): RowChange[] {
  const step = { action: "refund" as const, context };
  const patch =
    kind === "escrowed" && sellerId !== null
      ? { ownerId: sellerId, obtainedFrom: "refund", listingId: null, obtainedAt: context.now }
      : { state: "retired" as const };
  if (quantity === item.quantity) return [change(items, item.id, moveItem(item, patch, step))];
  const { rest, part } = splitItem(item, { id: newItemId, quantity, ...patch }, step);
  return [change(items, item.id, rest), insert(items, part.id, part)];
}
