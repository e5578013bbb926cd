/** `POST /api/v1/items/{id}/gifts`, `/exports` and `/returns`: an item changes hands or leaves. */
import { exportItem, giveItem, returnItem } from "../../../items/gifts/move-item.ts";
import type { Item } from "../../../items/items/item-queries.ts";
import { requireReachableItem, toItemMove } from "../replies/item-reply.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { requirePeer } from "../app/authorization-scope.ts";
import { ItemId, ItemMove, Quantity } from "../schemas/schemas-items.ts";
import { postingOptions, ref, strictObject, UserId } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const shared = {
  tags: ["Items"],
  params: strictObject({ id: ref(ItemId) }),
  response: { 201: ref(ItemMove) },
};
const quantity = Type.Optional(ref(Quantity));

const giftSchema = {
  ...shared,
  operationId: "postItemGift",
  title: { en: "Give an item to another user", zh: "赠送道具" },
  description: "All of it, or a part of a stack, which becomes an item of its own.",
  body: strictObject({ to: ref(UserId), quantity, ...postingOptions }),
};

const exportSchema = {
  ...shared,
  operationId: "postItemExport",
  title: { en: "Take an item out of New Day", zh: "导出道具" },
  description: "The item stays on record as exported, and can be returned.",
  body: strictObject({
    platform: Type.String({
      pattern: "^[a-z][a-z0-9-]{0,31}$",
      description: "the platform that it goes to, in lower case",
    }),
    quantity,
    ...postingOptions,
  }),
};

const returnSchema = {
  ...shared,
  operationId: "postItemReturn",
  title: { en: "Bring an exported item back", zh: "退回已导出的道具" },
  body: strictObject(postingOptions),
};

const config = { access: { scope: "items:write", users: true }, writes: true } as const;

export function postItemMoveRoutes(v1: V1App, services: Services): void {
  v1.post("/items/:id/gifts", { schema: giftSchema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { to, quantity: part, ...options } = request.body;
    const resolve = async () => {
      const item = await requireReachableItem(services, caller, request.params.id);
      const recipient = await requirePeer(services.directory, caller, to, "to");
      return {
        ...leaving(item, part),
        recipientId: recipient.userId,
        unsolicited: caller.kind === "user",
      };
    };
    const outcome = await giveItem(services, resolve, termsFor(request, options));
    return toItemMove(services, answerPosted({ request, reply }, outcome));
  });

  v1.post("/items/:id/exports", { schema: exportSchema, config }, async (request, reply) => {
    const { platform, quantity: part, ...options } = request.body;
    const resolve = async () => {
      const item = await requireReachableItem(services, callerOf(request), request.params.id);
      return { ...leaving(item, part), platform };
    };
    const outcome = await exportItem(services, resolve, termsFor(request, options));
    return toItemMove(services, answerPosted({ request, reply }, outcome));
  });

  v1.post("/items/:id/returns", { schema: returnSchema, config }, async (request, reply) => {
    const resolve = async () => {
      const item = await requireReachableItem(services, callerOf(request), request.params.id);
      return { userId: item.ownerId, itemId: item.id };
    };
    const outcome = await returnItem(services, resolve, termsFor(request, request.body));
    return toItemMove(services, answerPosted({ request, reply }, outcome));
  });
}

function leaving({ id: itemId, ownerId: userId, quantity }: Item, part: number | undefined) {
  return { itemId, userId, quantity: part === undefined ? quantity : BigInt(part) };
}
