/** Recipes as /api/v1 shows them. */
import type { Static } from "typebox";
import type { Recipe } from "../../../items/recipes/recipe-queries.ts";
import type { RecipeSchema } from "../schemas/schemas-items.ts";

export function toRecipe(row: Recipe): Static<typeof RecipeSchema> {
  const { id, version, platform, name, inputs, prices, outputs } = row;
  return {
    id,
    version: `${version}`,
    platform,
    name,
    inputs: [...inputs],
    prices: { ...prices },
    outputs: [...outputs],
  };
}
