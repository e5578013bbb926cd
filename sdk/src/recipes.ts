import type { Craft, PostCraftBody, PutRecipeBody, Recipe } from "./generated/api-types.ts";
import type { Page, PageQuery, Request, WriteOptions } from "./request.ts";

/** Recipes of a platform: items and money in, items out, in one step or all stay. */
export function recipesOf(request: Request) {
  const recipe = (id: string) => `/api/v1/recipes/${encodeURIComponent(id)}`;
  return {
    list: (query: PageQuery = {}) =>
      request<Page<Recipe>>({ method: "GET", path: "/api/v1/recipes", query: { ...query } }),
    get: (id: string) => request<Recipe>({ method: "GET", path: recipe(id) }),
    /** An equal text keeps the version; another one makes a new version. */
    put: (id: string, body: PutRecipeBody) =>
      request<Recipe>({ method: "PUT", path: recipe(id), body }),
    craft: (id: string, body: PostCraftBody, write: WriteOptions = {}) =>
      request<Craft>({ method: "POST", path: `${recipe(id)}/crafts`, body, write }),
  };
}
