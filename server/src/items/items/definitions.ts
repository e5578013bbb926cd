/** Definitions of items: equal facts have one id, for every caller. */
import { BoundedMap } from "../../lib/bounded-map.ts";
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { fingerprintOf } from "../../engine/identifiers.ts";
import { insertDefinition, type ItemFacts } from "./item-queries.ts";

/** Cache: ids of stored definitions, which are immutable; oldest evicted first. */
const CACHED_MAX = 10_000;
const known = new WeakMap<Queryable, BoundedMap<string, true>>();

/**
 * Of a definition's facts as JSON. Lists show them with each item, the inventory twice. A description of
 * 1,000 characters in Chinese, with stats and a picture, has 3,500.
 */
const FACTS_BYTES_MAX = 4_096;

/** As `ensureDefinition`, for facts that a caller sent. Errors: `invalid_field` above the bound. */
export function defineItem(db: Queryable, facts: ItemFacts, field = "item"): Promise<string> {
  const bytes = Buffer.byteLength(JSON.stringify(exactly(facts)));
  if (bytes <= FACTS_BYTES_MAX) return ensureDefinition(db, facts);
  throw new NewDayError("invalid_field", {
    field,
    rule: {
      en: `name, description, stats, fields, icon and imageUrl must have at most ${FACTS_BYTES_MAX} bytes together`,
      zh: `名称、描述、属性、字段、图标与图片地址合计最多 ${FACTS_BYTES_MAX} 字节`,
    },
    received: `${bytes} bytes`,
    remedy: { en: "Shorten the description or send fewer stats.", zh: "请缩短描述或减少属性" },
  });
}

/** Returns the id of the definition with these facts; stores a new one, of any size. */
export async function ensureDefinition(db: Queryable, facts: ItemFacts): Promise<string> {
  const exact = exactly(facts);
  const id = fingerprintOf(exact);
  const ids = known.get(db) ?? new BoundedMap(CACHED_MAX);
  known.set(db, ids);
  if (ids.get(id)) return id;
  const { ownType = null, ownRarity = null, fields = null } = facts;
  const baseId = fields === null ? null : definitionIdOf({ ...facts, fields: null });
  await insertDefinition(db, id, { ...exact, ownType, ownRarity, fields, baseId });
  ids.set(id, true);
  return id;
}

/** The id of these facts, stored or new. */
export function definitionIdOf(facts: ItemFacts): string {
  return fingerprintOf(exactly(facts));
}

/** Picks the facts only: the id is a hash of all of them. Common items have the ids of earlier releases. */
function exactly(facts: ItemFacts) {
  const { name, description, itemType, rarity, stats, icon, imageUrl } = facts;
  const { ownType, ownRarity, fields } = facts;
  const own = {
    ...(ownType && { ownType }),
    ...(ownRarity && { ownRarity }),
    ...(fields && { fields }),
  };
  return { name, description, itemType, rarity, stats, icon, imageUrl, ...own };
}
