/** `GET market/items` and `GET market/list`: the public market (docs/contract.md 5.1). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { listLegacyOffers } from "../../../adoption/legacy-reads.ts";
import { coalesceReads } from "../../../lib/coalesced-read.ts";
import { ITEM_TYPES } from "../../../items/items/item-vocabulary.ts";
import type { ListingFilter, ListingOrder } from "../../../market/listings/listing-queries.ts";
import { listOffers, type Offer } from "../../../market/listings/offers.ts";
import { positiveInteger } from "../../context/page-query.ts";
import { limitTo, OPEN_READS_PER_WINDOW } from "../../plugins/rate-limits.ts";
import type { Services } from "../../context/services.ts";
import { listText } from "../replies/list-reply.ts";
import { offerReply, platformNamed } from "./market-reply.ts";

const PAGE_SIZE_MAX = 100;
export const JSON_TYPE = "application/json; charset=utf-8";
type Query = Readonly<Record<string, unknown>>;

const ORDERS: readonly ListingOrder[] = ["listed_desc", "listed_asc", "price_asc", "price_desc"];

/**
 * The offers of a page as JSON. The list stands twice in the reply, which stays below 200 KB. Where the
 * offers need more, those above their share are shown shortened, and marked.
 */
const LIST_BYTES_MAX = 64 * 1024;

type ShownOffer = Omit<Offer, "definitionId">;
type OfferReply = (offer: ShownOffer) => object;

export function getMarketItemsRoute(app: FastifyInstance, services: Services): void {
  const readMarket = createMarketReader(services, offerReply);
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const query = request.query as Query;
    return reply.type(JSON_TYPE).send(await readMarket(query, query["platform"]));
  };
  app.get("/api/allinone/market/items", limitTo(OPEN_READS_PER_WINDOW), handler);
  app.get("/api/allinone/market/list", limitTo(OPEN_READS_PER_WINDOW), handler);
}

/**
 * Returns the reader of a surface's market pages, as JSON. Callers of one page share its query and its
 * serialization.
 */
export function createMarketReader(services: Services, toReply: OfferReply) {
  const read = coalesceReads(async (keys) => {
    const texts = keys.map((key) => pageText(services, JSON.parse(key) as WantedPage, toReply));
    const pages = await Promise.all(texts);
    return new Map(keys.map((key, index) => [key, pages[index] ?? ""]));
  });
  return async (query: Query, platform: unknown): Promise<string> => {
    return (await read(JSON.stringify(wantedPage(query, platform)))) ?? "";
  };
}

async function pageText(
  services: Services,
  { filter, order, page, limit }: WantedPage,
  toReply: OfferReply,
): Promise<string> {
  const bounds = { order, limit, offset: (page - 1) * limit };
  const isAdopted = (await services.readAdoption()) === "adopted";
  const { offers, total } = isAdopted
    ? await listOffers(services, filter, bounds)
    : await listLegacyOffers(services.db, filter, bounds);
  return listText(offerList(offers, toReply), { total, page, limit });
}

function offerList(offers: readonly ShownOffer[], toReply: OfferReply): string {
  const share = LIST_BYTES_MAX / offers.length;
  // Known before anything is serialized: a page of the largest facts costs little more than one of small ones.
  const letters = offers.map(lettersOf);
  const isTooLong = sum(letters) > LIST_BYTES_MAX;
  const replies = offers.map(toReply);
  const texts = replies.map((reply, at) =>
    isTooLong && (letters[at] ?? 0) > share ? undefined : JSON.stringify(reply),
  );
  const bytes = texts.map((text) => (text === undefined ? Infinity : Buffer.byteLength(text)));
  if (sum(bytes) <= LIST_BYTES_MAX) return texts.join(",");
  return replies
    .map((reply, at) => ((bytes[at] ?? 0) <= share ? texts[at] : JSON.stringify(shortened(reply))))
    .join(",");
}

/** A letter is at least a byte of the reply. */
function lettersOf({ name, description, stats }: ShownOffer): number {
  const texts = Object.values(stats ?? {}).map((value) => `${value}`.length);
  return name.length + (description?.length ?? 0) + sum(texts);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Characters of a shortened text. */
const SHORT_NAME = 64;
const SHORT_DESCRIPTION = 40;

/** GET /api/v1/listings/{id} has the facts in full. */
function shortened(reply: object): object {
  const { name, description, stats: _dropped, ...rest } = reply as Record<string, unknown>;
  const shorter = {
    name: cut(name, SHORT_NAME),
    description: cut(description, SHORT_DESCRIPTION),
    imageUrl: null,
    shortened: true,
  };
  return { ...rest, ...shorter };
}

function cut(text: unknown, length: number): string {
  const letters = Array.from(String(text));
  return letters.length <= length ? letters.join("") : `${letters.slice(0, length).join("")}…`;
}

interface WantedPage {
  readonly filter: ListingFilter;
  readonly order: ListingOrder;
  readonly page: number;
  readonly limit: number;
}

/** An unknown filter or order is ignored; a malformed page is refused. */
function wantedPage(query: Query, platform: unknown): WantedPage {
  return {
    filter: {
      platform: platformNamed(platform) ?? null,
      itemType: ITEM_TYPES.find((one) => one === query["itemType"]) ?? null,
    },
    order: ORDERS.find((one) => one === query["sortBy"]) ?? "listed_desc",
    page: positiveInteger(query["page"], "page") ?? 1,
    limit: Math.min(positiveInteger(query["limit"], "limit") ?? PAGE_SIZE_MAX, PAGE_SIZE_MAX),
  };
}
