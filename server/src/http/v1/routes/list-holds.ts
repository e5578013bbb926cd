/** `GET /api/v1/wallets/{userId}/holds`: the open holds of a wallet. */
import { listOpenHolds } from "../../../ledger/holds/hold-view-queries.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { toHold } from "../replies/hold-reply.ts";
import { toPage } from "../replies/page.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { HoldSchema } from "../schemas/schemas-holds.ts";
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
  operationId: "listHolds",
  tags: ["Holds"],
  title: { en: "List the open holds of a wallet", zh: "列出钱包中的预留" },
  description: "Oldest first.",
  params: strictObject({ userId: ref(UserId) }),
  querystring: strictObject(pageQuery),
  response: { 200: pageOf(ref(HoldSchema)) },
};

const config = { access: { scope: "wallets:read", users: true } } as const;

export function listHoldsRoute(v1: V1App, services: Services): void {
  v1.get("/wallets/:userId/holds", { schema, config }, async (request) => {
    const { userId } = request.params;
    const wallet = await requireWallet(services.directory, callerOf(request), userId);
    const { limit = PAGE_SIZE_DEFAULT, cursor, ...unread } = request.query;
    unread satisfies NothingElse;
    const listing = ["holds", wallet.id];
    const after = decodeCursor(listing, cursor, { createdAt: "time", id: "uuid" });
    const rows = await listOpenHolds(services.db, wallet.number, { after, limit: limit + 1 });
    const shown = await Promise.all(rows.slice(0, limit).map((row) => toHold(services, row)));
    return toPage(rows, shown, ({ position, id }) =>
      encodeCursor(listing, { createdAt: position, id }),
    );
  });
}
