/** `GET /api/allinone/inventory`: all items in the caller's hands (docs/contract.md 4.1). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { countOwnedItems, listOwnedItems } from "../../../items/items/item-queries.ts";
import { listLegacyItems } from "../../../adoption/legacy-reads.ts";
import { authenticate } from "../../auth/authenticate.ts";
import { positiveInteger } from "../../context/page-query.ts";
import type { Services } from "../../context/services.ts";
import { sendList } from "../replies/list-reply.ts";
import { itemReply } from "./inventory-reply.ts";

/** For callers that request pages; other callers get the complete list. */
const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 1_000;

type Query = Readonly<Record<string, unknown>>;

interface Paging {
  readonly page: number;
  readonly limit: number;
}

export function getInventoryRoute(app: FastifyInstance, services: Services): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { userId } = await authenticate(services, request);
    const paging = pagingOf(request.query as Query);
    const { items, ...counts } = await readItems(services, userId, paging);
    const rest = { ...counts, userId, timestamp: new Date().toISOString() };
    return sendList(reply, { entries: items, toReply: itemReply }, rest);
  };
  app.get("/api/allinone/inventory", handler);
  app.get("/api/allinone/inventory/all", handler);
}

async function readItems(services: Services, userId: string, paging: Paging | undefined) {
  if ((await services.readAdoption()) !== "adopted") return readLegacy(services, userId, paging);
  return paging ? readPage(services, userId, paging) : readEverything(services, userId);
}

/** Before adoption the legacy tables are authoritative. */
async function readLegacy({ db }: Services, userId: string, paging: Paging | undefined) {
  const items = await listLegacyItems(db, userId);
  const total = items.length;
  if (!paging) return { items, total };
  const { page, limit } = paging;
  const pagination = { page, limit, total, totalPages: Math.ceil(total / limit) };
  return { items: items.slice((page - 1) * limit, page * limit), total, pagination };
}

function pagingOf(query: Query): Paging | undefined {
  const wanted = positiveInteger(query["page"], "page");
  const limit = positiveInteger(query["limit"], "limit");
  if (wanted === undefined && limit === undefined) return undefined;
  return { page: wanted ?? 1, limit: Math.min(limit ?? PAGE_SIZE, PAGE_SIZE_MAX) };
}

async function readEverything({ db }: Services, userId: string) {
  const items = await listOwnedItems(db, userId);
  return { items, total: items.length };
}

async function readPage(
  { db }: Services,
  userId: string,
  { page, limit }: { page: number; limit: number },
) {
  const [items, total] = await Promise.all([
    listOwnedItems(db, userId, { limit, offset: (page - 1) * limit }),
    countOwnedItems(db, userId),
  ]);
  const pagination = { page, limit, total, totalPages: Math.ceil(total / limit) };
  return { items, total, pagination };
}
