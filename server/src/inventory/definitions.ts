/** Definitions of items: equal facts have one id, whoever names them. */
import { BoundedMap } from "../db/bounded-map.ts";
import type { Queryable } from "../db/database.ts";
import { fingerprintOf } from "../ledger/identifiers.ts";
import { insertDefinition, type ItemFacts } from "./item-queries.ts";

/** Definitions never change or go, so that known ones may be remembered; this many are. */
const REMEMBERED_MAX = 10_000;
const known = new WeakMap<Queryable, BoundedMap<string, true>>();

/** The id of the definition with these facts, stored when it is new. */
export async function ensureDefinition(db: Queryable, facts: ItemFacts): Promise<string> {
  const exact = exactly(facts);
  const id = fingerprintOf(exact);
  const ids = known.get(db) ?? new BoundedMap(REMEMBERED_MAX);
  known.set(db, ids);
  if (ids.get(id)) return id;
  await insertDefinition(db, id, exact);
  ids.set(id, true);
  return id;
}

/** The id that these facts have, whether they are stored or not. */
export function definitionIdOf(facts: ItemFacts): string {
  return fingerprintOf(exactly(facts));
}

/** Without whatever else the object carries: the id is a hash of all of it. */
function exactly({ name, description, itemType, rarity, stats, icon, imageUrl }: ItemFacts) {
  return { name, description, itemType, rarity, stats, icon, imageUrl };
}
