/** `POST /api/v1/items/grants` and `/items/grants/bulk`: creates items in users' hands. */
import type { FastifyRequest } from "fastify";
import { uuidv7 } from "uuidv7";
import { Type, type Static } from "typebox";
import { ensureDefinition } from "../../../items/items/definitions.ts";
import {
  readDescription, readIcon, readImageUrl, readStats, requireName,
} from "../../../items/items/item-fields.ts"; // prettier-ignore
import {
  grantItemOperation,
  type GrantItemResult,
} from "../../../items/items/grant-item-operation.ts";
import type { Operation } from "../../../engine/operation.ts";
import { ICONS } from "../../../items/items/item-vocabulary.ts";
import { moveItem } from "../replies/item-reply.ts";
import { BULK_BYTES_MAX, BULK_MAX, postBulk, type Place } from "../request/post-bulk.ts";
import { operationFor } from "../request/post-operation.ts";
import { requireWallet } from "../app/reach.ts";
import { BulkResult } from "../schemas/schemas-bulk.ts";
import { ItemMove, ItemType, Quantity, Rarity, Stats } from "../schemas/schemas-items.ts";
import { oneOf, postingOptions, ref, strictObject, UserId } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const Grant = strictObject({
  userId: ref(UserId),
  name: Type.String({ description: "1 to 255 characters without markup" }),
  description: Type.Optional(Type.String()),
  type: ref(ItemType),
  rarity: Type.Optional(ref(Rarity)),
  stats: Type.Optional(ref(Stats)),
  icon: Type.Optional(Type.String()),
  imageUrl: Type.Optional(Type.String({ description: "an https address" })),
  quantity: Type.Optional(ref(Quantity)),
  ...postingOptions,
});

const oneSchema = {
  operationId: "postItemGrant",
  tags: ["Items"],
  summary: "Create an item in a user's hands",
  body: Grant,
  response: { 201: ref(ItemMove) },
};

const bulkSchema = {
  operationId: "postItemGrantBulk",
  tags: ["Items"],
  summary: "Create many items in one request",
  description: "Each result is a transfer whose `result.itemId` names the item.",
  body: strictObject({
    mode: oneOf(["atomic", "independent"]),
    grants: Type.Array(Grant, {
      minItems: 1,
      maxItems: BULK_MAX,
      description: `an array of 1 to ${BULK_MAX} grants`,
    }),
  }),
  response: { 200: ref(BulkResult) },
};

const config = { access: { scope: "items:grant", users: false }, writes: true } as const;

export function postItemGrantRoutes(v1: V1App, services: Services): void {
  v1.post("/items/grants", { schema: oneSchema, config }, async (request, reply) => {
    return moveItem(services, { request, reply }, grantItemOperation, () =>
      toOperation(services, request, request.body, { prefix: "" }),
    );
  });

  const options = { schema: bulkSchema, config, bodyLimit: BULK_BYTES_MAX };
  v1.post("/items/grants/bulk", options, async (request, reply) => {
    const { mode, grants } = request.body;
    const prepare = (grant: Static<typeof Grant>, place: Place) =>
      toOperation(services, request, grant, place);
    const bulk = { mode, items: grants, field: "grants", prepare };
    return postBulk(services, { request, reply }, bulk);
  });
}

async function toOperation(
  { db, directory }: Services,
  request: FastifyRequest,
  grant: Static<typeof Grant>,
  { prefix, part }: Partial<Place> & Pick<Place, "prefix">,
): Promise<Operation<GrantItemResult>> {
  const {
    userId, name, description, type, rarity, stats, icon, imageUrl, quantity = 1, ...options
  } = grant; // prettier-ignore
  const caller = callerOf(request);
  const { userId: ownerId } = await requireWallet(directory, caller, userId, `${prefix}userId`);
  const definitionId = await ensureDefinition(db, {
    name: requireName(name, `${prefix}name`),
    description: readDescription(description, `${prefix}description`),
    itemType: type,
    rarity: rarity ?? "common",
    stats: readStats(stats, `${prefix}stats`),
    icon: readIcon(icon, `${prefix}icon`) ?? ICONS[type],
    imageUrl: readImageUrl(imageUrl, `${prefix}imageUrl`),
  });
  const item = {
    id: `inv-${uuidv7()}`,
    ownerId,
    definitionId,
    quantity: BigInt(quantity),
    obtainedFrom: "grant",
    source: caller.platform,
  };
  return operationFor(request, grantItemOperation, { item }, { ...options, part });
}
