/** `POST /api/v1/items/grants` and `/items/grants/bulk`: creates items in users' hands. */
import {
  grantItem,
  prepareGrant,
  type Grant as ItemGrant,
} from "../../../items/items/grant-item.ts";
import { grantItemOperation } from "../../../items/items/grant-item-operation.ts";
import type { OperationTerms } from "../../../engine/operation.ts";
import type { Caller } from "../app/caller.ts";
import { toItemMove } from "../replies/item-reply.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { Type, type Static } from "typebox";
import { NAME_LENGTH_MAX } from "../../../items/items/item-fields.ts";
import { createLabelReader, type LabelReader } from "../../../items/labels/label-reader.ts";
import { readFacts } from "../request/read-facts.ts";
import { BULK_MAX, BULK_OPTIONS, postBulk, type Place } from "../request/post-bulk.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { BulkResult } from "../schemas/schemas-bulk.ts";
import { FieldsSchema } from "../schemas/schemas-item-types.ts";
import { ItemMove, newFacts, Quantity, StatsSchema } from "../schemas/schemas-items.ts";
import { oneOf, postingOptions, ref, strictObject, UserId } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

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
  fields: Type.Optional(ref(FieldsSchema)),
  stats: Type.Optional(ref(StatsSchema)),
  icon: Type.Optional(Type.String()),
  imageUrl: Type.Optional(Type.String({ description: "an https address" })),
});

const oneSchema = {
  operationId: "postItemGrant",
  tags: ["Items"],
  title: { en: "Create an item in a user's hands", zh: "发放道具" },
  body: Grant,
  response: { 201: ref(ItemMove) },
};

const bulkSchema = {
  operationId: "postItemGrantBulk",
  tags: ["Items"],
  title: { en: "Create many items in one request", zh: "批量发放道具" },
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
    const caller = callerOf(request);
    const labels = createLabelReader(services.db, caller.platform);
    const resolve = () => toGrant({ services, caller, labels }, grant, "");
    const outcome = await grantItem(services, resolve, termsFor(request, options));
    return toItemMove(services, answerPosted({ request, reply }, outcome));
  });

  const bulkOptions = { schema: bulkSchema, config, ...BULK_OPTIONS };
  v1.post("/items/grants/bulk", bulkOptions, async (request, reply) => {
    const { mode, grants, ...unread } = request.body;
    unread satisfies NothingElse;
    const caller = callerOf(request);
    const labels = createLabelReader(services.db, caller.platform);
    const termsOf = (item: Static<typeof GrantOfBulk>, { part }: Place) =>
      termsFor(request, { ...splitOptions(item).options, part });
    const prepare = async (
      item: Static<typeof GrantOfBulk>,
      { prefix }: Place,
      terms: OperationTerms,
    ) => {
      const { grant } = splitOptions(item);
      const granted = await toGrant({ services, caller, labels }, grant, prefix);
      return prepareGrant(services.db, granted, terms);
    };
    const type = grantItemOperation;
    const bulk = { mode, items: grants, field: "grants", type, termsOf, prepare };
    return postBulk(services, { request, reply }, bulk);
  });
}

function splitOptions(item: Static<typeof GrantOfBulk>) {
  const { userId, quantity, name, description, type, rarity, ...more } = item;
  const { fields, stats, icon, imageUrl, ...options } = more;
  const facts = { name, description, type, rarity, fields, stats, icon, imageUrl };
  return { grant: { userId, quantity, facts }, options };
}

interface Granting {
  readonly services: Services;
  readonly caller: Caller;
  readonly labels: LabelReader;
}

/** `prefix` names the grant's place in the body. */
async function toGrant(
  { services, caller, labels }: Granting,
  { userId, quantity = 1, facts }: ReturnType<typeof splitOptions>["grant"],
  prefix: string,
): Promise<ItemGrant> {
  const owner = await requireWallet(services.directory, caller, userId, `${prefix}userId`);
  return {
    ownerId: owner.userId,
    facts: await readFacts(labels, facts, prefix),
    quantity,
    platform: caller.platform,
  };
}
