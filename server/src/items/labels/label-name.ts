/** Names of a platform's own item types and rarities. */
import { skeletonOf } from "../../lib/skeleton.ts";
import { isOnlyVisible } from "../../lib/visible-text.ts";
import { isReservedName } from "../../lib/reserved-name.ts";
import { refuseField } from "../items/item-fields.ts";
import { ITEM_TYPES, RARITIES } from "../items/item-vocabulary.ts";

/** `type` or `rarity`; a label is one of either. */
export type LabelKind = "type" | "rarity";

export const LABEL_NAME_LENGTH_MAX = 32;
/** Separates the platform from the name, is a part or an escape of a path, or is markup. */
const REFUSED = /[<>:/,.%]/;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** Members that every JavaScript object has: a client that keys an object by name would change it. */
const REFUSED_NAMES: readonly string[] = ["__proto__", "constructor", "prototype"];

/** Words that belong to all platforms. */
export const COMMON_LABELS: Readonly<Record<LabelKind, readonly string[]>> = {
  type: ITEM_TYPES,
  rarity: RARITIES,
};

/**
 * Returns the name in NFC with its skeleton. A type may be named as one of the nine: then it only declares what
 * imports may bring. Errors: `invalid_field`, also for a name that looks like a common one.
 */
export function requireLabelName(
  kind: LabelKind,
  sent: string,
): { name: string; skeleton: string } {
  const name = sent.normalize("NFC");
  const skeleton = skeletonOf(name);
  const isFormed =
    name.length <= LABEL_NAME_LENGTH_MAX &&
    name.isWellFormed() &&
    isOnlyVisible(name) &&
    !REFUSED.test(name) &&
    LETTER_OR_DIGIT.test(name) &&
    !REFUSED_NAMES.includes(name);
  if (!isFormed || skeleton === "")
    throw refuseField("name", {
      en: `must have 1 to ${LABEL_NAME_LENGTH_MAX} visible characters without blanks and < > : / , . %, with a letter or digit among them, and not be ${REFUSED_NAMES.join(", ")}`,
      zh: `须为 1 到 ${LABEL_NAME_LENGTH_MAX} 个可见字符，不含空格与 < > : / , . %，至少有一个字母或数字，且不能是 ${REFUSED_NAMES.join("、")}`,
    });
  if (isReservedName(name))
    throw refuseField("name", {
      en: "must not be a name of the game itself",
      zh: "不能使用游戏官方名称",
    });
  const common = COMMON_LABELS[kind].find((word) => skeletonOf(word) === skeleton);
  if (common !== undefined && !(kind === "type" && common === name)) throw looksLike(common);
  return { name, skeleton };
}

export function looksLike(other: string) {
  return refuseField(
    "name",
    { en: `looks like ${other}, which exists`, zh: `与已有的 ${other} 相似` },
    {
      en: "Choose a name that differs in more than its letters' shapes.",
      zh: "请改用更易区分的名称",
    },
  );
}

/** `rune` of `moon` is `moon:rune` everywhere. */
export function publicLabel(platform: string, name: string): string {
  return `${platform}:${name}`;
}

/** The parts of a public label; undefined for a name without platform. */
export function labelParts(label: string): { platform: string; name: string } | undefined {
  const at = label.indexOf(":");
  if (at < 0) return undefined;
  return { platform: label.slice(0, at), name: label.slice(at + 1) };
}
