/** `POST /api/v1/purchases`: money, fee, listing and item in one posting. */
import type { OperationTerms } from "../../../engine/operation.ts";
import { NewDayError } from "../../../errors/errors.ts";
import type { OwnedWallet } from "../../../ledger/wallets/owned-wallet-queries.ts";
import { buyItem } from "../../../market/purchases/buy-item.ts";
import { purchaseOperation } from "../../../market/purchases/purchase-operation.ts";
import { buyStock } from "../../../market/stock/buy-stock.ts";
import { isStockId } from "../../../market/stock/manage-stock.ts";
import { stockPurchaseOperation } from "../../../market/stock/stock-purchase-operation.ts";
import type { Caller } from "../app/caller.ts";
import { readHeadroom } from "../replies/headroom-reply.ts";
import { parseAmount } from "../request/amount.ts";
import { answerPosted, isDryRun, postingFor, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { requireWallet } from "../app/authorization-scope.ts";
import { ItemId, PurchaseSchema, Quantity } from "../schemas/schemas-items.ts";
import {
  Amount,
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
  title: { en: "Buy from a listing", zh: "购买" },
  description:
    "The commission comes on top of the price. Without `currency`: the listing's first price. `price` is that of one " +
    "piece, as the buyer saw it: another one is refused with `price_changed`. A platform's own stock needs `currency` " +
    "and `price`, because its price may change.",
  querystring: dryRunQuery,
  body: strictObject({
    userId: ref(UserId),
    listingId: ref(ItemId),
    quantity: Type.Optional(ref(Quantity)),
    currency: Type.Optional(ref(CurrencyCodeSchema)),
    price: Type.Optional(ref(Amount)),
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
    const { userId, listingId, quantity = 1, currency, price: seen, ...options } = request.body;
    const caller = callerOf(request);
    const buyer = await requireWallet(services.directory, caller, userId);
    const terms = termsFor(request, options);
    const seenPrice = seen === undefined ? undefined : parseAmount(seen, "price");
    const wanted = { listingId, quantity, currency, seenPrice };
    const selling = { ...postingFor(services, request), platforms: services.platforms };
    const buy = isStockId(listingId) ? buyFromStock : buyFromListing;
    const { type, outcome } = await buy(selling, { caller, buyer, wanted }, terms);
    const posted = answerPosted({ request, reply }, outcome);
    const { result, transferId, recordedAt, replayed, movements } = posted;
    const dryRun = isDryRun(request);
    const bought = { type, terms };
    const headroom = dryRun ? await readHeadroom(services, caller, bought, movements) : undefined;
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
      ...(headroom && { headroom }),
    };
  });
}

interface WantedPurchase {
  readonly caller: Caller;
  readonly buyer: OwnedWallet;
  readonly wanted: {
    readonly listingId: string;
    readonly quantity: number;
    readonly currency: string | undefined;
    readonly seenPrice: bigint | undefined;
  };
}

async function buyFromListing(
  services: Parameters<typeof buyItem>[0],
  { caller: { isVerified, testBudget }, buyer, wanted }: WantedPurchase,
  terms: OperationTerms,
) {
  const purchase = { ...wanted, buyerId: buyer.userId, isVerified, testBudget, fields: FIELDS };
  const { outcome } = await buyItem(services, purchase, terms);
  return { type: purchaseOperation, outcome };
}

/** Errors: `missing_fields` without the price that the buyer saw. */
async function buyFromStock(
  services: Parameters<typeof buyStock>[0],
  { caller: { isVerified }, buyer: { number, userId, platform }, wanted }: WantedPurchase,
  terms: OperationTerms,
) {
  const { listingId: offerId, quantity, currency, seenPrice: price } = wanted;
  if (currency === undefined) throw priceMissing("currency");
  if (price === undefined) throw priceMissing("price");
  const buyer = { number, userId, platform };
  const purchase = { buyer, isVerified, offerId, quantity, seen: { currency, price } };
  return { type: stockPurchaseOperation, outcome: await buyStock(services, purchase, terms) };
}

function priceMissing(field: string): NewDayError {
  return new NewDayError("missing_fields", {
    field,
    rule: {
      en: "is required for a platform's own stock: the price that the buyer saw",
      zh: "购买平台自有商品时必填：买方所见的价格",
    },
    missingFields: [field],
  });
}
