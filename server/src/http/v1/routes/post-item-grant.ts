/** `POST /api/v1/items/grants` and `/items/grants/bulk`: creates items in users' hands. */
import {
  grantItem,
  prepareGrant,
  type Grant as ItemGrant,
} from "../../../items/items/grant-item.ts";
import type { Caller } from "../app/caller.ts";
import { toItemMove } from "../replies/item-reply.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { Type, type Static } from "typebox";
import {
  NAME_LENGTH_MAX,
  readDescription,
  readIcon,
  readImageUrl,
  readStats,
  requireName,
} from "../../../items/items/item-fields.ts";
import { ICONS } from "../../../items/items/item-vocabulary.ts";
import { BULK_MAX, BULK_OPTIONS, postBulk, type Place } from "../request/post-bulk.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { BulkResult } from "../schemas/schemas-bulk.ts";
import { ItemMove, newFacts, Quantity, StatsSchema } from "../schemas/schemas-items.ts";
import {
  oneOf,
  postingOptions,
  ref,
  strictObject,
  UserId,
  type NothingElse,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const Grant = strictObject({
  userId: ref(UserId),
  ...newFacts,
  quantity: Type.Optional(ref(Quantity)),
  ...postingOptions,
});

/**
 * One grant of a bulk. Each has an outcome of its own, so a fact of one grant must not refuse the others:
 * `item-fields.ts` checks the facts, grant by grant.
 */
const GrantOfBulk = strictObject({
  ...Grant.properties,
  name: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }),
  description: Type.Optional(Type.String()),
  stats: Type.Optional(ref(StatsSchema)),
  icon: Type.Optional(Type.String()),
  imageUrl: Type.Optional(Type.String({ description: "an https address" })),
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
    grants: Type.Array(GrantOfBulk, {
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
    const { grant, options } = splitOptions(request.body);
    const resolve = () => toGrant(services, callerOf(request), grant, "");
    const outcome = await grantItem(services, resolve, termsFor(request, options));
    return toItemMove(services, answerPosted({ request, reply }, outcome));
  });

  const bulkOptions = { schema: bulkSchema, config, ...BULK_OPTIONS };
  v1.post("/items/grants/bulk", bulkOptions, async (request, reply) => {
    const { mode, grants, ...unread } = request.body;
    unread satisfies NothingElse;
    const prepare = async (item: Static<typeof GrantOfBulk>, { prefix, part }: Place) => {
      const { grant, options } = splitOptions(item);
      const terms = termsFor(request, { ...options, part });
      const granted = await toGrant(services, callerOf(request), grant, prefix);
      return prepareGrant(services.db, granted, terms);
    };
    const bulk = { mode, items: grants, field: "grants", prepare };
    return postBulk(services, { request, reply }, bulk);
  });
}

function splitOptions(item: Static<typeof GrantOfBulk>) {
  const { userId, name, description, type, rarity, stats, icon, imageUrl, quantity, ...options } =
    item;
  const grant = { userId, name, description, type, rarity, stats, icon, imageUrl, quantity };
  return { grant, options };
}

/** `prefix` names the grant's place in the body. */
async function toGrant(
  { directory }: Services,
  caller: Caller,
  grant: ReturnType<typeof splitOptions>["grant"],
  prefix: string,
): Promise<ItemGrant> {
  const { userId, type, rarity = "common", quantity = 1 } = grant;
  const owner = await requireWallet(directory, caller, userId, `${prefix}userId`);
  return {
    ownerId: owner.userId,
    facts: {
      name: requireName(grant.name, `${prefix}name`),
      description: readDescription(grant.description, `${prefix}description`),
      itemType: type,
      rarity,
      stats: readStats(grant.stats, `${prefix}stats`),
      icon: readIcon(grant.icon, `${prefix}icon`) ?? ICONS[type],
      imageUrl: readImageUrl(grant.imageUrl, `${prefix}imageUrl`),
    },
    quantity,
    platform: caller.platform,
  };
}
