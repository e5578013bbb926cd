/** `POST /api/v1/purchases`: money, fee, listing and item in one posting. */
import { buyItem } from "../../../market/purchases/buy-item.ts";
import { answerPosted, isDryRun, postingFor, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { requireWallet } from "../app/authorization-scope.ts";
import { ItemId, PurchaseSchema, Quantity } from "../schemas/schemas-items.ts";
import {
  CurrencyCodeSchema,
  dryRunQuery,
  postingOptions,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const FIELDS = { listing: "listingId", currency: "currency" };

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
    currency: Type.Optional(ref(CurrencyCodeSchema)),
    ...postingOptions,
  }),
  response: { 200: ref(PurchaseSchema), 201: ref(PurchaseSchema) },
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
    const { proven, testBudget } = caller;
    const buyer = await requireWallet(services.directory, caller, userId);
    const purchase = {
      buyerId: buyer.userId,
      proven,
      testBudget,
      listingId,
      quantity,
      currency,
      fields: FIELDS,
    };
    const terms = termsFor(request, options);
    const { outcome } = await buyItem(postingFor(services, request), purchase, terms);
    const { result, transferId, recordedAt, replayed } = answerPosted({ request, reply }, outcome);
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
      dryRun: isDryRun(request),
    };
  });
}
