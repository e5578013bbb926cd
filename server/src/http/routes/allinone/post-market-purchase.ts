/** `POST market/purchase`: buys one listing, or some of it (CONTRACT.md 5.3). */
import type { FastifyInstance } from "fastify";
import { readQuantity, requireItemId } from "../../../inventory/item-fields.ts";
import { ICONS } from "../../../inventory/item-vocabulary.ts";
import { emittedName, requireCurrency } from "../../../market/currency-names.ts";
import type { Purchase } from "../../../market/purchase.ts";
import { authenticateActor } from "../../actor.ts";
import { bodyOf, requireFields } from "../../contract-body.ts";
import { idempotencyKey } from "../../idempotency-key.ts";
import type { Services } from "../../services.ts";
import { balanceOf } from "./get-wallet-balance.ts";

const REQUIRED = {
  itemId: ["itemId", "listingId"],
  currencyType: ["currencyType", "currency"],
};

export function postMarketPurchaseRoute(app: FastifyInstance, services: Services): void {
  app.post("/api/allinone/market/purchase", async (request, reply) => {
    const { userId, proven } = await authenticateActor(services, request);
    const body = bodyOf(request);
    const { itemId, currencyType } = requireFields(body, REQUIRED);
    const purchase = await services.buy({
      buyerId: userId,
      proven,
      listingId: requireItemId(itemId),
      quantity: readQuantity(body["quantity"], 1),
      currency: requireCurrency(currencyType, "currencyType"),
      idempotencyKey: idempotencyKey(request),
    });
    if (purchase.replayed) void reply.header("idempotency-replayed", "true");
    return reply.type("application/json; charset=utf-8").send(purchaseReply(userId, purchase));
  });
}

/**
 * Written once and repeated under `data` as text. `item.id` is the id of the item in the buyer's
 * inventory, never the listing's: that is what he can export next.
 */
export function purchaseReply(userId: string, purchase: Purchase): string {
  const { price, commission, balances, offer } = purchase;
  const balance = balanceOf({
    gameCoins: balances.game_coins,
    cashBalance: balances.cash,
    computingPower: balances.computing_power,
  });
  const paid = {
    price: Number(price),
    commission: Number(commission),
    totalAmount: Number(price + commission),
    currency: emittedName(purchase.currency),
    currencyType: emittedName(purchase.currency),
  };
  const shown = JSON.stringify({
    transactionId: purchase.transferId,
    item: boughtItem(userId, purchase),
    balance,
    newBalance: Number(balances[purchase.currency]),
    ...paid,
    listingId: offer.id,
    userId,
  });
  const fields = shown.slice(1, -1);
  return `{"success":true,"message":"购买成功",${fields},"data":${shown}}`;
}

function boughtItem(userId: string, { itemId, offer, quantity, boughtAt }: Purchase) {
  return {
    id: itemId,
    name: offer.name,
    description: offer.description,
    type: offer.itemType,
    itemType: offer.itemType,
    category: offer.itemType,
    rarity: offer.rarity,
    quantity: Number(quantity),
    ...(offer.stats === null ? {} : { stats: offer.stats }),
    icon: offer.icon ?? ICONS[offer.itemType],
    obtainedAt: boughtAt.getTime(),
    userId,
    source: "newday",
    obtainedFrom: "marketplace",
    listingId: offer.id,
  };
}
