/** What a craft would use up and make: the oldest stacks of the user, as many as the recipe asks. */
import { uuidv7 } from "uuidv7";
import type { Queryable } from "../db/database.ts";
import { NewDayError } from "../errors.ts";
import type { CraftPayload } from "./kinds/craft.ts";
import { listStacks, type Recipe, type Stack } from "./recipe-queries.ts";

/** Errors: `item_not_found` with the definition of which the user has too little. */
export async function pickIngredients(
  db: Queryable,
  userId: string,
  recipe: Recipe,
  times: number,
): Promise<CraftPayload["uses"]> {
  const definitionIds = recipe.inputs.map(({ definitionId }) => definitionId);
  const stacks = await listStacks(db, userId, definitionIds);
  return recipe.inputs.flatMap(({ definitionId, quantity }) => {
    const own = stacks.filter((stack) => stack.definitionId === definitionId);
    return take(own, { definitionId, wanted: BigInt(quantity) * BigInt(times) });
  });
}

function take(
  stacks: readonly Stack[],
  { definitionId, wanted }: { definitionId: string; wanted: bigint },
): CraftPayload["uses"] {
  const uses: CraftPayload["uses"][number][] = [];
  let left = wanted;
  for (const { id: itemId, quantity: held } of stacks) {
    if (left === 0n) break;
    const quantity = held < left ? held : left;
    uses.push({ itemId, definitionId, quantity, partId: `inv-${uuidv7()}` });
    left -= quantity;
  }
  if (left > 0n)
    throw new NewDayError("item_not_found", {
      field: "userId",
      rule: `lacks ${left} of ${wanted} items of the definition ${definitionId}`,
      definitionId,
    });
  return uses;
}

/** What the recipe makes, ready to be issued. */
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
