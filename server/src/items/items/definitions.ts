/** Definitions of items: equal facts have one id, for every caller. */
import { BoundedMap } from "../../lib/bounded-map.ts";
import type { Queryable } from "../../db/database.ts";
import { fingerprintOf } from "../../engine/identifiers.ts";
import { insertDefinition, type ItemFacts } from "./item-queries.ts";

/** Cache: ids of stored definitions, which are immutable; oldest evicted first. */
const CACHED_MAX = 10_000;
const known = new WeakMap<Queryable, BoundedMap<string, true>>();

/** Returns the id of the definition with these facts; stores a new one. */
export async function ensureDefinition(db: Queryable, facts: ItemFacts): Promise<string> {
  const exact = exactly(facts);
  const id = fingerprintOf(exact);
  const ids = known.get(db) ?? new BoundedMap(CACHED_MAX);
  known.set(db, ids);
  if (ids.get(id)) return id;
  await insertDefinition(db, id, exact);
  ids.set(id, true);
  return id;
}

/** The id of these facts, stored or new. */
export function definitionIdOf(facts: ItemFacts): string {
  return fingerprintOf(exactly(facts));
}

/** Picks the facts only: the id is a hash of all fields. */
function exactly({ name, description, itemType, rarity, stats, icon, imageUrl }: ItemFacts) {
  return { name, description, itemType, rarity, stats, icon, imageUrl };
}
