/** `GET /api/v1/wallets/{userId}/items`: a user's items. */
import { Type } from "typebox";
import { listItemPage } from "../../../items/items/item-page-queries.ts";
import { readFilterLabel } from "../../../items/labels/label-reader.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { toItem } from "../replies/item-reply.ts";
import { toPage } from "../replies/page.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { ItemTypeName, RarityName } from "../schemas/schemas-item-types.ts";
import { ItemSchema, ItemStateSchema } from "../schemas/schemas-items.ts";
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
import type { NothingElse } from "../../../lib/nothing-else.ts";

const schema = {
  operationId: "listItems",
  tags: ["Items"],
  title: { en: "List the items of a user", zh: "列出用户的道具" },
  description: "Newest first; what is owned, unless another state is asked for.",
  params: strictObject({ userId: ref(UserId) }),
  querystring: strictObject({
    state: Type.Optional(ref(ItemStateSchema)),
    type: Type.Optional(ref(ItemTypeName)),
    rarity: Type.Optional(ref(RarityName)),
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
    const { cursor, limit = PAGE_SIZE_DEFAULT, state = "owned", ...asked } = request.query;
    const { type: saidType, rarity: saidRarity, waiting = false, ...unread } = asked;
    unread satisfies NothingElse;
    const { platform } = callerOf(request);
    const type = await readFilterLabel(services.db, { platform, kind: "type" }, saidType);
    const rarity = await readFilterLabel(services.db, { platform, kind: "rarity" }, saidRarity);
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
