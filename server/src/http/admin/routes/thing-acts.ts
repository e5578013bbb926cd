/** `/api/admin`: refunds, cancelled listings, and what operators take from users and give back. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { cancelListingAct } from "../../../operators/acts/cancel-listing-act.ts";
import { confiscateAct, CONFISCATED_ITEMS_MAX } from "../../../operators/acts/confiscate.ts";
import { listConfiscations } from "../../../operators/acts/confiscation-rows.ts";
import { giveBackAct } from "../../../operators/acts/give-back.ts";
import { performAct } from "../../../operators/acts/perform-act.ts";
import { refundAct } from "../../../operators/acts/refund-act.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toPage } from "../../v1/replies/page.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import { PolicyReason } from "../../v1/schemas/schemas-policies.ts";
import {
  Amount,
  CurrencyCodeSchema,
  dryRunQuery,
  Id,
  oneOf,
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
  UserId,
} from "../../v1/schemas/schemas.ts";
import { actContextOf } from "../app/operator-of-request.ts";
import { answerAct } from "../app/replies.ts";
import { actReplies, ConfiscationSchema } from "../app/schemas-admin.ts";

const shared = { tags: ["Acts on users"], querystring: dryRunQuery, response: actReplies };
const byId = strictObject({ id: ref(Id) });
const thingId = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: "^[\\x21-\\x7e]+$",
  description: "1 to 255 printable ASCII characters without blanks",
});
const viewers = { operators: { role: "viewer" } } as const;
const support = { operators: { role: "support" }, writes: true, dryRun: true } as const;
const economists = { operators: { role: "economist" }, writes: true, dryRun: true } as const;

const refundSchema = {
  ...shared,
  operationId: "postPurchaseRefund",
  title: { en: "Refund a purchase", zh: "购买退款" },
  description:
    "Price, commission and goods go back in one posting, at any time and despite freezes. Without `quantity`: all " +
    "that is left. The price counts against what the operator may move alone.",
  params: byId,
  body: strictObject({
    quantity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
    ifItemGone: Type.Optional(
      oneOf(["refuse", "money_only"], { description: "refuse unless given" }),
    ),
    reason: ref(PolicyReason),
  }),
};

const cancelSchema = {
  ...shared,
  operationId: "postListingCancellation",
  title: { en: "Cancel a user's listing", zh: "取消用户的上架" },
  description: "The item is back in the seller's hands, also of a frozen one.",
  params: strictObject({ id: thingId }),
  body: strictObject({ reason: ref(PolicyReason) }),
};

const confiscateSchema = {
  ...shared,
  operationId: "postUserConfiscation",
  title: { en: "Confiscate items or coins", zh: "没收道具或货币" },
  description:
    "They move into a holding place, `system:newday:escrow`, with their history, and can go back. Always needs a " +
    "second person. What is listed is refused by name: cancel the listing first.",
  params: strictObject({ userId: ref(UserId) }),
  body: strictObject({
    items: Type.Optional(
      Type.Array(thingId, {
        minItems: 1,
        maxItems: CONFISCATED_ITEMS_MAX,
        description: `ids of 1 to ${CONFISCATED_ITEMS_MAX} items, whole stacks`,
      }),
    ),
    currency: Type.Optional(ref(CurrencyCodeSchema)),
    amount: Type.Optional(ref(Amount)),
    reason: ref(PolicyReason),
  }),
};

const returnSchema = {
  ...shared,
  operationId: "postConfiscationReturn",
  title: { en: "Give back what was confiscated", zh: "归还没收的物品" },
  description:
    "To the user whom it was taken from, as a whole; locked coins and items are locked again.",
  params: byId,
  body: strictObject({ reason: ref(PolicyReason) }),
};

const listSchema = {
  operationId: "listConfiscations",
  tags: ["Acts on users"],
  title: { en: "List what was confiscated", zh: "列出没收记录" },
  description: "Newest first; of one user where it is given.",
  querystring: strictObject({ ...pageQuery, userId: Type.Optional(ref(UserId)) }),
  response: { 200: pageOf(ref(ConfiscationSchema)) },
};

export function thingActRoutes(admin: V1App, services: Services): void {
  admin.post(
    "/purchases/:id/refunds",
    { schema: refundSchema, config: support },
    async (request, reply) => {
      const { quantity, ifItemGone = "refuse", reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const context = await actContextOf(services, request);
      const wanted = {
        transferId: request.params.id,
        quantity: quantity === undefined ? null : `${quantity}`,
        ifItemGone,
        reason,
      };
      return answerAct(reply, await performAct(services, context, refundAct, wanted));
    },
  );
  admin.post(
    "/listings/:id/cancellation",
    { schema: cancelSchema, config: support },
    async (request, reply) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const context = await actContextOf(services, request);
      const wanted = { listingId: request.params.id, reason };
      return answerAct(reply, await performAct(services, context, cancelListingAct, wanted));
    },
  );
  addConfiscations(admin, services);
}

function addConfiscations(admin: V1App, services: Services): void {
  const { db, directory } = services;
  admin.post(
    "/users/:userId/confiscations",
    { schema: confiscateSchema, config: economists },
    async (request, reply) => {
      const { items = [], currency = null, amount = null, reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const context = await actContextOf(services, request);
      const wanted = { ...request.params, items, currency, amount, reason };
      return answerAct(reply, await performAct(services, context, confiscateAct, wanted));
    },
  );
  admin.post(
    "/confiscations/:id/return",
    { schema: returnSchema, config: economists },
    async (request, reply) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const context = await actContextOf(services, request);
      const wanted = { ...request.params, reason };
      return answerAct(reply, await performAct(services, context, giveBackAct, wanted));
    },
  );
  admin.get("/confiscations", { schema: listSchema, config: viewers }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, userId } = request.query;
    const listing = { confiscations: { userId } };
    const position = decodeCursor(listing, cursor, { at: "number", id: "uuid" });
    const wallet = userId === undefined ? null : await directory.walletNumber(userId);
    const before = position && { at: new Date(Number(position.at)), id: position.id };
    const rows = await listConfiscations(db, { wallet, before, limit: limit + 1 });
    const shown = rows.slice(0, limit).map((row) => ({
      id: row.id,
      userId: row.userId,
      currency: row.currency,
      amount: `${row.amount}`,
      items: row.items.map(({ id }) => id),
      takenAt: row.takenAt.toISOString(),
      returnedAt: row.returnedAt?.toISOString() ?? null,
    }));
    return toPage(rows, shown, ({ id, takenAt }) =>
      encodeCursor(listing, { at: `${takenAt.getTime()}`, id }),
    );
  });
}
