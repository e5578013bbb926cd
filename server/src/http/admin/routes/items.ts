/** `/api/admin/items`: the search for items, and everything about one. */
import { Type } from "typebox";
import { listItemEvents } from "../../../items/items/item-page-queries.ts";
import { ITEM_STATES } from "../../../items/items/item-rows.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { requireSearchText } from "../../../operators/search/search-text.ts";
import { readItemPage } from "../../../operators/things/item-page.ts";
import { searchItems, searchItemsOfUser } from "../../../operators/things/search-items.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toItem, toItemEvent } from "../../v1/replies/item-reply.ts";
import { toPage } from "../../v1/replies/page.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import { ItemEventSchema, ItemId, ItemSchema } from "../../v1/schemas/schemas-items.ts";
import {
  oneOf,
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
} from "../../v1/schemas/schemas.ts";
import { ItemPageSchema } from "../app/schemas-things.ts";
import { AnyUserId, SearchText } from "../app/schemas-users.ts";
import { toItemPage } from "../app/thing-replies.ts";
import {
  NAMED_FORMS,
  namedAsText,
  namedOfText,
  requireTextOr,
  toFoundReply,
} from "../app/thing-search.ts";

const tags = ["Items"];
const config = { operators: { role: "viewer" } } as const;
const params = strictObject({ id: ref(ItemId) });

const searchSchema = {
  operationId: "searchItems",
  tags,
  title: { en: "Search items", zh: "搜索道具" },
  description:
    "By any part of the name, or by a whole id: New Day's, or one that an import named. Items whose id is the whole " +
    "text come first. Of one user with `userId`, newest first, where the text may be left out. A page may be shorter " +
    "than asked; `nextCursor` tells whether there is another one.",
  querystring: strictObject({
    ...pageQuery,
    q: Type.Optional(SearchText),
    userId: Type.Optional(AnyUserId),
    state: Type.Optional(oneOf(ITEM_STATES)),
  }),
  response: { 200: pageOf(ref(ItemSchema)) },
};

const itemSchema = {
  operationId: "getItemPage",
  tags,
  title: { en: "Read everything about an item", zh: "查看道具全貌" },
  params,
  response: { 200: ref(ItemPageSchema) },
};

const historySchema = {
  operationId: "listItemEventsAsOperator",
  tags,
  title: { en: "Read the history of an item", zh: "查看道具历史" },
  description: "Newest first, with every owner, back to how it came into existence.",
  params,
  querystring: strictObject(pageQuery),
  response: { 200: pageOf(ref(ItemEventSchema)) },
};

export function itemRoutes(admin: V1App, { db }: Services): void {
  admin.get("/items", { schema: searchSchema, config }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, q, userId, state, ...unread } = request.query;
    unread satisfies NothingElse;
    const part = q === undefined ? undefined : await requireSearchText(db, q);
    const listing = { items: { part, userId, state } };
    if (userId !== undefined) {
      const after = decodeCursor(listing, cursor, { at: "time", id: "text" });
      const found = await searchItemsOfUser(db, userId, { part, state, after, limit });
      return toFoundReply(found.items.map(toItem), found.next, ({ at, id }) =>
        encodeCursor(listing, { at, id }),
      );
    }
    const after = namedOfText(decodeCursor(listing, cursor, NAMED_FORMS));
    const wanted = { part: requireTextOr(part, "userId"), state, after, limit };
    const found = await searchItems(db, wanted);
    return toFoundReply(found.items.map(toItem), found.next, (next) =>
      encodeCursor(listing, namedAsText(next)),
    );
  });

  admin.get("/items/:id", { schema: itemSchema, config }, async (request) =>
    toItemPage(await readItemPage(db, request.params.id)),
  );

  admin.get("/items/:id/history", { schema: historySchema, config }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, ...unread } = request.query;
    unread satisfies NothingElse;
    const { item } = await readItemPage(db, request.params.id);
    const listing = { itemHistory: item.id };
    const at = decodeCursor(listing, cursor, { version: "number" });
    const before = at ? BigInt(at.version) : null;
    const rows = await listItemEvents(db, item.id, { before, limit: limit + 1 });
    const events = rows.slice(0, limit).map((row) => toItemEvent(row, { showsOwner: true }));
    return toPage(rows, events, ({ version }) => encodeCursor(listing, { version: `${version}` }));
  });
}
