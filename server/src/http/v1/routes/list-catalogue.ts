/** `GET /api/v1/catalogue`: the stores' own stock, searched, filtered and sorted. */
import { Type } from "typebox";
import { CATALOGUE_SORTS } from "../../../market/listings/listing-search-queries.ts";
import { listingFilters, searchPage } from "../request/listing-search.ts";
import { Listing } from "../schemas/schemas-items.ts";
import { oneOf, pageOf, pageQuery, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "listCatalogue",
  tags: ["Market"],
  title: { en: "Search the stores' stock", zh: "搜索官方商品" },
  description:
    "Official stock only, in the stores' own order unless another is asked for. Price filters and price " +
    "orders are in `currency`, which they need. Buy with POST /purchases.",
  querystring: strictObject({
    ...listingFilters,
    sort: Type.Optional(oneOf(CATALOGUE_SORTS)),
    ...pageQuery,
  }),
  response: { 200: pageOf(ref(Listing)) },
};

const config = { access: { scope: "market:read", users: true } } as const;

export function listCatalogueRoute(v1: V1App, services: Services): void {
  v1.get("/catalogue", { schema, config }, async (request) => {
    const { cursor, limit, sort = "featured", ...filters } = request.query;
    return searchPage(services, {
      listing: ["catalogue", sort, filters],
      filters,
      callerPlatform: callerOf(request).platform,
      sellerId: null,
      official: true,
      upcoming: false,
      sort,
      page: { cursor, limit },
    });
  });
}
