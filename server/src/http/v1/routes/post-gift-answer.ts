/** `POST /api/v1/items/{id}/accept` and `/decline`: the receiver's answer to a gift. */
import { answerGift } from "../../../items/gifts/move-item.ts";
import { requireReachableItem, toItemMove } from "../replies/item-reply.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { ItemId, ItemMove } from "../schemas/schemas-items.ts";
import { postingOptions, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const shared = {
  tags: ["Items"],
  params: strictObject({ id: ref(ItemId) }),
  body: strictObject(postingOptions),
  response: { 201: ref(ItemMove) },
};

const schemas = {
  accept: {
    ...shared,
    operationId: "postGiftAccept",
    title: { en: "Accept a gift", zh: "接受赠送" },
    description: "It no longer counts among the gifts that wait for the receiver's acceptance.",
  },
  decline: {
    ...shared,
    operationId: "postGiftDecline",
    title: { en: "Decline a gift", zh: "拒绝赠送" },
    description: "It goes back to its giver, whole, as long as the receiver has not acted on it.",
  },
};

const config = { access: { scope: "items:write", users: true }, writes: true } as const;

export function postGiftAnswerRoutes(v1: V1App, services: Services): void {
  for (const answer of ["accept", "decline"] as const)
    v1.post(`/items/:id/${answer}`, { schema: schemas[answer], config }, async (request, reply) => {
      const resolve = async () => {
        const item = await requireReachableItem(services, callerOf(request), request.params.id);
        return { userId: item.ownerId, itemId: item.id, answer };
      };
      const outcome = await answerGift(services, resolve, termsFor(request, request.body));
      return toItemMove(services, answerPosted({ request, reply }, outcome));
    });
}
