/** `GET /api/v1/wallets/{userId}/purchases`: a user's purchases, or sales. */
import { Type } from "typebox";
import { listPurchases, PURCHASE_ROLES } from "../../../market/purchases/purchase-queries.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { ItemId, PurchaseRecord } from "../schemas/schemas-items.ts";
import {
  CurrencyCodeSchema,
  oneOf,
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { toPage } from "../replies/page.ts";
import { toPurchaseRecord } from "../replies/purchase-reply.ts";
import { rangeQuery, readRange } from "../request/range.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const schema = {
  operationId: "listPurchases",
  tags: ["Market"],
  title: { en: "List what a user has bought or sold", zh: "列出买入或卖出记录" },
  description: "Newest first; as the buyer unless `role=seller`. `from` is included, `until` not.",
  params: strictObject({ userId: ref(UserId) }),
  querystring: strictObject({
    role: Type.Optional(oneOf(PURCHASE_ROLES)),
    listingId: Type.Optional(ref(ItemId)),
    currency: Type.Optional(ref(CurrencyCodeSchema)),
    ...rangeQuery,
    ...pageQuery,
  }),
  response: { 200: pageOf(ref(PurchaseRecord)) },
};

const config = { access: { scope: "market:read", users: true } } as const;

export function listPurchasesRoute(v1: V1App, services: Services): void {
  v1.get("/wallets/:userId/purchases", { schema, config }, async (request) => {
    const { userId } = request.params;
    const wallet = await requireWallet(services.directory, callerOf(request), userId);
    const { cursor, limit = PAGE_SIZE_DEFAULT, role = "buyer", ...asked } = request.query;
    const { listingId = null, currency = null, from: first, until: end, ...unread } = asked;
    unread satisfies NothingElse;
    const { from = null, until = null } = readRange({ from: first, until: end });
    const listing = ["purchases", wallet.id, role, asked];
    const at = decodeCursor(listing, cursor, { at: "time", id: "text" });
    const after = at && { recordedAt: at.at, id: at.id };
    const rows = await listPurchases(
      services.db,
      { userId: wallet.userId, role },
      { listingId, currency, from, until },
      { after, limit: limit + 1 },
    );
    return toPage(rows, rows.slice(0, limit).map(toPurchaseRecord), ({ position, id }) =>
      encodeCursor(listing, { at: position, id }),
    );
  });
}
