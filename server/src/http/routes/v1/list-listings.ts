/** `GET /api/v1/listings`: what is on the market, searched, filtered and sorted. */
import { Type, type Static } from "typebox";
import { NewDayError } from "../../../errors.ts";
import { toOffer } from "../../../market/offers.ts";
import {
  LISTING_SORTS, searchListings, type ListingSearch, type ListingSort,
} from "../../../market/listing-search-queries.ts"; // prettier-ignore
import { parseAmount } from "../../v1/amount.ts";
import { decodeCursor, encodeCursor } from "../../v1/cursor.ts";
import { toListing } from "../../v1/listing-reply.ts";
import { ItemType, Listing, Rarity } from "../../v1/schemas-items.ts";
import {
  Amount, CurrencyCode, oneOf, PAGE_SIZE_DEFAULT, pageOf, pageQuery, PLAIN_TEXT, ref, strictObject, Timestamp, UserId,
} from "../../v1/schemas.ts"; // prettier-ignore
import { parseTime, type V1App, type V1Services } from "../../v1/v1-app.ts";

const Query = strictObject({
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: PLAIN_TEXT,
      description: "part of the name, 1 to 100 letters",
    }),
  ),
  type: Type.Optional(ref(ItemType)),
  rarity: Type.Optional(ref(Rarity)),
  platform: Type.Optional(Type.String({ pattern: "^[a-z][a-z0-9-]{0,31}$" })),
  sellerId: Type.Optional(ref(UserId)),
  official: Type.Optional(
    Type.Boolean({ description: "true: the stores' stock; false: players'" }),
  ),
  currency: Type.Optional(ref(CurrencyCode)),
  priceMin: Type.Optional(ref(Amount)),
  priceMax: Type.Optional(ref(Amount)),
  listedFrom: Type.Optional(ref(Timestamp)),
  listedUntil: Type.Optional(ref(Timestamp)),
  sort: Type.Optional(oneOf(LISTING_SORTS)),
  ...pageQuery,
});

const schema = {
  operationId: "listListings",
  tags: ["Market"],
  summary: "Search the market",
  description: "Price filters and price orders are in `currency`, which they need.",
  querystring: Query,
  response: { 200: pageOf(ref(Listing)) },
};

const config = { access: { scope: "market:read", users: true } } as const;

export function listListingsRoute(v1: V1App, services: V1Services): void {
  v1.get("/listings", { schema, config }, async (request) => {
    const { cursor, limit = PAGE_SIZE_DEFAULT, sort = "newest", ...filters } = request.query;
    requireCurrencyForPrices(filters, sort);
    const listing = ["listings", sort, filters];
    const at = decodeCursor(listing, cursor);
    const after = at && { key: at["key"] ?? "", id: at["id"] ?? "" };
    const page = { sort, after, limit: limit + 1 };
    const rows = await searchListings(services.db, toSearch(filters), page);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      data: rows.slice(0, limit).map((row) => toListing(toOffer(row))),
      nextCursor: last ? encodeCursor(listing, { key: last.position, id: last.id }) : null,
    };
  });
}

type Filters = Omit<Static<typeof Query>, "cursor" | "limit" | "sort">;

function requireCurrencyForPrices(filters: Filters, sort: ListingSort): void {
  const about = filters.priceMin ?? filters.priceMax ?? (sort.startsWith("price") || undefined);
  if (about !== undefined && filters.currency === undefined)
    throw new NewDayError("missing_fields", {
      field: "currency",
      rule: "is required with a price filter or a price order",
      missingFields: ["currency"],
    });
}

function toSearch(filters: Filters): ListingSearch {
  const { priceMin, priceMax } = filters;
  return {
    text: filters.q ?? null,
    type: filters.type ?? null,
    rarity: filters.rarity ?? null,
    platform: filters.platform ?? null,
    sellerId: filters.sellerId ?? null,
    official: filters.official ?? null,
    currency: filters.currency ?? null,
    priceMin: priceMin === undefined ? null : parseAmount(priceMin, "priceMin"),
    priceMax: priceMax === undefined ? null : parseAmount(priceMax, "priceMax"),
    listedFrom: parseTime(filters.listedFrom, "listedFrom") ?? null,
    listedUntil: parseTime(filters.listedUntil, "listedUntil") ?? null,
  };
}
