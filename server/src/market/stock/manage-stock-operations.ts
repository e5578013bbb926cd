/** Offers of a platform's own stock: put up for sale, and changed. */
import type { Refusal } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, insert, rowKey } from "../../engine/resource.ts";
import { notInFuture } from "../../policy/rules/policy-refusal.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import { describeOffer, type DescribedOffer } from "./describe-offer.ts";
import { stockOffers, type StockOfferRow } from "./stock-rows.ts";

/** What its platform sets and changes of an offer. */
export type StockTerms = Pick<
  StockOfferRow,
  | "currency"
  | "price"
  | "stock"
  | "perUserLimit"
  | "perDayLimit"
  | "buyers"
  | "status"
  | "startsAt"
  | "endsAt"
>;

/** The whole offer after the operation, so that a replay shows it as it was. */
export type StockResult = { readonly offer: DescribedOffer };

export interface CreateStockPayload {
  readonly offer: Omit<StockOfferRow, "sold" | "version" | "createdAt" | "revision">;
}

export const createStockOperation = defineOperationType<CreateStockPayload, StockResult>()({
  name: "stock_create",
  readWriteSet: ({ offer: { id } }) => [rowKey(stockOffers, id)],
  decide({ offer: given, ...unread }, _view, { now }) {
    unread satisfies NothingElse;
    const refusal = refuseWindow(given, now);
    if (refusal) return refusal;
    const offer = { ...given, sold: 0n, version: 1n, createdAt: now, revision: 0n };
    return { changes: [insert(stockOffers, offer.id, offer)], result: resultOf(offer) };
  },
});

export interface ChangeStockPayload {
  readonly offerId: string;
  /** The caller's. */
  readonly platform: string;
  /** null: whatever it is. */
  readonly expectedVersion: bigint | null;
  readonly terms: Partial<StockTerms>;
}

export const changeStockOperation = defineOperationType<ChangeStockPayload, StockResult>()({
  name: "stock_change",
  readWriteSet: ({ offerId }) => [rowKey(stockOffers, offerId)],
  decide({ offerId, platform, expectedVersion, terms, ...unread }, view, { now }) {
    unread satisfies NothingElse;
    const known = view.get(stockOffers, offerId);
    if (!known || known.platform !== platform)
      return { refuse: "item_not_found", details: { field: "id" } };
    if (expectedVersion !== null && expectedVersion !== known.version)
      return { refuse: "precondition_failed", details: { current: `${known.version}` } };
    if (known.status === "ended")
      return {
        refuse: "stock_ended",
        details: { endedAt: known.endsAt?.toISOString() ?? null, passesAt: null },
      };
    const offer = { ...known, ...terms, version: known.version + 1n };
    const refusal = refuseStock(offer) ?? refuseChangedWindow(offer, terms, now);
    if (refusal) return refusal;
    return { changes: [change(stockOffers, offerId, offer)], result: resultOf(offer) };
  },
});

function refuseStock({ stock, sold }: StockOfferRow): Refusal | undefined {
  if (stock === null || stock >= sold) return undefined;
  return {
    refuse: "invalid_field",
    details: {
      field: "stock",
      rule: {
        en: `is at least ${sold}, the pieces that are sold`,
        zh: `不能小于已售出的数量 ${sold}`,
      },
      sold: Number(sold),
    },
  };
}

/** The end of an offer may pass; only a new one must lie ahead. */
function refuseChangedWindow(
  offer: StockOfferRow,
  { startsAt, endsAt }: Partial<StockTerms>,
  now: Date,
): Refusal | undefined {
  return startsAt === undefined && endsAt === undefined ? undefined : refuseWindow(offer, now);
}

function refuseWindow(
  { startsAt, endsAt }: Pick<StockTerms, "startsAt" | "endsAt">,
  now: Date,
): Refusal | undefined {
  if (endsAt === null) return undefined;
  if (endsAt <= now) return notInFuture("endsAt");
  if (startsAt === null || startsAt < endsAt) return undefined;
  return {
    refuse: "invalid_field",
    details: { field: "endsAt", rule: { en: "lies after startsAt", zh: "必须晚于 startsAt" } },
  };
}

/** `offer` is at the revision before. */
function resultOf(offer: StockOfferRow): StockResult {
  return { offer: describeOffer({ ...offer, revision: offer.revision + 1n }) };
}
