/** `/api/admin/stock`: what platforms sell of their own, put up for sale and changed by operators. */
import { Type, type Static } from "typebox";
import { defineItem, definitionIdOf } from "../../../items/items/definitions.ts";
import { createLabelReader } from "../../../items/labels/label-reader.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { describeOffer } from "../../../market/stock/describe-offer.ts";
import { listStockOffers } from "../../../market/stock/stock-queries.ts";
import { performAct } from "../../../operators/acts/perform-act.ts";
import { addStockAct, setStockAct, type WrittenTerms } from "../../../operators/acts/stock-acts.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toPage } from "../../v1/replies/page.ts";
import { toStockOffer } from "../../v1/replies/stock-reply.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import { readFacts } from "../../v1/request/read-facts.ts";
import {
  readStockPrice,
  readStockTerms,
  type GivenStockTerms,
} from "../../v1/request/read-stock.ts";
import { newFacts } from "../../v1/schemas/schemas-items.ts";
import { PlatformName, PolicyReason } from "../../v1/schemas/schemas-policies.ts";
import {
  StockId,
  StockOfferSchema,
  StockStatusSchema,
  stockTerms,
  UnitPrice,
} from "../../v1/schemas/schemas-stock.ts";
import {
  dryRunQuery,
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
} from "../../v1/schemas/schemas.ts";
import { changesFor } from "../app/answer-setting.ts";
import { actContextOf } from "../app/operator-of-request.ts";
import { answerAct } from "../app/replies.ts";
import { actReplies } from "../app/schemas-admin.ts";

const tags = ["Stock"];
const viewers = { operators: { role: "viewer" } } as const;
const economists = changesFor("economist");
const changed = { tags, querystring: dryRunQuery, response: actReplies };

const listSchema = {
  operationId: "listStockAsOperator",
  tags,
  title: { en: "List what a platform sells of its own", zh: "列出平台自有商品" },
  description: "Every offer of the platform, newest first.",
  querystring: strictObject({ platform: PlatformName, ...pageQuery }),
  response: { 200: pageOf(ref(StockOfferSchema)) },
};

const addSchema = {
  ...changed,
  operationId: "postStockAsOperator",
  title: { en: "Put an item of a platform up for sale", zh: "上架平台自有商品" },
  description: "As `POST /api/v1/stock`, for any platform; the shop of the game is `newday`'s.",
  body: strictObject({
    platform: PlatformName,
    item: strictObject(newFacts),
    price: UnitPrice,
    ...stockTerms,
    reason: ref(PolicyReason),
  }),
};

const setSchema = {
  ...changed,
  operationId: "patchStockAsOperator",
  title: { en: "Change, pause or end an offer", zh: "修改、暂停或结束销售" },
  description: "As `PATCH /api/v1/stock/{id}`; `version` is the one that was seen.",
  params: strictObject({ id: ref(StockId) }),
  body: strictObject({
    version: Type.Optional(
      Type.String({
        pattern: "^[1-9][0-9]{0,17}$",
        description: "the offer's version, 1 to 18 digits; another one refuses",
      }),
    ),
    price: Type.Optional(UnitPrice),
    ...stockTerms,
    status: Type.Optional(StockStatusSchema),
    reason: ref(PolicyReason),
  }),
};

export function stockRoutes(admin: V1App, services: Services): void {
  const { db, platforms } = services;
  admin.get("/stock", { schema: listSchema, config: viewers }, async (request) => {
    const { platform, limit = PAGE_SIZE_DEFAULT, cursor, ...unread } = request.query;
    unread satisfies NothingElse;
    const listing = ["stock of", platform];
    const after = decodeCursor(listing, cursor, { id: "text" })?.id;
    const filter = { platform, own: true, onSale: false };
    const rows = await listStockOffers(db, filter, { after, limit: limit + 1 });
    const shown = rows.slice(0, limit).map((row) => toStockOffer(describeOffer(row), row));
    return toPage(rows, shown, ({ id }) => encodeCursor(listing, { id }));
  });
  admin.post("/stock", { schema: addSchema, config: economists }, async (request, reply) => {
    const { platform, item, price, reason, ...given } = request.body;
    await platforms.requirePlatform(platform, "platform");
    const facts = await readFacts(createLabelReader(db, platform), item, "item.");
    const context = await actContextOf(services, request);
    // A preview stores nothing, and the id follows from the facts.
    const definitionId = context.dryRun ? definitionIdOf(facts) : await defineItem(db, facts);
    const priced = await writtenPrice(services, price);
    const terms = { ...AT_FIRST, ...priced, ...writtenTerms(given) };
    const wanted = { platform, definitionId, terms, reason };
    return answerAct(reply, await performAct(services, context, addStockAct, wanted));
  });
  admin.patch("/stock/:id", { schema: setSchema, config: economists }, async (request, reply) => {
    const { version = null, price, status, reason, ...given } = request.body;
    const terms = {
      ...(price && (await writtenPrice(services, price))),
      ...writtenTerms(given),
      ...(status !== undefined && { status }),
    };
    const context = await actContextOf(services, request);
    const wanted = { offerId: request.params.id, expectedVersion: version, terms, reason };
    return answerAct(reply, await performAct(services, context, setStockAct, wanted));
  });
}

/** The terms of an offer that names none. */
const AT_FIRST: Omit<WrittenTerms, "currency" | "price"> = {
  stock: null,
  perUserLimit: null,
  perDayLimit: null,
  buyers: "platform",
  startsAt: null,
  endsAt: null,
};

/** Errors: those of `readStockPrice`. */
async function writtenPrice(services: Services, sent: Static<typeof UnitPrice>) {
  const { currency, price } = await readStockPrice(services, sent);
  return { currency, price: `${price}` };
}

/** The given terms as JSON. Errors: `invalid_field` for an impossible time. */
function writtenTerms(given: GivenStockTerms): Partial<Omit<WrittenTerms, "currency" | "price">> {
  const { startsAt, endsAt, stock, perUserLimit, perDayLimit, ...more } = readStockTerms(given);
  const { buyers, ...unread } = more;
  unread satisfies NothingElse;
  return {
    ...(stock !== undefined && { stock: numberOf(stock) }),
    ...(perUserLimit !== undefined && { perUserLimit: numberOf(perUserLimit) }),
    ...(perDayLimit !== undefined && { perDayLimit: numberOf(perDayLimit) }),
    ...(buyers !== undefined && { buyers }),
    ...(startsAt !== undefined && { startsAt: startsAt?.toISOString() ?? null }),
    ...(endsAt !== undefined && { endsAt: endsAt?.toISOString() ?? null }),
  };
}

function numberOf(pieces: bigint | null): number | null {
  return pieces === null ? null : Number(pieces);
}
