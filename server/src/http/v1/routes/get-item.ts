/** `GET /api/v1/items/{id}` and its history. */
import { listItemEvents, type ItemEventRow } from "../../../items/items/item-page-queries.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { requireReachableItem, toItem, toItemEvent } from "../replies/item-reply.ts";
import { etagOf } from "../replies/etag.ts";
import { toPage } from "../replies/page.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import { ItemSchema, ItemEventSchema, ItemId } from "../schemas/schemas-items.ts";
import { PAGE_SIZE_DEFAULT, pageOf, pageQuery, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Caller } from "../app/caller.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const params = strictObject({ id: ref(ItemId) });
const config = { access: { scope: "items:read", users: true } } as const;

const itemSchema = {
  operationId: "getItem",
  tags: ["Items"],
  title: { en: "Read an item", zh: "查询道具" },
  description: "Its ETag is for `If-Match` of a change.",
  params,
  response: { 200: ref(ItemSchema) },
};

const historySchema = {
  operationId: "listItemEvents",
  tags: ["Items"],
  title: { en: "Read the history of an item", zh: "查询道具历史" },
  description: "Newest first, back to how it came into existence.",
  params,
  querystring: strictObject(pageQuery),
  response: { 200: pageOf(ref(ItemEventSchema)) },
};

export function getItemRoutes(v1: V1App, services: Services): void {
  v1.get("/items/:id", { schema: itemSchema, config }, async (request, reply) => {
    const item = await requireReachableItem(services, callerOf(request), request.params.id);
    void reply.header("etag", etagOf(item.version, item.locked ? "1" : "0"));
    return toItem(item);
  });

  v1.get("/items/:id/history", { schema: historySchema, config }, async (request) => {
    const caller = callerOf(request);
    const { id } = await requireReachableItem(services, caller, request.params.id);
    const { limit = PAGE_SIZE_DEFAULT, cursor, ...unread } = request.query;
    unread satisfies NothingElse;
    const at = decodeCursor(["history", id], cursor, { version: "number" });
    const before = at ? BigInt(at.version) : null;
    const rows = await listItemEvents(services.db, id, { before, limit: limit + 1 });
    const shown = rows.slice(0, limit).map((row) => toEvent(services, caller, row));
    return toPage(rows, await Promise.all(shown), ({ version }) =>
      encodeCursor(["history", id], { version: `${version}` }),
    );
  });
}

async function toEvent({ directory }: Services, caller: Caller, row: ItemEventRow) {
  const owner = await directory.findWallet(row.ownerId);
  return toItemEvent(row, { showsOwner: owner !== undefined && isWithinReach(caller, owner) });
}
