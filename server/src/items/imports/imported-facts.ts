/**
 * Type, rarity and stats of an import, which a user's page sends and the user's platform bounds: what is
 * outside its rules is refused by name, because an import is stored as sent (docs/contract.md 4.2).
 */
import type { Queryable } from "../../db/database.ts";
import { skeletonOf } from "../../lib/skeleton.ts";
import { boundStats, checkFields, storedFields } from "../items/field-rules.ts";
import type { Stats } from "../items/item-fields.ts";
import type { ItemFacts } from "../items/item-queries.ts";
import {
  itemTypeSaid,
  raritySaid,
  requireItemType,
  requireRarity,
  type ItemType,
  type Rarity,
} from "../items/item-vocabulary.ts";
import { publicLabel } from "../labels/label-name.ts";
import { findLabel } from "../labels/label-queries.ts";
import { findOwnLabel } from "../labels/label-reader.ts";

export interface SentImport {
  /** Of the user. */
  readonly platform: string;
  readonly itemType: unknown;
  readonly rarity: unknown;
  readonly stats: Stats | null;
}

type ImportedFacts = Pick<
  ItemFacts,
  "itemType" | "rarity" | "stats" | "ownType" | "ownRarity" | "fields"
>;

/** Errors: `invalid_item_type`, `invalid_rarity`, and `invalid_field` and `missing_fields` about a stat. */
export async function readImportedFacts(db: Queryable, sent: SentImport): Promise<ImportedFacts> {
  return { ...(await readTyped(db, sent)), ...(await readRarity(db, sent)) };
}

async function readTyped(
  db: Queryable,
  { platform, itemType: said, stats }: SentImport,
): Promise<Pick<ImportedFacts, "itemType" | "stats" | "ownType" | "fields">> {
  const common = itemTypeSaid(said);
  if (common) {
    await boundCommon(db, { platform, itemType: common, stats });
    return { itemType: common, stats };
  }
  const label = await findSaid(db, { platform, kind: "type" }, { said, field: "itemType" });
  if (!label) return { itemType: requireItemType(said), stats };
  return {
    itemType: label.shownAs as ItemType,
    ownType: publicLabel(platform, label.name),
    stats: null,
    fields: storedFields(checkFields(label.fields, stats ?? {}, "stats")),
  };
}

/** A platform that has declared one of the nine bounds the stats of its users' imports. */
async function boundCommon(
  db: Queryable,
  { platform, itemType, stats }: { platform: string; itemType: ItemType; stats: Stats | null },
): Promise<void> {
  const skeleton = skeletonOf(itemType);
  const label = stats && (await findLabel(db, { platform, kind: "type", skeleton }));
  if (stats && label && !label.retired) boundStats(label.fields, stats, "stats");
}

async function readRarity(
  db: Queryable,
  { platform, rarity: said }: SentImport,
): Promise<Pick<ImportedFacts, "rarity" | "ownRarity">> {
  const common = raritySaid(said);
  if (common) return { rarity: common };
  const label = await findSaid(db, { platform, kind: "rarity" }, { said, field: "rarity" });
  if (!label) return { rarity: requireRarity(said) };
  return { rarity: label.shownAs as Rarity, ownRarity: publicLabel(platform, label.name) };
}

async function findSaid(
  db: Queryable,
  of: Parameters<typeof findOwnLabel>[1],
  { said, field }: { readonly said: unknown; readonly field: string },
) {
  return typeof said === "string" && !said.includes(":")
    ? findOwnLabel((skeleton) => findLabel(db, { ...of, skeleton }), of, { said, field })
    : undefined;
}
