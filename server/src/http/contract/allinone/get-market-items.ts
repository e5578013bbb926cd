/** `GET market/items` and `GET market/list`: the public market (docs/contract.md 5.1). */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ITEM_TYPES } from "../../../items/items/item-vocabulary.ts";
import type { ListingFilter, ListingOrder } from "../../../market/listings/listing-queries.ts";
import { listOffers, type Offer } from "../../../market/listings/offers.ts";
import { requireAdopted } from "../../auth/actor.ts";
import { positiveInteger } from "../../context/page-query.ts";
import { limitTo, OPEN_READS_PER_WINDOW } from "../../plugins/rate-limits.ts";
import type { Services } from "../../context/services.ts";
import { offerReply, platformNamed } from "./market-reply.ts";

const PAGE_SIZE_MAX = 100;
const ORDERS: readonly ListingOrder[] = ["listed_desc", "listed_asc", "price_asc", "price_desc"];

export interface MarketPage {
  readonly offers: readonly Offer[];
  readonly total: number;
  readonly page: number;
  readonly limit: number;
}

export function getMarketItemsRoute(app: FastifyInstance, services: Services): void {
  const handler = async (request: FastifyRequest) => {
    const query = request.query as Readonly<Record<string, unknown>>;
    const { offers, total, page, limit } = await readMarket(services, query, query["platform"]);
    const items = offers.map(offerReply);
    return { success: true, items, data: items, total, page, limit };
  };
  app.get("/api/allinone/market/items", limitTo(OPEN_READS_PER_WINDOW), handler);
  app.get("/api/allinone/market/list", limitTo(OPEN_READS_PER_WINDOW), handler);
}

/** An unknown filter or order is ignored; a malformed page is refused. */
export async function readMarket(
  services: Services,
  query: Readonly<Record<string, unknown>>,
  platform: unknown,
): Promise<MarketPage> {
  await requireAdopted(services);
  const filter: ListingFilter = {
    platform: platformNamed(platform) ?? null,
    itemType: ITEM_TYPES.find((one) => one === query["itemType"]) ?? null,
  };
  const order = ORDERS.find((one) => one === query["sortBy"]) ?? "listed_desc";
  const page = positiveInteger(query["page"], "page") ?? 1;
  const limit = Math.min(positiveInteger(query["limit"], "limit") ?? PAGE_SIZE_MAX, PAGE_SIZE_MAX);
  const found = await listOffers(services, filter, {
    order,
    limit,
    offset: (page - 1) * limit,
  });
  return { ...found, page, limit };
}
