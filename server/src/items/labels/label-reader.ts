/** What a caller's words for type and rarity mean: common ones, or labels of the caller's platform. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import type { Message } from "../../lib/messages.ts";
import { skeletonOf } from "../../lib/skeleton.ts";
import type { FieldRule } from "../items/field-rules.ts";
import { ITEM_TYPES, RARITIES, type ItemType, type Rarity } from "../items/item-vocabulary.ts";
import { COMMON_LABELS, labelParts, publicLabel, type LabelKind } from "./label-name.ts";
import { findLabel, findLabels, type Label } from "./label-queries.ts";

/** A type as an item gets it. */
export interface ReadType {
  /** What older clients see. */
  readonly itemType: ItemType;
  /** `platform:name`; null: it is one of the nine. */
  readonly ownType: string | null;
  /** Empty for one of the nine. */
  readonly rules: readonly FieldRule[];
}

export interface ReadRarity {
  readonly rarity: Rarity;
  readonly ownRarity: string | null;
}

/** For the items of one request. */
export interface LabelReader {
  /** Errors: `invalid_item_type`, also for a retired or another platform's type. */
  readonly type: (said: string, field: string) => Promise<ReadType>;
  /** Errors: `invalid_rarity`, as `type`. */
  readonly rarity: (said: string, field: string) => Promise<ReadRarity>;
}

export function createLabelReader(db: Queryable, platform: string): LabelReader {
  const find = { type: readOnce(db, platform, "type"), rarity: readOnce(db, platform, "rarity") };
  const read = async (kind: LabelKind, said: string, field: string): Promise<Label> => {
    const label = await findOwnLabel(find[kind], { platform, kind }, { said, field });
    return label ?? unknownLabel(kind, field, UNKNOWN[kind]);
  };
  return {
    async type(said, field) {
      const common = ITEM_TYPES.find((one) => one === said);
      if (common) return { itemType: common, ownType: null, rules: [] };
      const { name, shownAs, fields } = await read("type", said, field);
      const itemType = shownAs as ItemType;
      return { itemType, ownType: publicLabel(platform, name), rules: fields };
    },
    async rarity(said, field) {
      const common = RARITIES.find((one) => one === said);
      if (common) return { rarity: common, ownRarity: null };
      const { name, shownAs } = await read("rarity", said, field);
      return { rarity: shownAs as Rarity, ownRarity: publicLabel(platform, name) };
    },
  };
}

type FindLabel = (skeleton: string) => Promise<Label | undefined>;

/** Reads each label once, and labels that are asked for together with one query. */
function readOnce(db: Queryable, platform: string, kind: LabelKind): FindLabel {
  // Cache: of one request, evicted with it.
  const known = new Map<string, Promise<Label | undefined>>();
  const find = coalesceReads<Label>((skeletons) => findLabels(db, { platform, kind }, skeletons));
  return (skeleton) => {
    const asked = known.get(skeleton) ?? find(skeleton);
    known.set(skeleton, asked);
    return asked;
  };
}

interface OfPlatform {
  readonly platform: string;
  readonly kind: LabelKind;
}

/**
 * The platform's own label of this name; undefined for none. Errors: `invalid_item_type`, `invalid_rarity` for a
 * retired one and one of another platform.
 */
export async function findOwnLabel(
  find: FindLabel,
  { platform, kind }: OfPlatform,
  { said, field }: { readonly said: string; readonly field: string },
): Promise<Label | undefined> {
  const name = nameSaidBy(platform, said) ?? unknownLabel(kind, field, ANOTHER_PLATFORM);
  if (COMMON_LABELS[kind].includes(name)) return undefined;
  const label = await find(skeletonOf(name));
  if (label?.name !== name) return undefined;
  return label.retired ? unknownLabel(kind, field, RETIRED) : label;
}

/**
 * A word of a filter: a common one as it is, any other one with its platform. Retired labels and those of
 * other platforms can be searched for. Errors: `invalid_item_type`, `invalid_rarity`.
 */
export async function readFilterLabel(
  db: Queryable,
  { platform, kind }: OfPlatform,
  said: string | undefined,
): Promise<string | null> {
  if (said === undefined) return null;
  const name = nameSaidBy(platform, said);
  if (COMMON_LABELS[kind].includes(said) || name === undefined) return said.normalize("NFC");
  const label = await findLabel(db, { platform, kind, skeleton: skeletonOf(name) });
  if (label?.name !== name) return unknownLabel(kind, kind, UNKNOWN[kind]);
  return publicLabel(platform, name);
}

/** The name without the speaker's own platform; undefined for another platform's label. */
function nameSaidBy(platform: string, said: string): string | undefined {
  const parts = labelParts(said.normalize("NFC"));
  if (!parts) return said.normalize("NFC");
  return parts.platform === platform ? parts.name : undefined;
}

const ANOTHER_PLATFORM: Message = {
  en: "belongs to another platform, which alone makes such items",
  zh: "属于其他平台，只有该平台可以使用",
};
const RETIRED: Message = {
  en: "is retired: nothing new is made of it",
  zh: "已停用，不能再用于新道具",
};
const UNKNOWN: Readonly<Record<LabelKind, Message>> = {
  type: {
    en: `must be one of ${ITEM_TYPES.join(", ")}, or a type that the platform has defined`,
    zh: `必须是 ${ITEM_TYPES.join("、")} 之一，或平台已定义的类型`,
  },
  rarity: {
    en: `must be one of ${RARITIES.join(", ")}, or a rarity that the platform has defined`,
    zh: `必须是 ${RARITIES.join("、")} 之一，或平台已定义的稀有度`,
  },
};

function unknownLabel(kind: LabelKind, field: string, rule: Message): never {
  const remedy = {
    en: `Define it with PUT /api/v1/${PATHS[kind]}/{name}, or send another one.`,
    zh: `请用 PUT /api/v1/${PATHS[kind]}/{name} 定义，或改用其他值`,
  };
  if (kind === "type")
    throw new NewDayError("invalid_item_type", { field, rule, remedy, validTypes: ITEM_TYPES });
  throw new NewDayError("invalid_rarity", { field, rule, remedy, validRarities: RARITIES });
}

const PATHS: Readonly<Record<LabelKind, string>> = { type: "item-types", rarity: "rarities" };
