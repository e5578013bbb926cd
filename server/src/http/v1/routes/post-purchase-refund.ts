/** `POST /api/v1/purchases/{id}/refunds`: money, commission and goods go back together. */
import { Type } from "typebox";
import {
  purchaseNotFound,
  refundPurchase,
  requirePurchase,
  type RefundablePurchase,
} from "../../../market/refunds/refund-purchase.ts";
import { NewDayError } from "../../../errors/errors.ts";
import type { Caller } from "../app/caller.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { answerPosted, isDryRun, postingFor, termsFor } from "../request/post-operation.ts";
import { PurchaseRefundSchema, Quantity } from "../schemas/schemas-items.ts";
import { dryRunQuery, Id, oneOf, postingOptions, ref, strictObject } from "../schemas/schemas.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postPurchaseRefund",
  tags: ["Market"],
  title: { en: "Refund a purchase", zh: "购买退款" },
  description:
    "By its seller, the seller's platform, or an operator; within the refund policy of that platform. Without " +
    "`quantity`: all that is left. A player's item goes back to its seller, shop stock retires. Goods that the " +
    "buyer has used, listed, exported or passed on are gone: `ifItemGone` says what happens then, and " +
    "`itemsReturned` what came back. Refunds together never exceed the purchase.",
  params: strictObject({ id: ref(Id) }),
  querystring: dryRunQuery,
  body: strictObject({
    quantity: Type.Optional(ref(Quantity)),
    ifItemGone: Type.Optional(
      oneOf(["refuse", "money_only"], { description: "refuse unless given" }),
    ),
    restock: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "true or false; true puts returned goods of a platform's own stock up for sale again",
      }),
    ),
    ...postingOptions,
  }),
  response: { 200: ref(PurchaseRefundSchema), 201: ref(PurchaseRefundSchema) },
};

const config = {
  access: { scope: "market:write", users: true },
  writes: true,
  dryRun: true,
} as const;

export function postPurchaseRefundRoute(v1: V1App, services: Services): void {
  v1.post("/purchases/:id/refunds", { schema, config }, async (request, reply) => {
    const { quantity, ifItemGone = "refuse", restock = false, ...options } = request.body;
    const caller = callerOf(request);
    const { payee, ...sold } = await requirePurchase(services, request.params.id);
    if (!mayRefund(caller, { ...sold, payee })) throw purchaseNotFound();
    if (restock && sold.purchase.kind !== "stock") throw restockRefused();
    const wanted = {
      ...sold,
      platform: payee.platform,
      quantity: quantity === undefined ? null : BigInt(quantity),
      ifItemGone,
      restock,
      byOperator: caller.kind === "key" && caller.operator,
    };
    const terms = termsFor(request, options);
    const { outcome } = await refundPurchase(postingFor(services, request), wanted, terms);
    const posted = answerPosted({ request, reply }, outcome);
    const { result, transferId, recordedAt, replayed } = posted;
    const { price, commission, commissionFrom } = result;
    return {
      transferId,
      purchase: sold.transferId,
      quantity: Number(result.quantity),
      itemsReturned: Number(result.itemsReturned),
      quantityLeft: Number(result.quantityLeft),
      currency: sold.purchase.currency,
      price,
      commission,
      total: `${BigInt(price) + BigInt(commission)}`,
      commissionFrom,
      recordedAt: recordedAt.toISOString(),
      replayed,
      dryRun: isDryRun(request),
    };
  });
}

function restockRefused(): NewDayError {
  return new NewDayError("invalid_field", {
    field: "restock",
    rule: { en: "is for purchases from a platform's own stock", zh: "仅用于平台自有库存的购买" },
    remedy: { en: "Leave it out.", zh: "请省略此字段" },
  });
}

/** The side that was paid; everybody else learns nothing of the purchase. */
function mayRefund(
  caller: Caller,
  { purchase, payee }: Omit<RefundablePurchase, "accounts" | "transferId">,
): boolean {
  if (caller.kind === "user") return purchase.sellerId === caller.userId;
  return caller.operator || payee.platform === caller.platform;
}
