/** `PATCH /api/v1/items/{id}`: the platform of the item's type changes its fields. */
import { changeItemFields } from "../../../items/fields/change-item-fields.ts";
import { requireReachableItem, toItemMove } from "../replies/item-reply.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { versionFrom } from "../request/if-match.ts";
import { FieldChangesSchema } from "../schemas/schemas-item-types.ts";
import { ItemId, ItemMove } from "../schemas/schemas-items.ts";
import { ifMatchHeader, postingOptions, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "patchItem",
  tags: ["Items"],
  title: { en: "Change the fields of an item", zh: "修改道具字段" },
  description:
    "For the platform that defined the item's type, while one of its users has the item in hand. Fields that are not " +
    "sent stay; null removes one. A stack changes as a whole. `If-Match` takes the ETag of the item.",
  params: strictObject({ id: ref(ItemId) }),
  headers: ifMatchHeader,
  body: strictObject({ fields: FieldChangesSchema, ...postingOptions }),
  response: { 201: ref(ItemMove) },
};

const config = { access: { scope: "items:write", users: false }, writes: true } as const;

export function patchItemRoute(v1: V1App, services: Services): void {
  v1.patch("/items/:id", { schema, config }, async (request, reply) => {
    const { fields, ...options } = request.body;
    const caller = callerOf(request);
    const ifMatch = request.headers["if-match"];
    const version = ifMatch === undefined ? null : versionFrom(ifMatch, { en: "item", zh: "道具" });
    const resolve = async () => {
      const item = await requireReachableItem(services, caller, request.params.id);
      return { item, platform: caller.platform, fields, version };
    };
    const outcome = await changeItemFields(services, resolve, termsFor(request, options));
    return toItemMove(services, answerPosted({ request, reply }, outcome));
  });
}
