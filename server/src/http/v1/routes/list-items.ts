/** `GET /api/v1/wallets/{userId}/items`: a user's items. */
import { Type } from "typebox";
import { listItemPage } from "../../../items/items/item-page-queries.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { toItem } from "../replies/item-reply.ts";
import { toPage } from "../replies/page.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import {
  ItemSchema,
  ItemStateSchema,
  ItemTypeSchema,
  RaritySchema,
} from "../schemas/schemas-items.ts";
import {
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "listItems",
  tags: ["Items"],
  summary: "List the items of a user",
  description: "Newest first; what is owned, unless another state is asked for.",
  params: strictObject({ userId: ref(UserId) }),
  querystring: strictObject({
    state: Type.Optional(ref(ItemStateSchema)),
    type: Type.Optional(ref(ItemTypeSchema)),
    rarity: Type.Optional(ref(RaritySchema)),
    waiting: Type.Optional(
      Type.Boolean({
        default: false,
        description: "true or false; true lists the gifts that wait for the user's acceptance",
      }),
    ),
    ...pageQuery,
  }),
  response: { 200: pageOf(ref(ItemSchema)) },
};

const config = { access: { scope: "items:read", users: true } } as const;

export function listItemsRoute(v1: V1App, services: Services): void {
  v1.get("/wallets/:userId/items", { schema, config }, async (request) => {
    const { userId } = request.params;
    const wallet = await requireWallet(services.directory, callerOf(request), userId);
    const { state = "owned", type = null, rarity = null, waiting = false, cursor } = request.query;
    const limit = request.query.limit ?? PAGE_SIZE_DEFAULT;
    const listing = ["items", wallet.id, state, type, rarity, waiting];
    const at = decodeCursor(listing, cursor, { at: "time", id: "text" });
    const after = at && { obtainedAt: at.at, id: at.id };
    const filter = { states: [state], type, rarity, waiting };
    const page = { after, limit: limit + 1 };
    const rows = await listItemPage(services.db, wallet.userId, filter, page);
    return toPage(rows, rows.slice(0, limit).map(toItem), ({ position, id }) =>
      encodeCursor(listing, { at: position, id }),
    );
  });
}
