/** `POST /api/v1/recipes/{id}/crafts`: items and money in, items out, in one posting. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import type { Leg } from "../../../engine/operation.ts";
import { findIngredients, makeOutputs } from "../../../items/recipes/craft.ts";
import {
  craftOperation,
  type CraftPart,
  type CraftPayload,
} from "../../../items/recipes/craft-operation.ts";
import { findRecipe, type Recipe } from "../../../items/recipes/recipe-queries.ts";
import type { OwnedWallet } from "../../../ledger/wallets/owned-wallet-queries.ts";
import { accountId } from "../../../ledger/accounts/accounts.ts";
import { accountOf } from "../../../ledger/wallets/wallet-accounts.ts";
import { operationFor, submitResolved } from "../request/post-operation.ts";
import { requireWallet } from "../app/reach.ts";
import { Craft, ItemId } from "../schemas/schemas-items.ts";
import { dryRunQuery, postingOptions, ref, strictObject, UserId } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

/** Enough to empty a bag at once, little enough for one posting. */
const TIMES_MAX = 100;

const schema = {
  operationId: "postCraft",
  tags: ["Recipes"],
  summary: "Make something by a recipe",
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
  response: { 200: ref(Craft), 201: ref(Craft) },
};

const config = {
  access: { scope: "market:write", users: true },
  writes: true,
  dryRun: true,
} as const;

export function postCraftRoute(v1: V1App, services: Services): void {
  v1.post("/recipes/:id/crafts", { schema, config }, async (request, reply) => {
    const { userId, times = 1, ...options } = request.body;
    const resolve = async () => {
      const caller = callerOf(request);
      const wallet = await requireWallet(services.directory, caller, userId);
      const recipe = await findRecipe(services.db, caller.platform, request.params.id);
      if (!recipe)
        throw new NewDayError("not_found", {
          field: "id",
          rule: "names no recipe",
          ruleZh: "没有此配方",
        });
      const payload: CraftPayload = {
        userId: wallet.userId,
        needs: await findIngredients(services.db, wallet.userId, recipe, times),
        makes: makeOutputs(wallet.userId, recipe, times),
        legs: await legsOf(services, wallet, recipe, times),
      };
      return operationFor(request, craftOperation, payload, options);
    };
    const { outcome, dryRun } = await submitResolved(
      services,
      { request, reply },
      craftOperation,
      resolve,
    );
    const { result, transferId, recordedAt, replayed } = outcome;
    return {
      transferId,
      used: result.used.map(toPart),
      made: result.made.map(toPart),
      recordedAt: recordedAt.toISOString(),
      replayed,
      dryRun,
    };
  });
}

async function legsOf(
  { directory }: Services,
  wallet: OwnedWallet,
  { platform, prices }: Recipe,
  times: number,
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

function toPart({ itemId, quantity }: CraftPart) {
  return { itemId, quantity: Number(quantity) };
}
