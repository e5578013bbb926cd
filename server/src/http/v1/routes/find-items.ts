/** `GET /api/v1/items?externalId=`: items by the id that their import named. */
import { listItemsByExternalId, type ItemOwners } from "../../../items/items/item-page-queries.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { toItem } from "../replies/item-reply.ts";
import { toPage } from "../replies/page.ts";
import { ExternalId, ItemSchema } from "../schemas/schemas-items.ts";
import { PAGE_SIZE_DEFAULT, pageOf, pageQuery, ref, strictObject } from "../schemas/schemas.ts";
import type { Caller } from "../app/caller.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const schema = {
  operationId: "findItems",
  tags: ["Items"],
  title: { en: "Find items by external id", zh: "按外部 ID 查找道具" },
  description:
    "Items in any state whose import named this id as `itemId` or `allinoneItemId`, newest first. A key finds those of " +
    "its platform's users, a user their own.",
  querystring: strictObject({ externalId: ExternalId, ...pageQuery }),
  response: { 200: pageOf(ref(ItemSchema)) },
};

const config = { access: { scope: "items:read", users: true } } as const;

export function findItemsRoute(v1: V1App, services: Services): void {
  v1.get("/items", { schema, config }, async (request) => {
    const { externalId, limit = PAGE_SIZE_DEFAULT, cursor, ...unread } = request.query;
    unread satisfies NothingElse;
    const owners = ownersFor(callerOf(request));
    const listing = ["external", externalId, owners.platform, owners.userId];
    const at = decodeCursor(listing, cursor, { at: "time", id: "text" });
    const after = at && { obtainedAt: at.at, id: at.id };
    const page = { after, limit: limit + 1 };
    const rows = await listItemsByExternalId(services.db, externalId, owners, page);
    return toPage(rows, rows.slice(0, limit).map(toItem), ({ position, id }) =>
      encodeCursor(listing, { at: position, id }),
    );
  });
}

function ownersFor(caller: Caller): ItemOwners {
  if (caller.kind === "user") return { platform: null, userId: caller.userId };
  return { platform: caller.operator ? null : caller.platform, userId: null };
}
