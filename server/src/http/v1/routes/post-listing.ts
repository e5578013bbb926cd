/** `POST /api/v1/listings` and `/listings/{id}/cancel`: puts an item on the market and takes it off. */
import { uuidv7 } from "uuidv7";
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { findUser } from "../../../identity/user-queries.ts";
import { cancelListingOperation } from "../../../market/listings/cancel-listing-operation.ts";
import {
  listItemOperation,
  type ListItemPayload,
} from "../../../market/listings/list-item-operation.ts";
import { LISTING_LIFE_MS } from "../../../market/listings/list-item.ts";
import { requireOffer } from "../../../market/listings/offers.ts";
import { firstPrice, type Prices as PriceTable } from "../../../market/prices/prices.ts";
import { requireReachableItem } from "../replies/item-reply.ts";
import { toListing } from "../replies/listing-reply.ts";
import { requirePrices } from "../request/read-prices.ts";
import { operationFor, submitOperation, submitResolved } from "../request/post-operation.ts";
import { isWithinReach } from "../app/reach.ts";
import { ItemId, Listing, Prices, Quantity } from "../schemas/schemas-items.ts";
import { postingOptions, ref, strictObject, Timestamp } from "../schemas/schemas.ts";
import { callerOf, parseTime, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const listSchema = {
  operationId: "postListing",
  tags: ["Market"],
  summary: "Put an item on the market",
  description:
    "The item goes into escrow until it is sold, cancelled or the listing ends: at `endsAt`, or 30 days " +
    "after its beginning. Before `startsAt` nobody else sees it, and nobody can buy it.",
  body: strictObject({
    itemId: ref(ItemId),
    quantity: Type.Optional(ref(Quantity)),
    prices: ref(Prices),
    startsAt: Type.Optional(ref(Timestamp)),
    endsAt: Type.Optional(ref(Timestamp)),
    ...postingOptions,
  }),
  response: { 201: ref(Listing) },
};

const cancelSchema = {
  operationId: "postListingCancel",
  tags: ["Market"],
  summary: "Take a listing off the market",
  params: strictObject({ id: ref(ItemId) }),
  body: strictObject(postingOptions),
  response: { 201: ref(Listing) },
};

const config = { access: { scope: "market:write", users: true }, writes: true } as const;

export function postListingRoutes(v1: V1App, services: Services): void {
  v1.post("/listings", { schema: listSchema, config }, async (request, reply) => {
    const resolve = async () => {
      const caller = callerOf(request);
      const { itemId, quantity = 1, prices, startsAt, endsAt, ...options } = request.body;
      const item = await requireReachableItem(services, caller, itemId, "itemId");
      const seller = await findUser(services.db, item.ownerId);
      const listing = toListingRow(item, {
        platform: caller.platform,
        sellerName: seller?.displayName ?? item.ownerId,
        prices: await requirePrices(services.directory, prices),
        quantity,
        startsAt: parseTime(startsAt, "startsAt") ?? null,
        endsAt: parseTime(endsAt, "endsAt"),
      });
      const payload: ListItemPayload = { listing, newItemId: `inv-${uuidv7()}` };
      return operationFor(request, listItemOperation, payload, options);
    };
    const { outcome } = await submitResolved(
      services,
      { request, reply },
      listItemOperation,
      resolve,
    );
    return toListing(await requireOffer(services, outcome.result.listingId));
  });

  v1.post("/listings/:id/cancel", { schema: cancelSchema, config }, async (request, reply) => {
    const {
      id: listingId,
      sellerId,
      itemId,
    } = await requireOffer(services, request.params.id, "id");
    const seller = sellerId === null ? undefined : await services.directory.findWallet(sellerId);
    if (!seller || !isWithinReach(callerOf(request), seller))
      throw new NewDayError("item_not_found", {
        field: "id",
        rule: "names no listing of a user whom this caller can reach",
        ruleZh: "不是此调用方可访问的用户的商品",
      });
    const payload = { listingId, sellerId: seller.userId, reason: "removed", itemId } as const;
    const operation = operationFor(request, cancelListingOperation, payload, request.body);
    await submitOperation(services, { request, reply }, operation);
    return toListing(await requireOffer(services, listingId));
  });
}

interface Terms {
  readonly platform: string;
  readonly sellerName: string;
  readonly prices: PriceTable;
  readonly quantity: number;
  readonly startsAt: Date | null;
  readonly endsAt: Date | undefined;
}

function toListingRow(
  item: { readonly id: string; readonly ownerId: string; readonly definitionId: string },
  { platform, sellerName, prices, quantity, startsAt, endsAt }: Terms,
): ListItemPayload["listing"] {
  const begins = Math.max(startsAt?.getTime() ?? 0, Date.now());
  const ends = endsAt ?? new Date(begins + LISTING_LIFE_MS);
  if (ends.getTime() <= begins)
    throw new NewDayError("invalid_field", {
      field: "endsAt",
      rule: "must be in the future, and after startsAt",
      ruleZh: "必须晚于当前时间与 startsAt",
    });
  return {
    id: uuidv7(),
    kind: "escrowed",
    saleType: "player_market",
    platform,
    sellerId: item.ownerId,
    sellerName,
    definitionId: item.definitionId,
    itemId: item.id,
    prices,
    ...firstPrice(prices),
    remaining: BigInt(quantity),
    status: "active",
    perUserLimit: null,
    perDayLimit: null,
    pin: null,
    views: 0n,
    listedAt: new Date(),
    startsAt,
    expiresAt: ends,
    revision: 1n,
  };
}
