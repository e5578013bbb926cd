/** Defines a recipe of a platform: the same text again changes nothing, another one is a new version. */
import type { Queryable } from "../../db/database.ts";
import { fingerprintOf } from "../../engine/identifiers.ts";
import { NewDayError } from "../../errors/errors.ts";
import { findDefinition } from "../items/item-queries.ts";
import { findRecipe, insertRecipe, type Ingredient, type Recipe } from "./recipe-queries.ts";

/** Each lost attempt is another request's success; so many at once on one recipe are a mistake. */
const ATTEMPTS_MAX = 20;

/** Errors: `database_busy` when other requests take every version first. */
export async function defineRecipe(
  db: Queryable,
  wanted: Omit<Recipe, "version">,
): Promise<{ readonly recipe: Recipe; readonly isNew: boolean }> {
  // After losing a version to another request, compare again: it may hold the same text.
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const current = await findRecipe(db, wanted.platform, wanted.id);
    if (current && textOf(current) === textOf(wanted)) return { recipe: current, isNew: false };
    const recipe = { ...wanted, version: (current?.version ?? 0n) + 1n };
    if (await insertRecipe(db, recipe)) return { recipe, isNew: true };
  }
  throw new NewDayError("database_busy");
}

function textOf({ name, inputs, prices, outputs }: Omit<Recipe, "version">): string {
  return fingerprintOf({ name, inputs, prices, outputs });
}

/** Errors: `invalid_field` for a definition that is named twice or unknown. */
export async function requireInputs(db: Queryable, inputs: readonly Ingredient[]): Promise<void> {
  const ids = inputs.map(({ definitionId }) => definitionId);
  if (new Set(ids).size !== ids.length)
    throw new NewDayError("invalid_field", {
      field: "inputs",
      rule: { en: "name a definition once", zh: "每个定义只能出现一次" },
    });
  for (const [index, id] of ids.entries())
    if (!(await findDefinition(db, id)))
      throw new NewDayError("invalid_field", {
        field: `inputs.${index}.definitionId`,
        rule: { en: "is not a definition of any item", zh: "不是任何道具的定义" },
      });
}
