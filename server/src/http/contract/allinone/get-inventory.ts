/** `GET /api/allinone/inventory`: all items in the caller's hands (docs/contract.md 4.1). */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { countOwnedItems, listOwnedItems } from "../../../items/items/item-queries.ts";
import { authenticateActor } from "../../auth/actor.ts";
import { positiveInteger } from "../../context/page-query.ts";
import type { Services } from "../../context/services.ts";
import { itemReply } from "./inventory-reply.ts";

/** For callers that request pages; other callers get the complete list. */
const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 1_000;

type Query = Readonly<Record<string, unknown>>;

export function getInventoryRoute(app: FastifyInstance, services: Services): void {
  const handler = async (request: FastifyRequest) => {
    const { userId } = await authenticateActor(services, request);
    const paging = pagingOf(request.query as Query);
    return paging ? page(services, userId, paging) : everything(services, userId);
  };
  app.get("/api/allinone/inventory", handler);
  app.get("/api/allinone/inventory/all", handler);
}

function pagingOf(query: Query): { page: number; limit: number } | undefined {
  const wanted = positiveInteger(query["page"], "page");
  const limit = positiveInteger(query["limit"], "limit");
  if (wanted === undefined && limit === undefined) return undefined;
  return { page: wanted ?? 1, limit: Math.min(limit ?? PAGE_SIZE, PAGE_SIZE_MAX) };
}

async function everything({ db }: Services, userId: string): Promise<Record<string, unknown>> {
  const items = (await listOwnedItems(db, userId)).map(itemReply);
  const timestamp = new Date().toISOString();
  return { success: true, items, data: items, total: items.length, userId, timestamp };
}

async function page(
  { db }: Services,
  userId: string,
  { page: number, limit }: { page: number; limit: number },
): Promise<Record<string, unknown>> {
  const [found, total] = await Promise.all([
    listOwnedItems(db, userId, { limit, offset: (number - 1) * limit }),
    countOwnedItems(db, userId),
  ]);
  const items = found.map(itemReply);
  const pagination = { page: number, limit, total, totalPages: Math.ceil(total / limit) };
  const timestamp = new Date().toISOString();
  return { success: true, items, data: items, total, userId, pagination, timestamp };
}
