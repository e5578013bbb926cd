/** `POST /api/v1/purchases`: money, fee, listing and item in one posting. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { requireOffer, type Offer } from "../../../market/listings/offers.ts";
import { purchaseOperation } from "../../../market/purchases/purchase-operation.ts";
import { purchasePayload } from "../../../market/purchases/purchase.ts";
import { operationFor, submitOperation } from "../request/post-operation.ts";
import { requireWallet } from "../app/reach.ts";
import { ItemId, Purchase, Quantity } from "../schemas/schemas-items.ts";
import {
  CurrencyCode, dryRunQuery, postingOptions, ref, strictObject, UserId,
} from "../schemas/schemas.ts"; // prettier-ignore
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postPurchase",
  tags: ["Market"],
  summary: "Buy from a listing",
  description:
    "The commission comes on top of the price. Without `currency`: the listing's first price.",
  querystring: dryRunQuery,
  body: strictObject({
    userId: ref(UserId),
    listingId: ref(ItemId),
    quantity: Type.Optional(ref(Quantity)),
    currency: Type.Optional(ref(CurrencyCode)),
    ...postingOptions,
  }),
  response: { 200: ref(Purchase), 201: ref(Purchase) },
};

const config = {
  access: { scope: "market:write", users: true },
  writes: true,
  dryRun: true,
} as const;

export function postPurchaseRoute(v1: V1App, services: Services): void {
  v1.post("/purchases", { schema, config }, async (request, reply) => {
    const { userId, listingId, quantity = 1, currency, ...options } = request.body;
    const caller = callerOf(request);
    const buyer = await requireWallet(services.directory, caller, userId);
    const offer = await requireOffer(services, listingId, "listingId");
    if (currency !== undefined) requireOffered(offer, currency);
    const { proven } = caller;
    const terms = { buyerId: buyer.userId, proven, listingId, quantity, currency };
    const payload = await purchasePayload(services, terms, offer);
    const operation = operationFor(request, purchaseOperation, payload, options);
    const { outcome, dryRun } = await submitOperation(services, { request, reply }, operation);
    const { result, transferId, recordedAt, replayed } = outcome;
    const { price, commission } = result;
    return {
      transferId,
      listingId,
      itemId: result.itemId,
      quantity: Number(result.quantity),
      currency: result.currency,
      price,
      commission,
      total: `${BigInt(price) + BigInt(commission)}`,
      balances: { ...result.balances },
      recordedAt: recordedAt.toISOString(),
      replayed,
      dryRun,
    };
  });
}

/** A listing's prices are constant, so this check runs before the engine. */
function requireOffered({ prices }: Offer, currency: string): void {
  if (Object.hasOwn(prices, currency)) return;
  throw new NewDayError("invalid_currency", {
    field: "currency",
    rule: `must be one of ${Object.keys(prices).join(", ")}, in which the listing is sold`,
    ruleZh: `必须是该商品可用的货币之一：${Object.keys(prices).join("、")}`,
  });
}
