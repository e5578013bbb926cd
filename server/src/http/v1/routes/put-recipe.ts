/** `PUT /api/v1/recipes/{id}`: a recipe of the caller's platform. */
import { Type, type Static } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { ensureDefinition } from "../../../items/items/definitions.ts";
import {
  readDescription, readIcon, readImageUrl, readStats, requireName,
} from "../../../items/items/item-fields.ts"; // prettier-ignore
import { findDefinition } from "../../../items/items/item-queries.ts";
import { ICONS } from "../../../items/items/item-vocabulary.ts";
import {
  findRecipe,
  insertRecipe,
  type Ingredient,
} from "../../../items/recipes/recipe-queries.ts";
import { fingerprintOf } from "../../../engine/identifiers.ts";
import { readPrices } from "../request/read-prices.ts";
import { toRecipe } from "../replies/recipe-reply.ts";
import { ItemType, Prices, Quantity, Rarity, Recipe, Stats } from "../schemas/schemas-items.ts";
import { Id, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

/** More ingredients than any game has asked for; each is a row to lock. */
const INGREDIENTS_MAX = 20;
/** Each lost attempt is another request's success; so many at once on one recipe are a mistake. */
const ATTEMPTS_MAX = 20;

const Made = strictObject({
  name: Type.String({ description: "1 to 255 characters without markup" }),
  description: Type.Optional(Type.String()),
  type: ref(ItemType),
  rarity: Type.Optional(ref(Rarity)),
  stats: Type.Optional(ref(Stats)),
  icon: Type.Optional(Type.String()),
  imageUrl: Type.Optional(Type.String()),
});

const schema = {
  operationId: "putRecipe",
  tags: ["Recipes"],
  summary: "Define a recipe",
  description:
    "Inputs name definitions (`definitionId` of an item); outputs say what is made. The same text " +
    "again changes nothing; another one is a new version.",
  params: strictObject({ id: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,63}$" }) }),
  body: strictObject({
    name: Type.String({ description: "1 to 255 characters without markup" }),
    inputs: Type.Array(strictObject({ definitionId: ref(Id), quantity: ref(Quantity) }), {
      maxItems: INGREDIENTS_MAX,
    }),
    prices: Type.Optional(ref(Prices)),
    outputs: Type.Array(strictObject({ item: Made, quantity: ref(Quantity) }), {
      minItems: 1,
      maxItems: INGREDIENTS_MAX,
    }),
  }),
  response: { 200: ref(Recipe), 201: ref(Recipe) },
};

const config = { access: { scope: "items:grant", users: false } } as const;

export function putRecipeRoute(v1: V1App, services: Services): void {
  v1.put("/recipes/:id", { schema, config }, async (request, reply) => {
    const { name, inputs, prices = {}, outputs } = request.body;
    const { db } = services;
    const { platform } = callerOf(request);
    await requireInputs(services, inputs);
    await readPrices(services.directory, prices);
    const text = {
      name: requireName(name),
      inputs,
      prices,
      outputs: await Promise.all(
        outputs.map((output, index) => toIngredient(services, output, `outputs.${index}.item.`)),
      ),
    };
    // After losing a version to another request, compare again: it may hold the same text.
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const current = await findRecipe(db, platform, request.params.id);
      if (current && textOf(current) === textOf(text)) return toRecipe(current);
      const version = (current?.version ?? 0n) + 1n;
      const recipe = { platform, id: request.params.id, version, ...text };
      if (!(await insertRecipe(db, recipe))) continue;
      void reply.code(201);
      return toRecipe(recipe);
    }
    throw new NewDayError("database_busy");
  });
}

function textOf({
  name,
  inputs,
  prices,
  outputs,
}: Omit<Parameters<typeof toRecipe>[0], "id" | "version" | "platform">) {
  return fingerprintOf({ name, inputs, prices, outputs });
}

async function requireInputs({ db }: Services, inputs: readonly Ingredient[]): Promise<void> {
  const ids = inputs.map(({ definitionId }) => definitionId);
  if (new Set(ids).size !== ids.length)
    throw new NewDayError("invalid_field", {
      field: "inputs",
      rule: "name a definition once",
      ruleZh: "每个定义只能出现一次",
    });
  for (const [index, id] of ids.entries())
    if (!(await findDefinition(db, id)))
      throw new NewDayError("invalid_field", {
        field: `inputs.${index}.definitionId`,
        rule: "is not a definition of any item",
        ruleZh: "不是任何道具的定义",
      });
}

async function toIngredient(
  { db }: Services,
  { item, quantity }: { item: Static<typeof Made>; quantity: number },
  prefix: string,
): Promise<Ingredient> {
  const definitionId = await ensureDefinition(db, {
    name: requireName(item.name, `${prefix}name`),
    description: readDescription(item.description, `${prefix}description`),
    itemType: item.type,
    rarity: item.rarity ?? "common",
    stats: readStats(item.stats, `${prefix}stats`),
    icon: readIcon(item.icon, `${prefix}icon`) ?? ICONS[item.type],
    imageUrl: readImageUrl(item.imageUrl, `${prefix}imageUrl`),
  });
  return { definitionId, quantity };
}
