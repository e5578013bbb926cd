/** `POST /api/v1/recipes/{id}/crafts`: items and money in, items out, in one posting. */
import type { CraftPart } from "../../../items/recipes/craft-operation.ts";
import { craftItem } from "../../../items/recipes/craft-item.ts";
import { answerPosted, isDryRun, postingFor, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { requireWallet } from "../app/authorization-scope.ts";
import { CraftSchema, ItemId } from "../schemas/schemas-items.ts";
import { dryRunQuery, postingOptions, ref, strictObject, UserId } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

/** Enough to empty a bag at once, little enough for one posting. */
const TIMES_MAX = 100;

const schema = {
  operationId: "postCraft",
  tags: ["Recipes"],
  title: { en: "Make something by a recipe", zh: "按配方合成" },
  description: "Uses up the user's oldest items first and pays all prices to the platform's fees.",
  params: strictObject({ id: ref(ItemId) }),
  querystring: dryRunQuery,
  body: strictObject({
    userId: ref(UserId),
    times: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: TIMES_MAX,
        description: `a whole number from 1 to ${TIMES_MAX}`,
      }),
    ),
    ...postingOptions,
  }),
  response: { 200: ref(CraftSchema), 201: ref(CraftSchema) },
};

const config = {
  access: { scope: "market:write", users: true },
  writes: true,
  dryRun: true,
} as const;

export function postCraftRoute(v1: V1App, services: Services): void {
  v1.post("/recipes/:id/crafts", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { userId, times = 1, ...options } = request.body;
    const craft = {
      platform: caller.platform,
      recipeId: request.params.id,
      times,
      findWallet: () => requireWallet(services.directory, caller, userId),
    };
    const terms = termsFor(request, options);
    const outcome = await craftItem(postingFor(services, request), craft, terms);
    const { result, transferId, recordedAt, replayed } = answerPosted({ request, reply }, outcome);
    return {
      transferId,
      used: result.used.map(toPart),
      made: result.made.map(toPart),
      recordedAt: recordedAt.toISOString(),
      replayed,
      dryRun: isDryRun(request),
    };
  });
}

function toPart({ itemId, quantity }: CraftPart) {
  return { itemId, quantity: Number(quantity) };
}
