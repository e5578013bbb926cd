/** `GET /api/v1/recipes` and `/recipes/{id}`: the recipes of the caller's platform. */
import { requireRecipe } from "../../../items/recipes/craft-item.ts";
import { listRecipes } from "../../../items/recipes/recipe-queries.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { toPage } from "../replies/page.ts";
import { toRecipe } from "../replies/recipe-reply.ts";
import { ItemId, RecipeSchema } from "../schemas/schemas-items.ts";
import { PAGE_SIZE_DEFAULT, pageOf, pageQuery, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const config = { access: { scope: "market:read", users: true } } as const;

const listSchema = {
  operationId: "listRecipes",
  tags: ["Recipes"],
  title: { en: "List the recipes of the platform", zh: "列出配方" },
  querystring: strictObject(pageQuery),
  response: { 200: pageOf(ref(RecipeSchema)) },
};

const getSchema = {
  operationId: "getRecipe",
  tags: ["Recipes"],
  title: { en: "Read a recipe", zh: "查询配方" },
  params: strictObject({ id: ref(ItemId) }),
  response: { 200: ref(RecipeSchema) },
};

export function getRecipeRoutes(v1: V1App, services: Services): void {
  v1.get("/recipes", { schema: listSchema, config }, async (request) => {
    const { platform } = callerOf(request);
    const { limit = PAGE_SIZE_DEFAULT, cursor, ...unread } = request.query;
    unread satisfies NothingElse;
    const listing = ["recipes", platform];
    const after = decodeCursor(listing, cursor, { id: "text" })?.id ?? null;
    const rows = await listRecipes(services.db, platform, { after, limit: limit + 1 });
    return toPage(rows, rows.slice(0, limit).map(toRecipe), ({ id }) =>
      encodeCursor(listing, { id }),
    );
  });

  v1.get("/recipes/:id", { schema: getSchema, config }, async (request) => {
    const { platform } = callerOf(request);
    return toRecipe(await requireRecipe(services, platform, request.params.id));
  });
}
