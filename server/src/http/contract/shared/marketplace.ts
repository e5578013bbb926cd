/**
 * `/api/shared/marketplace`: the market in the game's own shape, price and currency side by side
 * (docs/contract.md 6). Reading is public; the actor of a write is the token's user
 * (docs/incidents.md G8).
 */
import type { FastifyInstance } from "fastify";
import type { Session } from "../../../identity/sessions.ts";
import {
  readDescription,
  readImageUrl,
  readQuantity,
  requireItemId,
  requireName,
} from "../../../items/items/item-fields.ts";
import { requireItemTypes, requireRarity } from "../../../items/items/item-vocabulary.ts";
import { requireCurrency } from "../../../ledger/currencies/currency-names.ts";
import type { ListRequest } from "../../../market/listings/find-goods.ts";
import type { Offer } from "../../../market/listings/offers.ts";
import { requireAmount } from "../../../market/prices/prices.ts";
import { authenticateActor, requireSameUser } from "../../auth/actor.ts";
import { bodyOf, firstOf, requireFields, type Body } from "../request/contract-body.ts";
import { limitTo, OPEN_READS_PER_WINDOW } from "../../plugins/rate-limits.ts";
import type { Services } from "../../context/services.ts";
import { createMarketReader, JSON_TYPE } from "../allinone/get-market-items.ts";
import { offerReply, platformNamed } from "../allinone/market-reply.ts";
import { listOnMarket } from "../allinone/post-market-list.ts";
import { buyOnMarket, purchaseReply } from "../allinone/post-market-purchase.ts";

const REQUIRED = {
  name: ["name", "itemName"],
  category: ["category", "itemType", "type"],
  price: ["price", "amount"],
  currency: ["currency", "currencyType"],
};

export function marketplaceRoutes(app: FastifyInstance, services: Services): void {
  const readMarket = createMarketReader(services, sharedReply);
  app.get("/api/shared/marketplace", limitTo(OPEN_READS_PER_WINDOW), async (request, reply) => {
    const query = request.query as Readonly<Record<string, unknown>>;
    const platform = query["gameSource"] ?? query["platform"];
    return reply.type(JSON_TYPE).send(await readMarket(query, platform));
  });

  app.post("/api/shared/marketplace", async (request, reply) => {
    const session = await authenticateActor(services, request);
    const body = bodyOf(request);
    await requireSameUser(services, session, firstOf(body, ["userId"]), "userId");
    const wanted = readListing(body, session);
    const { offer, replayed } = await listOnMarket(services, request, { session, wanted });
    const item = sharedReply(offer);
    if (replayed) void reply.header("idempotency-replayed", "true");
    void reply.code(201);
    return { success: true, message: "上架成功", item, data: item };
  });

  app.post<{ Params: { id: string } }>(
    "/api/shared/marketplace/:id/purchase",
    async (request, reply) => {
      const session = await authenticateActor(services, request);
      const body = bodyOf(request);
      await requireSameUser(services, session, firstOf(body, ["buyerId"]), "buyerId");
      const purchase = await buyOnMarket(services, request, {
        buyerId: session.userId,
        isVerified: session.isVerified,
        testBudget: session.testBudget,
        spendingCap: session.spendingCap,
        through: session.through,
        listingId: requireItemId(request.params.id, "id"),
        quantity: readQuantity(body["quantity"], 1),
        currency: undefined,
      });
      if (purchase.replayed) void reply.header("idempotency-replayed", "true");
      return reply
        .type("application/json; charset=utf-8")
        .send(purchaseReply(session.userId, purchase));
    },
  );
}

function sharedReply(offer: Omit<Offer, "definitionId">): Record<string, unknown> {
  return {
    ...offerReply(offer),
    price: Number(offer.amount),
    listedAt: offer.listedAt.toISOString(),
    expiresAt: offer.expiresAt?.toISOString() ?? null,
  };
}

function readListing(body: Body, session: Session): ListRequest {
  const { name, category, price, currency } = requireFields(body, REQUIRED);
  if (body["rarity"] !== undefined) requireRarity(body["rarity"]);
  const itemId = firstOf(body, ["itemId"]);
  return {
    sellerId: session.userId,
    sellerName: session.username,
    platform: platformNamed(body["gameSource"]) ?? "newday",
    itemId: itemId === undefined ? undefined : requireItemId(itemId),
    name: requireName(name),
    description: readDescription(body["description"]),
    itemTypes: requireItemTypes(category),
    imageUrl: readImageUrl(body["imageUrl"]),
    prices: { [requireCurrency(currency, "currency")]: requireAmount(price, "price") },
    quantity: readQuantity(body["quantity"], 1),
    expiresAt: undefined,
  };
}
