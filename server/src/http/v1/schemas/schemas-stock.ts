/** A platform's own stock on /api/v1. */
import { Type } from "typebox";
import { QUANTITY_MAX } from "../../../items/items/item-fields.ts";
import { PRICE_MAX } from "../../../market/prices/prices.ts";
import { STOCK_BUYERS, STOCK_STATUSES } from "../../../market/stock/stock-rows.ts";
import { facts, Quantity } from "./schemas-items.ts";
import {
  Amount,
  CurrencyCodeSchema,
  Id,
  oneOf,
  orNull,
  ref,
  strictObject,
  Timestamp,
} from "./schemas.ts";

export const StockId = Type.String({
  $id: "StockId",
  pattern: "^stock-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
  description: "the id of an offer as the server gave it",
  examples: ["stock-0198c0de-0000-7000-8000-000000000001"],
});

export const UnitPrice = strictObject(
  { currency: ref(CurrencyCodeSchema), amount: ref(Amount) },
  { description: `an object of currency and amount: of one piece, at most ${PRICE_MAX}` },
);

function piecesOrNull(what: string) {
  const description = `a whole number from 1 to ${QUANTITY_MAX}, ${what}; or null for no bound`;
  return Type.Optional(orNull(Quantity, { description }));
}

function timeOrNull(what: string) {
  const description = `an RFC 3339 time with its offset, such as 2026-11-22T08:00:00Z; or null, ${what}`;
  return Type.Optional(orNull(Timestamp, { description }));
}

/** What the platform sets of an offer; null lifts a bound. */
export const stockTerms = {
  stock: piecesOrNull("the pieces for sale in all"),
  perUserLimit: piecesOrNull("the pieces that one user buys in all"),
  perDayLimit: piecesOrNull("the pieces that one user buys on a UTC day"),
  buyers: Type.Optional(
    oneOf(STOCK_BUYERS, {
      description: "platform (its own users) or all (users of every platform)",
    }),
  ),
  startsAt: timeOrNull("on sale at once"),
  endsAt: timeOrNull("without end"),
};

export const StockOfferSchema = Type.Object(
  {
    id: ref(StockId),
    platform: Type.String(),
    status: oneOf(STOCK_STATUSES),
    ...facts,
    definitionId: ref(Id),
    price: UnitPrice,
    stock: Type.Union([Type.Integer(), Type.Null()], { description: "null never runs out" }),
    sold: Type.Integer(),
    left: Type.Union([Type.Integer(), Type.Null()], { description: "null never runs out" }),
    perUserLimit: Type.Union([Type.Integer(), Type.Null()]),
    perDayLimit: Type.Union([Type.Integer(), Type.Null()]),
    buyers: oneOf(STOCK_BUYERS),
    startsAt: orNull(Timestamp, { description: "null: on sale at once" }),
    endsAt: orNull(Timestamp, { description: "null: without end" }),
    version: Type.String({ description: "counts the changes of its terms" }),
    createdAt: ref(Timestamp),
  },
  {
    $id: "StockOffer",
    description:
      "items of a platform's own, issued to their buyers; the commission comes on top of the price",
  },
);

export const StockStatusSchema = oneOf(STOCK_STATUSES, {
  description: "active, paused or ended; ended is final",
});
