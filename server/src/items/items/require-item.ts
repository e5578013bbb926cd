import type { Queryable } from "../../db/database.ts";
import { findItem, type Item } from "./item-queries.ts";

/** An item as just written; its absence is an internal fault. */
export async function requireItem({ db }: { readonly db: Queryable }, id: string): Promise<Item> {
  const item = await findItem(db, id);
  if (!item) throw new Error(`item ${id} was written and is not there`);
  return item;
}
