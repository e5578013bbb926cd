/** `POST /api/v1/items/{id}/gifts`, `/exports` and `/returns`: an item changes hands or leaves. */
import { uuidv7 } from "uuidv7";
import { Type } from "typebox";
import { returnItemOperation } from "../../../items/items/return-item-operation.ts";
import { transferItemOperation } from "../../../items/gifts/transfer-item-operation.ts";
import { operationFor } from "../request/post-operation.ts";
import { moveItem, requireReachableItem } from "../replies/item-reply.ts";
import { requirePeer } from "../app/reach.ts";
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
  summary: "Give an item to another user",
  description: "All of it, or a part of a stack, which becomes an item of its own.",
  body: strictObject({ to: ref(UserId), quantity, ...postingOptions }),
};

const exportSchema = {
  ...shared,
  operationId: "postItemExport",
  summary: "Take an item out of New Day",
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
  summary: "Bring an exported item back",
  body: strictObject(postingOptions),
};

const config = { access: { scope: "items:write", users: true }, writes: true } as const;

export function postItemMoveRoutes(v1: V1App, services: Services): void {
  v1.post("/items/:id/gifts", { schema: giftSchema, config }, (request, reply) =>
    moveItem(services, { request, reply }, transferItemOperation, async () => {
      const caller = callerOf(request);
      const { to, quantity: wanted, ...options } = request.body;
      const item = await requireReachableItem(services, caller, request.params.id);
      const peer = await requirePeer(services.directory, caller, to, "to");
      const payload = leaving(item, wanted, { user: peer.userId });
      return operationFor(request, transferItemOperation, payload, options);
    }),
  );

  v1.post("/items/:id/exports", { schema: exportSchema, config }, (request, reply) =>
    moveItem(services, { request, reply }, transferItemOperation, async () => {
      const { platform, quantity: wanted, ...options } = request.body;
      const item = await requireReachableItem(services, callerOf(request), request.params.id);
      const payload = leaving(item, wanted, { platform });
      return operationFor(request, transferItemOperation, payload, options);
    }),
  );

  v1.post("/items/:id/returns", { schema: returnSchema, config }, (request, reply) =>
    moveItem(services, { request, reply }, returnItemOperation, async () => {
      const item = await requireReachableItem(services, callerOf(request), request.params.id);
      const payload = { userId: item.ownerId, itemId: item.id };
      return operationFor(request, returnItemOperation, payload, request.body);
    }),
  );
}

function leaving(
  item: { readonly id: string; readonly ownerId: string; readonly quantity: bigint },
  wanted: number | undefined,
  to: { user: string } | { platform: string },
) {
  const moved = wanted === undefined ? item.quantity : BigInt(wanted);
  const newItemId = `inv-${uuidv7()}`;
  return { userId: item.ownerId, itemId: item.id, newItemId, quantity: moved, to, keyed: true };
}
