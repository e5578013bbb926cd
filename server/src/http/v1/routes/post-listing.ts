/** `POST /api/v1/listings` and `/listings/{id}/cancel`: puts an item on the market and takes it off. */
import { cancelListing } from "../../../market/listings/cancel-listing.ts";
import { listItem } from "../../../market/listings/list-item.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { findUser } from "../../../identity/user-queries.ts";
import { findOffer } from "../../../market/listings/listing-queries.ts";
import { requireNewOffer, requireOffer } from "../../../market/listings/offers.ts";
import { requireReachableItem } from "../replies/item-reply.ts";
import { toListing } from "../replies/listing-reply.ts";
import { readRequiredPrices } from "../request/read-prices.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import { ItemId, Listing, PricesSchema, Quantity } from "../schemas/schemas-items.ts";
import { postingOptions, ref, strictObject, Timestamp } from "../schemas/schemas.ts";
import { callerOf, parseTime, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const listSchema = {
  operationId: "postListing",
  tags: ["Market"],
  title: { en: "Put an item on the market", zh: "上架道具" },
  description:
    "The item goes into escrow until it is sold, cancelled or the listing ends: at `endsAt`, or 30 days " +
    "after its beginning. Before `startsAt` only the seller sees it, and it is not for sale.",
  body: strictObject({
    itemId: ref(ItemId),
    quantity: Type.Optional(ref(Quantity)),
    prices: ref(PricesSchema),
    startsAt: Type.Optional(ref(Timestamp)),
    endsAt: Type.Optional(ref(Timestamp)),
    ...postingOptions,
  }),
  response: { 201: ref(Listing) },
};

const cancelSchema = {
  operationId: "postListingCancel",
  tags: ["Market"],
  title: { en: "Take a listing off the market", zh: "下架商品" },
  params: strictObject({ id: ref(ItemId) }),
  body: strictObject(postingOptions),
  response: { 201: ref(Listing) },
};

const config = { access: { scope: "market:write", users: true }, writes: true } as const;

export function postListingRoutes(v1: V1App, services: Services): void {
  v1.post("/listings", { schema: listSchema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { itemId, quantity = 1, prices, startsAt, endsAt, ...options } = request.body;
    const resolve = async () => {
      const item = await requireReachableItem(services, caller, itemId, "itemId");
      const seller = await findUser(services.db, item.ownerId);
      return {
        goods: { item: { id: item.id, definitionId: item.definitionId } },
        seller: { userId: item.ownerId, name: seller?.displayName ?? item.ownerId },
        platform: caller.platform,
        prices: await readRequiredPrices(services.directory, prices),
        quantity,
        startsAt: parseTime(startsAt, "startsAt") ?? null,
        endsAt: parseTime(endsAt, "endsAt"),
        endField: "endsAt",
      };
    };
    const outcome = await listItem(services, resolve, termsFor(request, options));
    const { result, recordedAt } = answerPosted({ request, reply }, outcome);
    return toListing(await requireNewOffer(services, result, quantity), recordedAt);
  });

  v1.post("/listings/:id/cancel", { schema: cancelSchema, config }, async (request, reply) => {
    const offer = await findOffer(services.db, request.params.id);
    const seller = offer?.sellerId && (await services.directory.findWallet(offer.sellerId));
    // One refusal for both: a planned listing exists for its seller only.
    if (!offer || !seller || !isWithinReach(callerOf(request), seller))
      throw new NewDayError("item_not_found", {
        field: "id",
        rule: {
          en: "names no listing of a user whom this caller can reach",
          zh: "不是此调用方可访问的用户的商品",
        },
      });
    const { id: listingId, itemId } = offer;
    const listing = { listingId, sellerId: seller.userId, itemId };
    const outcome = await cancelListing(services, listing, termsFor(request, request.body));
    answerPosted({ request, reply }, outcome);
    return toListing(await requireOffer(services, listingId));
  });
}
