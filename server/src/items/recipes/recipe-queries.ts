/** SQL of recipes, and of the stacks that a crafter could use up. */
import type { Queryable } from "../../db/database.ts";

export interface Ingredient {
  readonly definitionId: string;
  readonly quantity: number;
}

export interface Recipe {
  readonly platform: string;
  readonly id: string;
  readonly version: bigint;
  readonly name: string;
  readonly inputs: readonly Ingredient[];
  /** Currency code -> minor units as text; all of them are paid. */
  readonly prices: Readonly<Record<string, string>>;
  readonly outputs: readonly Ingredient[];
}

const COLUMNS = "platform, id, version, name, inputs, prices, outputs";

/** The newest version. */
export async function findRecipe(
  db: Queryable,
  platform: string,
  id: string,
): Promise<Recipe | undefined> {
  const [row] = await db.query<Recipe>(
    `select ${COLUMNS} from newday.recipes where platform = $1 and id = $2
      order by version desc limit 1`,
    [platform, id],
  );
  return row;
}

/** The newest version of each recipe of a platform, by id, after an id. */
export function listRecipes(
  db: Queryable,
  platform: string,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Recipe[]> {
  return db.query(
    `select distinct on (id) ${COLUMNS} from newday.recipes
      where platform = $1 and ($2::text is null or id > $2)
      order by id, version desc limit $3`,
    [platform, page.after, page.limit],
  );
}

/** Inserts a version; false when another writer took its number first. */
export async function insertRecipe(db: Queryable, recipe: Recipe): Promise<boolean> {
  const { platform, id, version, name, inputs, prices, outputs } = recipe;
  const rows = await db.query(
    `insert into newday.recipes (platform, id, version, name, inputs, prices, outputs)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1 as inserted`,
    [
      platform,
      id,
      version,
      name,
      JSON.stringify(inputs),
      JSON.stringify(prices),
      JSON.stringify(outputs),
    ],
  );
  return rows.length > 0;
}

export interface Stack {
  readonly id: string;
  readonly definitionId: string;
  readonly quantity: bigint;
}

/** A user's items in hand of these definitions, the oldest of each, at most `count`. */
export function listStacks(
  db: Queryable,
  ownerId: string,
  wanted: readonly { readonly definitionId: string; readonly count: bigint }[],
): Promise<Stack[]> {
  return db.query(
    `select i.id, i.definition_id as "definitionId", i.quantity
      from unnest($2::uuid[], $3::bigint[]) as wanted (definition_id, count)
      cross join lateral (
        select id, definition_id, quantity from newday.items
        where owner_id = $1 and state = 'owned' and definition_id = wanted.definition_id
        order by obtained_at, id limit wanted.count) i`,
    [ownerId, wanted.map(({ definitionId }) => definitionId), wanted.map(({ count }) => count)],
  );
}
