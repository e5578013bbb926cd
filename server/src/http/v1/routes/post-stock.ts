/** `POST /api/v1/stock` and `PATCH /api/v1/stock/{id}`: a platform sells items of its own. */
import { Type } from "typebox";
import { defineItem } from "../../../items/items/definitions.ts";
import { createLabelReader } from "../../../items/labels/label-reader.ts";
import { changeStock, createStock } from "../../../market/stock/manage-stock.ts";
import { requireOwnStock, requireStockOffer } from "../../../market/stock/offers-of-stock.ts";
import { setStockEtag, toStockOffer } from "../replies/stock-reply.ts";
import { versionFrom } from "../request/if-match.ts";
import { readFacts } from "../request/read-facts.ts";
import { readStockPrice, readStockTerms } from "../request/read-stock.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { newFacts } from "../schemas/schemas-items.ts";
import {
  StockId,
  StockOfferSchema,
  StockStatusSchema,
  stockTerms,
  UnitPrice,
} from "../schemas/schemas-stock.ts";
import { postingOptions, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const createSchema = {
  operationId: "postStock",
  tags: ["Stock"],
  title: { en: "Sell items of the own platform", zh: "上架本平台自有商品" },
  description:
    "Each sale issues the item to its buyer, and pays the price to the platform's `fees` account. The commission comes " +
    "on top. Users buy with POST /purchases. Starter coins do not pay for it.",
  body: strictObject({
    item: strictObject(newFacts),
    price: UnitPrice,
    ...stockTerms,
    ...postingOptions,
  }),
  response: { 201: ref(StockOfferSchema) },
};

const changeSchema = {
  operationId: "patchStock",
  tags: ["Stock"],
  title: { en: "Change, pause or end an offer", zh: "修改、暂停或结束销售" },
  description:
    "Changes what the body names. `If-Match` is the ETag of the offer; sales leave it valid, another change does not. " +
    "A buyer who saw the price of before is refused with `price_changed`.",
  params: strictObject({ id: ref(StockId) }),
  headers: Type.Object({
    "if-match": Type.String({ description: "the ETag of the offer, as GET gave it, or *" }),
  }),
  body: strictObject(
    {
      price: Type.Optional(UnitPrice),
      ...stockTerms,
      status: Type.Optional(StockStatusSchema),
      ...postingOptions,
    },
    { minProperties: 1, description: "an object that names at least one change" },
  ),
  response: { 200: ref(StockOfferSchema) },
};

const config = { access: { scope: "items:grant", users: false }, writes: true } as const;

export function postStockRoutes(v1: V1App, services: Services): void {
  v1.post("/stock", { schema: createSchema, config }, async (request, reply) => {
    const { item, price, reference, metadata, effectiveAt, ...given } = request.body;
    const { platform } = callerOf(request);
    const labels = createLabelReader(services.db, platform);
    const resolve = async () => ({
      platform,
      definitionId: await defineItem(services.db, await readFacts(labels, item, "item.")),
      ...(await readStockPrice(services, price)),
      ...AT_FIRST,
      ...readStockTerms(given),
    });
    const terms = termsFor(request, { reference, metadata, effectiveAt });
    const outcome = await createStock(services, resolve, terms);
    const { result } = answerPosted({ request, reply }, outcome);
    setStockEtag(reply, result.offer);
    const facts = await requireStockOffer(services, result.offer.id);
    return toStockOffer(result.offer, facts);
  });

  v1.patch("/stock/:id", { schema: changeSchema, config }, async (request, reply) => {
    const { price, status, reference, metadata, effectiveAt, ...given } = request.body;
    const { id: offerId } = request.params;
    const { platform } = callerOf(request);
    await requireOwnStock(services, offerId, platform);
    const change = {
      offerId,
      platform,
      expectedVersion: versionFrom(request.headers["if-match"], OFFER),
      terms: {
        ...(price && (await readStockPrice(services, price))),
        ...readStockTerms(given),
        ...(status && { status }),
      },
    };
    const terms = termsFor(request, { reference, metadata, effectiveAt });
    const outcome = await changeStock(services, change, terms);
    const { result } = answerPosted({ request, reply }, outcome);
    void reply.code(200);
    setStockEtag(reply, result.offer);
    const facts = await requireStockOffer(services, result.offer.id);
    return toStockOffer(result.offer, facts);
  });
}

const OFFER = { en: "offer", zh: "商品" };

/** The terms of an offer that names none. */
const AT_FIRST = {
  stock: null,
  perUserLimit: null,
  perDayLimit: null,
  buyers: "platform",
  startsAt: null,
  endsAt: null,
} as const;
