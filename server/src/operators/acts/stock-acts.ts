/** Offers of a platform's own stock, put up for sale and changed by operators. */
import { operationOf } from "../../engine/operation-type.ts";
import { requireReason } from "../../ledger/policies/policy-command.ts";
import { describeOffer } from "../../market/stock/describe-offer.ts";
import {
  changeStockOperation,
  type StockResult,
  type StockTerms,
} from "../../market/stock/manage-stock-operations.ts";
import { prepareStock, type NewStock } from "../../market/stock/manage-stock.ts";
import { requireStockOffer } from "../../market/stock/offers-of-stock.ts";
import { stockOffers, type StockBuyers, type StockStatus } from "../../market/stock/stock-rows.ts";
import type { ActKind } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";

/** The terms of an offer as JSON: amounts and times as texts. */
export type WrittenTerms = {
  readonly currency: string;
  readonly price: string;
  readonly stock: number | null;
  readonly perUserLimit: number | null;
  readonly perDayLimit: number | null;
  readonly buyers: StockBuyers;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
};

export type WantedStock = {
  readonly platform: string;
  readonly definitionId: string;
  readonly terms: WrittenTerms;
  readonly reason: string;
};

/** Errors: in the engine `invalid_field`. */
export const addStockAct: ActKind<WantedStock, StockResult> = {
  what: "stock add",
  role: "economist",
  async prepare(_services, context, { platform, definitionId, terms, reason }) {
    requireReason(reason);
    const { currency, buyers } = terms;
    const wanted: NewStock = {
      platform,
      definitionId,
      currency,
      price: BigInt(terms.price),
      stock: piecesOf(terms.stock),
      perUserLimit: piecesOf(terms.perUserLimit),
      perDayLimit: piecesOf(terms.perDayLimit),
      buyers,
      startsAt: timeOf(terms.startsAt),
      endsAt: timeOf(terms.endsAt),
    };
    const { id, operation } = prepareStock(wanted, termsOfAct(context));
    return {
      subject: id,
      userId: null,
      reason,
      operation,
      weigh: () => "never",
      describe: (_view, { posting: { result } }) => ({ before: null, after: result.offer }),
    };
  },
};

export type ChangedStock = {
  readonly offerId: string;
  /** null: whatever it is. */
  readonly expectedVersion: string | null;
  readonly terms: Partial<WrittenTerms> & { readonly status?: StockStatus };
  readonly reason: string;
};

/** Errors: `item_not_found`; in the engine `precondition_failed`, `stock_ended`, `invalid_field`. */
export const setStockAct: ActKind<ChangedStock, StockResult> = {
  what: "stock set",
  role: "economist",
  async prepare(services, context, { offerId, expectedVersion, terms, reason }) {
    requireReason(reason);
    const { platform } = await requireStockOffer(services, offerId);
    const change = {
      offerId,
      platform,
      expectedVersion: expectedVersion === null ? null : BigInt(expectedVersion),
      terms: readWritten(terms),
    };
    return {
      subject: offerId,
      userId: null,
      reason,
      operation: operationOf(changeStockOperation, change, termsOfAct(context)),
      weigh: () => "never",
      describe(view, { posting: { result } }) {
        const known = view.get(stockOffers, offerId);
        return { before: known ? describeOffer(known) : null, after: result.offer };
      },
    };
  },
};

/** Of the terms that are given. */
function readWritten(terms: ChangedStock["terms"]): Partial<StockTerms> {
  const { currency, price, stock, perUserLimit, perDayLimit, buyers, status } = terms;
  const { startsAt, endsAt } = terms;
  return {
    ...(currency !== undefined && { currency }),
    ...(price !== undefined && { price: BigInt(price) }),
    ...(stock !== undefined && { stock: piecesOf(stock) }),
    ...(perUserLimit !== undefined && { perUserLimit: piecesOf(perUserLimit) }),
    ...(perDayLimit !== undefined && { perDayLimit: piecesOf(perDayLimit) }),
    ...(buyers !== undefined && { buyers }),
    ...(status !== undefined && { status }),
    ...(startsAt !== undefined && { startsAt: timeOf(startsAt) }),
    ...(endsAt !== undefined && { endsAt: timeOf(endsAt) }),
  };
}

function piecesOf(pieces: number | null): bigint | null {
  return pieces === null ? null : BigInt(pieces);
}

function timeOf(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
