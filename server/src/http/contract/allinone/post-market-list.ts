/**
 * `POST market/list` and `market/cancel`: lists an item, and takes it back (docs/contract.md 5.2).
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import type { Session } from "../../../identity/sessions.ts";
import {
  readDescription,
  readImageUrl,
  readQuantity,
  requireItemId,
  requireName,
} from "../../../items/items/item-fields.ts";
import { requireItemTypes } from "../../../items/items/item-vocabulary.ts";
import { cancelListing } from "../../../market/listings/cancel-listing.ts";
import { resolveListing, type ListRequest } from "../../../market/listings/find-goods.ts";
import { makeRoomForDeclared } from "../../../market/listings/make-room.ts";
import { listItem } from "../../../market/listings/list-item.ts";
import { requireNewOffer, requireOffer, type Offer } from "../../../market/listings/offers.ts";
import { requirePosted } from "../../../engine/outcome.ts";
import { contractTerms } from "../request/contract-terms.ts";
import { requirePrices } from "../../../market/prices/prices.ts";
import { authenticateActor } from "../../auth/actor.ts";
import {
  bodyOf,
  firstOf,
  missingFields,
  requireFields,
  type Body,
} from "../request/contract-body.ts";
import { readIdempotencyKey } from "../../context/idempotency-key.ts";
import type { Services } from "../../context/services.ts";
import { offerReply, platformNamed } from "./market-reply.ts";

const REQUIRED = {
  name: ["name", "itemName"],
  itemType: ["itemType", "type", "category"],
  price: ["price", "prices"],
};
/** Two years: a listing is an offer with an end. */
const EXPIRY_MAX_MS = 2 * 365 * 24 * 60 * 60 * 1_000;

export function postMarketListRoute(app: FastifyInstance, services: Services): void {
  app.post("/api/allinone/market/list", async (request, reply) => {
    const session = await authenticateActor(services, request);
    const wanted = readListing(bodyOf(request), session);
    const { offer, replayed } = await listOnMarket(services, request, { session, wanted });
    const item = offerReply(offer);
    if (replayed) void reply.header("idempotency-replayed", "true");
    void reply.code(201);
    return { success: true, message: "上架成功", listingId: offer.id, item, data: item };
  });

  app.post("/api/allinone/market/cancel", async (request, reply) => {
    const session = await authenticateActor(services, request);
    const { userId } = session;
    const sent = firstOf(bodyOf(request), ["listingId", "itemId", "id"]);
    if (sent === undefined) throw missingFields(["listingId"]);
    const listingId = requireItemId(sent, "listingId");
    const key = readIdempotencyKey(request);
    const { sellerId, itemId } = await requireOffer(services, listingId);
    if (sellerId !== userId) throw new NewDayError("item_not_found", { field: "itemId" });
    const terms = contractTerms(session, key, { cancel: listingId });
    const listing = { listingId, sellerId, itemId };
    const { replayed } = requirePosted(await cancelListing(services, listing, terms));
    const item = offerReply(await requireOffer(services, listingId));
    if (replayed) void reply.header("idempotency-replayed", "true");
    return { success: true, message: "下架成功", item, data: item };
  });
}

/**
 * Lists what a user of an older surface asks for; another's listing reads as absent. The partner's test pages list an
 * item without an owner at each run: in a sandbox, for a test user and at a compatibility login, the oldest such
 * listing makes room. Errors:
 * those of `listItem`.
 */
export async function listOnMarket(
  services: Services,
  request: FastifyRequest,
  { session, wanted }: { readonly session: Session; readonly wanted: ListRequest },
): Promise<{ readonly offer: Offer; readonly replayed: boolean }> {
  const key = readIdempotencyKey(request);
  const terms = contractTerms(session, key, { list: wanted });
  const isTestPage = session.testBudget !== null || session.spendingCap !== null;
  if (services.config.mode === "sandbox" || isTestPage)
    await makeRoomForDeclared(services, wanted.sellerId);
  const outcome = await listItem(services, () => resolveListing(services.db, wanted), terms);
  const { result, replayed } = requirePosted(outcome);
  return { offer: await requireNewOffer(services, result, wanted.quantity), replayed };
}

function readListing(body: Body, session: Session): ListRequest {
  const itemId = firstOf(body, ["itemId"]);
  const { name, itemType, price } = requireFields(body, REQUIRED);
  return {
    sellerId: session.userId,
    sellerName: session.username,
    platform: platformNamed(body["platform"]) ?? platformNamed(session.platform) ?? "allinone",
    itemId: itemId === undefined ? undefined : requireItemId(itemId),
    name: requireName(name),
    description: readDescription(body["description"]),
    itemTypes: requireItemTypes(itemType),
    imageUrl: readImageUrl(body["imageUrl"]),
    prices: requirePrices(price),
    quantity: readQuantity(firstOf(body, ["quantity", "count"]), 1),
    expiresAt: readExpiry(body["expiresAt"]),
  };
}

function readExpiry(value: unknown): Date | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && value > Date.now() && value < Date.now() + EXPIRY_MAX_MS)
    return new Date(value);
  throw new NewDayError("invalid_field", {
    field: "expiresAt",
    rule: {
      en: "must be milliseconds since 1970, in the future, at most two years ahead",
      zh: "必须是两年以内的未来时间（毫秒）",
    },
  });
}
