/** `PUT /api/v1/recipes/{id}`: a recipe of the caller's platform. */
import { defineRecipe, requireInputs } from "../../../items/recipes/define-recipe.ts";
import type { Ingredient } from "../../../items/recipes/recipe-queries.ts";
import { Type, type Static } from "typebox";
import { defineItem } from "../../../items/items/definitions.ts";
import { requireName } from "../../../items/items/item-fields.ts";
import { createLabelReader, type LabelReader } from "../../../items/labels/label-reader.ts";
import { readFacts } from "../request/read-facts.ts";
import { readPrices } from "../request/read-prices.ts";
import { toRecipe } from "../replies/recipe-reply.ts";
import { PricesSchema, Quantity, newFacts, RecipeSchema } from "../schemas/schemas-items.ts";
import { Id, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

/** More ingredients than any game has asked for; each is a row to lock. */
const INGREDIENTS_MAX = 20;

const Output = strictObject({ item: strictObject(newFacts), quantity: ref(Quantity) });

const schema = {
  operationId: "putRecipe",
  tags: ["Recipes"],
  title: { en: "Define a recipe", zh: "定义配方" },
  description:
    "Inputs name definitions (`definitionId` of an item); outputs say what is made. The same text " +
    "again changes nothing; another one is a new version.",
  params: strictObject({ id: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,63}$" }) }),
  body: strictObject({
    name: newFacts.name,
    inputs: Type.Array(strictObject({ definitionId: ref(Id), quantity: ref(Quantity) }), {
      maxItems: INGREDIENTS_MAX,
    }),
    prices: Type.Optional(ref(PricesSchema)),
    outputs: Type.Array(Output, {
      minItems: 1,
      maxItems: INGREDIENTS_MAX,
    }),
  }),
  response: { 200: ref(RecipeSchema), 201: ref(RecipeSchema) },
};

const config = { access: { scope: "items:grant", users: false } } as const;

export function putRecipeRoute(v1: V1App, services: Services): void {
  v1.put("/recipes/:id", { schema, config }, async (request, reply) => {
    const { name, inputs, prices = {}, outputs, ...unread } = request.body;
    unread satisfies NothingElse;
    const { db, directory } = services;
    const { platform } = callerOf(request);
    const labels = createLabelReader(db, platform);
    await requireInputs(db, inputs);
    await readPrices(directory, prices);
    const { recipe, isNew } = await defineRecipe(db, {
      platform,
      id: request.params.id,
      name: requireName(name),
      inputs,
      prices,
      outputs: await Promise.all(
        outputs.map((output, index) =>
          toIngredient(services, labels, { output, prefix: `outputs.${index}.item.` }),
        ),
      ),
    });
    if (isNew) void reply.code(201);
    return toRecipe(recipe);
  });
}

async function toIngredient(
  { db }: Services,
  labels: LabelReader,
  {
    output: { item, quantity, ...unread },
    prefix,
  }: { output: Static<typeof Output>; prefix: string },
): Promise<Ingredient> {
  unread satisfies NothingElse;
  return { definitionId: await defineItem(db, await readFacts(labels, item, prefix)), quantity };
}
