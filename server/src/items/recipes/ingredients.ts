/** The inputs and outputs of a craft: the user's stacks, oldest first. */
import { uuidv7 } from "uuidv7";
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { lacking, type CraftPayload } from "./craft-operation.ts";
import { listStacks, type Recipe, type Stack } from "./recipe-queries.ts";

/**
 * Spare stacks, for those that other requests of the user take before this one is decided. Posting
 * reads, and under contention locks, every one of them.
 */
const SPARE_STACKS = 200;

/**
 * The stacks that posting may choose from. Errors: `item_not_found` with the definition that the
 * user lacks.
 */
export async function findIngredients(
  db: Queryable,
  userId: string,
  recipe: Recipe,
  times: number,
): Promise<CraftPayload["needs"]> {
  const inputs = recipe.inputs.map(({ definitionId, quantity }) => {
    const wanted = BigInt(quantity) * BigInt(times);
    // No stack is empty, and one more tells that there are more.
    return { definitionId, wanted, count: wanted + BigInt(SPARE_STACKS) + 1n };
  });
  const stacks = await listStacks(db, userId, inputs);
  return inputs.map(({ definitionId, wanted }) => {
    const own = stacks.filter((stack) => stack.definitionId === definitionId);
    const enough = countNeeded(own, { definitionId, wanted }) + SPARE_STACKS;
    return {
      definitionId,
      quantity: wanted,
      itemIds: own.slice(0, enough).map(({ id }) => id),
      more: own.length > enough,
      partId: `inv-${uuidv7()}`,
    };
  });
}

function countNeeded(
  stacks: readonly Stack[],
  { definitionId, wanted }: { definitionId: string; wanted: bigint },
): number {
  let left = wanted;
  for (const [index, { quantity }] of stacks.entries()) {
    left -= quantity;
    if (left <= 0n) return index + 1;
  }
  throw new NewDayError("item_not_found", lacking(definitionId, { wanted, left }));
}

/** The products of the recipe, ready to be issued. */
export function makeOutputs(userId: string, recipe: Recipe, times: number): CraftPayload["makes"] {
  return recipe.outputs.map(({ definitionId, quantity }) => ({
    id: `inv-${uuidv7()}`,
    ownerId: userId,
    definitionId,
    quantity: BigInt(quantity) * BigInt(times),
    obtainedFrom: "craft",
    source: recipe.platform,
  }));
}
