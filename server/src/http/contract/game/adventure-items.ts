/**
 * The game's calls that show, buy and use items (docs/contract.md 7): for its own servers only,
 * because the named player is unverified (docs/incidents.md G10).
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import { HOME_PLATFORM } from "../../../identity/platforms/platform-ids.ts";
import { resolveUserIdSaidBy } from "../../../identity/platforms/user-naming.ts";
import { requireUserId } from "../../../identity/platforms/user-id.ts";
import { requireItemId } from "../../../items/items/item-fields.ts";
import { listOwnedItems } from "../../../items/items/item-queries.ts";
import { oldestConsumable, useItem } from "../../../items/use/use-item.ts";
import { buyOfferedItem } from "../../../game/adventures/adventure-offers.ts";
import { listOfferedItems } from "../../../game/adventures/adventure-queries.ts";
import { findOfficialOffer } from "../../../market/listings/listing-queries.ts";
import { buyItem } from "../../../market/purchases/buy-item.ts";
import { requirePosted } from "../../../engine/outcome.ts";
import { contractTerms } from "../request/contract-terms.ts";
import { authenticateService } from "../../auth/authenticate-service.ts";
import { bodyOf, firstOf, missingFields, type Body } from "../request/contract-body.ts";
import { readIdempotencyKey } from "../../context/idempotency-key.ts";
import type { Services } from "../../context/services.ts";
import { itemReply } from "../allinone/inventory-reply.ts";
import { verbatim } from "../../../lib/messages.ts";

const FIELDS = { listing: "itemId", currency: "currencyType" };
const SKIP_CARD = "任务跳过卡";
const REVIVAL = "生命药水";

export function adventureItemRoutes(app: FastifyInstance, services: Services): void {
  app.get("/api/adventures/items", async (request) => {
    await authenticateService(services, request);
    const items = (
      await listOwnedItems(services.db, await playerOf(services, request.query as Body))
    ).map(itemReply);
    return { success: true, items, data: items, total: items.length };
  });

  app.get<{ Params: { id: string } }>("/api/adventures/:id/items", async (request) => {
    await authenticateService(services, request);
    const offered = await listOfferedItems(services.db, requireItemId(request.params.id, "id"));
    const items = offered.map(({ price, ...item }) => ({
      ...itemReply(item),
      price: Number(price),
    }));
    return { success: true, items, data: items, total: items.length };
  });

  app.post<{ Params: { id: string; itemId: string } }>(
    "/api/adventures/:id/items/:itemId/purchase",
    async (request) => {
      await authenticateService(services, request);
      const itemId = requireItemId(request.params.itemId);
      const bought = await buyOfferedItem(services, itemId, readIdempotencyKey(request));
      const { transferId, price } = bought;
      const item = itemReply(bought.item);
      return { success: true, transactionId: transferId, price: Number(price), item, data: item };
    },
  );

  app.post("/api/adventures/items/use", async (request) => {
    await authenticateService(services, request);
    const sent = firstOf(bodyOf(request), ["itemId"]);
    if (sent === undefined) throw missingFields(["itemId"]);
    return use(services, request, requireItemId(sent));
  });

  for (const [path, name] of [
    ["items/use-skip", SKIP_CARD],
    ["revive", REVIVAL],
  ] as const)
    app.post(`/api/adventures/${path}`, async (request) => {
      await authenticateService(services, request);
      return use(services, request, await namedOrOldest(services, bodyOf(request), name));
    });

  app.post("/api/adventures/items/use-skip-game", async (request) => {
    await authenticateService(services, request);
    return use(services, request, await buySkipCard(services, request));
  });
}

async function use(services: Services, request: FastifyRequest, itemId: string) {
  const key = readIdempotencyKey(request);
  const wanted = { userId: await playerOf(services, bodyOf(request)), itemId, idempotencyKey: key };
  const { item, remaining, transferId } = await useItem(services, wanted);
  const shown = itemReply(item);
  return {
    success: true,
    message: "道具使用成功",
    item: shown,
    remaining,
    transferId,
    data: shown,
  };
}

async function namedOrOldest(services: Services, body: Body, name: string): Promise<string> {
  const sent = firstOf(body, ["itemId"]);
  if (sent !== undefined) return requireItemId(sent);
  const oldest = await oldestConsumable(services, await playerOf(services, body), name);
  if (oldest === undefined)
    throw new NewDayError("item_not_found", { field: "itemId", rule: verbatim(name) });
  return oldest;
}

/** Buys the card first; if using it fails then, the player still has it. */
async function buySkipCard(services: Services, request: FastifyRequest): Promise<string> {
  const offer = await findOfficialOffer(services.db, SKIP_CARD);
  if (!offer) throw new NewDayError("item_not_available", { rule: verbatim(SKIP_CARD) });
  const key = readIdempotencyKey(request);
  const buyerId = await playerOf(services, bodyOf(request));
  const wanted = { listingId: offer.id, quantity: 1, currency: undefined };
  const terms = contractTerms(
    { userId: buyerId, spendingCap: null, through: null },
    key === undefined ? undefined : `buy:${key}`,
    wanted,
  );
  // The game vouches for its players with the key of this call.
  const purchase = { ...wanted, buyerId, isVerified: true, testBudget: null, fields: FIELDS };
  const { outcome } = await buyItem(services, purchase, terms);
  return requirePosted(outcome).result.itemId;
}

async function playerOf({ platforms }: Services, named: Body): Promise<string> {
  const sent = firstOf(named, ["playerId", "userId"]);
  if (sent === undefined) throw missingFields(["playerId"]);
  return resolveUserIdSaidBy(platforms, HOME_PLATFORM, requireUserId(sent, "playerId"), "playerId");
}
