/** `GET /api/v1/listings`: the market, searched, filtered and sorted. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { LISTING_SORTS } from "../../../market/listings/listing-search-queries.ts";
import { listingFilters, searchPage } from "../request/listing-search.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import type { Caller } from "../app/caller.ts";
import { Listing } from "../schemas/schemas-items.ts";
import { oneOf, pageOf, pageQuery, ref, strictObject, UserId } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "listListings",
  tags: ["Market"],
  title: { en: "Search the market", zh: "搜索市场" },
  description:
    "What is on sale now. Price filters and price orders are in `currency`, which they need. With " +
    "`upcoming=true`: what a seller has listed for later, for him and his platform only.",
  querystring: strictObject({
    ...listingFilters,
    sellerId: Type.Optional(ref(UserId)),
    official: Type.Optional(
      Type.Boolean({ description: "true: the stores' stock; false: players'" }),
    ),
    upcoming: Type.Optional(
      Type.Boolean({ description: "true: not on sale yet; needs `sellerId`" }),
    ),
    sort: Type.Optional(oneOf(LISTING_SORTS)),
    ...pageQuery,
  }),
  response: { 200: pageOf(ref(Listing)) },
};

const config = { access: { scope: "market:read", users: true } } as const;

export function listListingsRoute(v1: V1App, services: Services): void {
  v1.get("/listings", { schema, config }, async (request) => {
    const { cursor, limit, sort = "newest", ...asked } = request.query;
    const { sellerId: named, official = null, upcoming = false, ...filters } = asked;
    const sellerId = await resolveSeller(services, callerOf(request), { named, upcoming });
    return searchPage(services, {
      listing: ["listings", sort, asked],
      filters,
      callerPlatform: callerOf(request).platform,
      sellerId,
      official,
      upcoming,
      sort,
      page: { cursor, limit },
    });
  });
}

/**
 * The public id of the named seller. Planned listings are visible to their seller only. Errors:
 * `invalid_user_id`; for planned ones `missing_fields`, `wallet_not_found`.
 */
async function resolveSeller(
  { directory }: Services,
  caller: Caller,
  { named, upcoming }: { readonly named: string | undefined; readonly upcoming: boolean },
): Promise<string | null> {
  if (named !== undefined)
    return upcoming
      ? (await requireWallet(directory, caller, named, "sellerId")).userId
      : caller.resolveUserId(named, "sellerId");
  if (!upcoming) return null;
  throw new NewDayError("missing_fields", {
    field: "sellerId",
    rule: { en: "is required with upcoming=true", zh: "在 upcoming=true 时必填" },
    missingFields: ["sellerId"],
  });
}
