/** `/api/admin/listings`: the search for listings of any status, and everything about one. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { LISTING_STATUSES } from "../../../market/listings/listing-rows.ts";
import { requireOffer } from "../../../market/listings/offers.ts";
import { listPurchasesOfListing } from "../../../market/purchases/purchase-queries.ts";
import { requireSearchText } from "../../../operators/search/search-text.ts";
import { readListingPage } from "../../../operators/things/listing-page.ts";
import {
  listNewestListings,
  searchAnyListings,
} from "../../../operators/things/search-listings.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toListing } from "../../v1/replies/listing-reply.ts";
import { toPurchaseRecord } from "../../v1/replies/purchase-reply.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import { ItemId, Listing, PurchaseRecord } from "../../v1/schemas/schemas-items.ts";
import {
  oneOf,
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
} from "../../v1/schemas/schemas.ts";
import { ListingPageSchema } from "../app/schemas-things.ts";
import { AnyUserId, SearchText } from "../app/schemas-users.ts";
import { toListingPage } from "../app/thing-replies.ts";
import { NAMED_FORMS, namedAsText, namedOfText, toFoundReply } from "../app/thing-search.ts";

const tags = ["Market"];
const config = { operators: { role: "viewer" } } as const;
const params = strictObject({ id: ref(ItemId) });

const searchSchema = {
  operationId: "searchListings",
  tags,
  title: { en: "Search listings", zh: "搜索上架" },
  description:
    "Of any status: by any part of the item's name or a whole id, where that one comes first; without a text the " +
    "newest. Of one seller with `sellerId`, newest first. A page may be shorter than asked; `nextCursor` tells " +
    "whether there is another one.",
  querystring: strictObject({
    ...pageQuery,
    q: Type.Optional(SearchText),
    sellerId: Type.Optional(AnyUserId),
    status: Type.Optional(oneOf(LISTING_STATUSES)),
  }),
  response: { 200: pageOf(ref(Listing)) },
};

const listingSchema = {
  operationId: "getListingPage",
  tags,
  title: { en: "Read everything about a listing", zh: "查看上架全貌" },
  params,
  response: { 200: ref(ListingPageSchema) },
};

const purchasesSchema = {
  operationId: "listPurchasesOfListing",
  tags,
  title: { en: "List who bought from a listing", zh: "列出该上架的买家" },
  description: "Newest first. A page may be shorter than asked.",
  params,
  querystring: strictObject(pageQuery),
  response: { 200: pageOf(ref(PurchaseRecord)) },
};

export function listingRoutes(admin: V1App, { db }: Services): void {
  admin.get("/listings", { schema: searchSchema, config }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, q, sellerId, status, ...unread } = request.query;
    unread satisfies NothingElse;
    const part = q === undefined ? undefined : await requireSearchText(db, q);
    const listing = { listings: { part, sellerId, status } };
    if (part === undefined || sellerId !== undefined) {
      const after = decodeCursor(listing, cursor, { at: "time", id: "text" });
      const found = await listNewestListings(db, { part, sellerId, status, after, limit });
      return toFoundReply(found.listings.map(toShown), found.next, ({ at, id }) =>
        encodeCursor(listing, { at, id }),
      );
    }
    const after = namedOfText(decodeCursor(listing, cursor, NAMED_FORMS));
    const found = await searchAnyListings(db, { part, status, after, limit });
    return toFoundReply(found.listings.map(toShown), found.next, (next) =>
      encodeCursor(listing, namedAsText(next)),
    );
  });

  admin.get("/listings/:id", { schema: listingSchema, config }, async (request) =>
    toListingPage(await readListingPage(db, request.params.id)),
  );

  admin.get("/listings/:id/purchases", { schema: purchasesSchema, config }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, ...unread } = request.query;
    unread satisfies NothingElse;
    const offer = await requireOffer({ db }, request.params.id, "id");
    const listing = { purchasesOfListing: offer.id };
    const at = decodeCursor(listing, cursor, { at: "time", id: "text" });
    const after = at && { recordedAt: at.at, id: at.id };
    const { purchases, next } = await listPurchasesOfListing(db, offer, { after, limit });
    return toFoundReply(purchases.map(toPurchaseRecord), next, ({ recordedAt, id }) =>
      encodeCursor(listing, { at: recordedAt, id }),
    );
  });
}

function toShown(offer: Parameters<typeof toListing>[0]) {
  return toListing(offer);
}
