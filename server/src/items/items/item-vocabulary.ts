/**
 * The vocabulary of items: nine types, five rarities, and the icons that clients know
 * (docs/contract.md 11). English ids only, because the Chinese labels of the clients disagree by
 * one step.
 */
import { NewDayError } from "../../errors/errors.ts";

export const ITEM_TYPES = [
  "weapon",
  "armor",
  "accessory",
  "consumable",
  "material",
  "tool",
  "special",
  "skin",
  "pet",
] as const;
export type ItemType = (typeof ITEM_TYPES)[number];

export const RARITIES = ["common", "uncommon", "rare", "epic", "legendary"] as const;
export type Rarity = (typeof RARITIES)[number];

/** The old game's word for its highest step. */
const RARITY_ALIASES: ReadonlyMap<string, Rarity> = new Map([["mythic", "legendary"]]);

/** Shown for an item that came without an icon. */
export const ICONS: Readonly<Record<ItemType, string>> = {
  weapon: "⚔️",
  armor: "🛡️",
  accessory: "💍",
  consumable: "🧪",
  material: "💎",
  tool: "🔧",
  special: "🎁",
  skin: "🎨",
  pet: "🐾",
};

type ItemTypes = readonly [ItemType, ...ItemType[]];

/**
 * AllinONE's own words (docs/contract.md 11). Its `rare` names pets, skins and accessories; an import of
 * one arrives as a material.
 */
const PARTNER_TYPES: ReadonlyMap<string, ItemTypes> = new Map([
  ["shield", ["armor"]],
  ["potion", ["consumable"]],
  ["rare", ["material", "pet", "skin", "accessory", "special"]],
]);

/** The type that an import of a partner's word gets; undefined for an unknown word. */
export function itemTypeSaid(value: unknown): ItemType | undefined {
  return itemTypesSaid(value)?.[0];
}

function itemTypesSaid(value: unknown): ItemTypes | undefined {
  const word = lowerCase(value);
  const type = ITEM_TYPES.find((one) => one === word);
  return type ? [type] : PARTNER_TYPES.get(word);
}

/** Errors: `invalid_item_type` with the received and the valid words. */
export function requireItemType(value: unknown): ItemType {
  return requireItemTypes(value)[0];
}

/** Returns every type that a partner's word may name, its import's first. Errors: as `requireItemType`. */
export function requireItemTypes(value: unknown): ItemTypes {
  const types = itemTypesSaid(value);
  if (types) return types;
  throw new NewDayError("invalid_item_type", {
    field: "itemType",
    received: shown(value),
    validTypes: ITEM_TYPES,
    rule: {
      en: `must be one of ${ITEM_TYPES.join(", ")}`,
      zh: `必须是 ${ITEM_TYPES.join("、")} 之一`,
    },
  });
}

/** The rarity that a partner's word names; undefined for an unknown word. */
export function raritySaid(value: unknown): Rarity | undefined {
  const word = lowerCase(value);
  return RARITIES.find((one) => one === word) ?? RARITY_ALIASES.get(word);
}

/** Errors: `invalid_rarity` with the received and the valid words. */
export function requireRarity(value: unknown): Rarity {
  const rarity = raritySaid(value);
  if (rarity) return rarity;
  throw new NewDayError("invalid_rarity", {
    field: "rarity",
    received: shown(value),
    validRarities: RARITIES,
    rule: { en: `must be one of ${RARITIES.join(", ")}`, zh: `必须是 ${RARITIES.join("、")} 之一` },
  });
}

/** For rows of the legacy database, where either may be missing or unknown. */
export function knownItemType(value: string | null): ItemType {
  return ITEM_TYPES.find((one) => one === value) ?? "material";
}

export function knownRarity(value: string | null): Rarity {
  const word = value ?? "";
  return RARITIES.find((one) => one === word) ?? RARITY_ALIASES.get(word) ?? "common";
}

function lowerCase(value: unknown): string {
  return typeof value === "string" ? value.trim().toLowerCase() : "";
}

/** Enough to recognise the sent text, too little to echo a large one. */
function shown(value: unknown): unknown {
  return typeof value === "string" ? value.slice(0, 64) : typeof value;
}
