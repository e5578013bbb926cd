/** `GET /api/v1/stock` and `/stock/{id}`: what platforms sell of their own. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { describeOffer } from "../../../market/stock/describe-offer.ts";
import { requireStockOffer } from "../../../market/stock/offers-of-stock.ts";
import { isForUsersOf } from "../../../market/stock/stock-purchase-operation.ts";
import { listStockOffers, type StockOffer } from "../../../market/stock/stock-queries.ts";
import type { Caller } from "../app/caller.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { answersNotModified } from "../replies/etag.ts";
import { toPage } from "../replies/page.ts";
import { isOperator } from "../replies/policy-reply.ts";
import { stockEtag, toStockOffer } from "../replies/stock-reply.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { PAGE_SIZE_DEFAULT, pageOf, pageQuery, ref, strictObject } from "../schemas/schemas.ts";
import { StockId, StockOfferSchema } from "../schemas/schemas-stock.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const listSchema = {
  operationId: "listStock",
  tags: ["Stock"],
  title: { en: "List what a platform sells of its own", zh: "列出平台自有商品" },
  description:
    "Newest first, of the caller's platform unless `platform` names another. Its key sees all of its offers; everybody " +
    "else those that are on sale now and that they may buy: none of a suspended platform.",
  querystring: strictObject({
    platform: Type.Optional(Type.String({ pattern: "^[a-z][a-z0-9-]{0,31}$" })),
    onSale: Type.Optional(
      Type.Boolean({ description: "true or false; true: what is on sale now only" }),
    ),
    ...pageQuery,
  }),
  response: { 200: pageOf(ref(StockOfferSchema)) },
};

const getSchema = {
  operationId: "getStock",
  tags: ["Stock"],
  title: { en: "Read an offer of a platform's own stock", zh: "查询平台自有商品" },
  params: strictObject({ id: ref(StockId) }),
  response: { 200: ref(StockOfferSchema), 304: Type.Null() },
};

const config = { access: { scope: "market:read", users: true } } as const;

export function getStockRoutes(v1: V1App, services: Services): void {
  v1.get("/stock", { schema: listSchema, config }, async (request) => {
    const caller = callerOf(request);
    const { platform = caller.platform, onSale = false, ...page } = request.query;
    const { cursor, limit = PAGE_SIZE_DEFAULT, ...unread } = page;
    unread satisfies NothingElse;
    const listing = ["stock", platform, onSale];
    const position = decodeCursor(listing, cursor, { id: "text" });
    const isOwn = isSeller(caller, { platform });
    if (!(await isSelling(services, caller, platform))) return toPage([], [], () => "");
    const filter = {
      platform,
      own: isOwn || platform === caller.platform,
      onSale: onSale || !isOwn,
    };
    const after = { after: position?.id, limit: limit + 1 };
    const rows = await listStockOffers(services.db, filter, after);
    const shown = rows.slice(0, limit).map((row) => toStockOffer(describeOffer(row), row));
    return toPage(rows, shown, ({ id }) => encodeCursor(listing, { id }));
  });

  v1.get("/stock/:id", { schema: getSchema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const offer = await requireStockOffer(services, request.params.id);
    const isShown = isVisible(caller, offer) && (await isSelling(services, caller, offer.platform));
    if (!isShown) throw new NewDayError("item_not_found", { field: "id" });
    const described = describeOffer(offer);
    if (answersNotModified(request, reply, stockEtag(described))) return reply.code(304).send(null);
    return toStockOffer(described, offer);
  });
}

function isVisible(caller: Caller, offer: StockOffer): boolean {
  return (
    isSeller(caller, offer) || (offer.status === "active" && isForUsersOf(offer, caller.platform))
  );
}

/** False for a platform that operators have suspended; they alone still see its offers. */
async function isSelling({ platforms }: Services, caller: Caller, name: string): Promise<boolean> {
  return isOperator(caller) || (await platforms.find(name))?.status !== "suspended";
}

function isSeller(caller: Caller, { platform }: Pick<StockOffer, "platform">): boolean {
  return caller.kind === "key" && (caller.operator || caller.platform === platform);
}
