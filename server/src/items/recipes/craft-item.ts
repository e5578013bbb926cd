/** Makes items by a recipe: ingredients and money in, products out. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { Leg, OperationTerms, Outcome } from "../../engine/operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import { accountId } from "../../ledger/accounts/accounts.ts";
import { submitResolved } from "../../ledger/transfers/submit-resolved.ts";
import type { OwnedWallet } from "../../ledger/wallets/owned-wallet-queries.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { accountOf } from "../../ledger/wallets/wallet-accounts.ts";
import { craftOperation, type CraftResult } from "./craft-operation.ts";
import { findIngredients, makeOutputs } from "./ingredients.ts";
import { findRecipe, type Recipe } from "./recipe-queries.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface Craft {
  /** The recipe's platform, whose fees take the prices. */
  readonly platform: string;
  readonly recipeId: string;
  readonly times: number;
  /** The wallet of the user who crafts; its failure is answered with the first outcome. */
  readonly findWallet: () => Promise<OwnedWallet>;
}

/**
 * Uses up the user's oldest items first. Errors: those of `findWallet`, `not_found` for the recipe,
 * `item_not_found`, `idempotency_conflict`, and those of the engine.
 */
export function craftItem<Given extends Craft>(
  services: PostingServices,
  craft: Exactly<Craft, Given>,
  terms: OperationTerms,
): Promise<Outcome<CraftResult>> {
  const { platform, recipeId, times, findWallet, ...unread }: Craft = craft;
  unread satisfies NothingElse;
  const prepare = async () => {
    const wallet = await findWallet();
    const { userId } = wallet;
    const recipe = await requireRecipe(services, platform, recipeId);
    const needs = await findIngredients(services.db, userId, recipe, times);
    const makes = makeOutputs(userId, recipe, times);
    const legs = await legsOf(services, wallet, { recipe, times });
    return operationOf(craftOperation, { userId, needs, makes, legs }, terms);
  };
  return submitResolved(services, { type: craftOperation, terms, prepare });
}

/** Errors: `not_found`. */
export async function requireRecipe(
  { db }: Pick<PostingServices, "db">,
  platform: string,
  id: string,
): Promise<Recipe> {
  const recipe = await findRecipe(db, platform, id);
  if (recipe) return recipe;
  throw new NewDayError("not_found", {
    field: "id",
    rule: { en: "names no recipe", zh: "没有此配方" },
  });
}

async function legsOf(
  { directory }: PostingServices,
  wallet: OwnedWallet,
  { recipe: { platform, prices }, times }: { readonly recipe: Recipe; readonly times: number },
): Promise<Leg[]> {
  const legs: Leg[] = [];
  for (const [code, text] of Object.entries(prices)) {
    const currency = await directory.currency(code);
    const amount = BigInt(text) * BigInt(times);
    const fees = await directory.systemWallet(platform, "fees");
    legs.push({ account: accountOf(wallet, currency), amount: -amount });
    legs.push({ account: accountId(fees, Number(currency.number)), amount });
  }
  return legs;
}
