/**
 * Rules for a caller's item fields, at the door of every surface (docs/incidents.md G13, G15, G19,
 * G20): bounded texts free of markup, whole quantities, flat stats, images over https.
 */
import { NewDayError } from "../../errors/errors.ts";
import { isReservedName } from "../../lib/reserved-name.ts";
import { isVisible } from "../../lib/visible-text.ts";
import type { Message } from "../../lib/messages.ts";

/** AllinONE's item ids have 45 characters and more (docs/contract.md 1). */
const ITEM_ID_LENGTH_MAX = 255;
export const NAME_LENGTH_MAX = 255;
export const DESCRIPTION_LENGTH_MAX = 2_000;
export const URL_LENGTH_MAX = 2_048;
export const ICON_LENGTH_MAX = 64;
/** The largest stack; far above the game's and far below what an integer column holds. */
export const QUANTITY_MAX = 1_000_000;
export const STATS_KEYS_MAX = 64;
export const STAT_KEY_LENGTH_MAX = 64;
export const STAT_TEXT_LENGTH_MAX = 200;
/** More than any weapon needs, and exact in JSON. */
export const STAT_MAX = 1_000_000_000;
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const MARKUP = /[<>]/;
/** A tag for a browser; "attack > 100" in a description is allowed. */
const TAG = /<\s*[a-z!/?]/i;

export type Stats = Readonly<Record<string, number | string | boolean>>;

/**
 * 1 to 255 characters, free of control characters and markup, one of which can be seen; in the normal
 * form NFC, so that one name is one text. Test pages put names into HTML.
 */
export function requireName(value: unknown, field = "name"): string {
  const name = requireText(value, field, NAME_LENGTH_MAX).normalize("NFC");
  requireVisible(name, field);
  return name;
}

/** Optional; line breaks are allowed in it. */
export function readDescription(value: unknown, field = "description"): string {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value !== "string")
    throw refuseField(field, { en: "must be a string", zh: "必须是字符串" });
  if (TAG.test(value)) throw refuseField(field, { en: "must not hold markup", zh: "不能包含标记" });
  requireText(value.replaceAll(/[\n\r\t<>]/g, " "), field, DESCRIPTION_LENGTH_MAX);
  return value;
}

export function requireItemId(value: unknown, field = "itemId"): string {
  return requireText(value, field, ITEM_ID_LENGTH_MAX);
}

export function optionalItemText(value: unknown, field: string): string | null {
  if (value === undefined || value === null || value === "") return null;
  const text = requireText(value, field, ITEM_ID_LENGTH_MAX);
  requireVisible(text, field);
  return text;
}

/** Where an imported item comes from. It must not pass for an item of New Day, which buyers trust. */
export function readOrigin(value: unknown, field: string): string | null {
  const text = optionalItemText(value, field);
  if (text !== null && isReservedName(text))
    throw refuseField(field, {
      en: "must not be a name of the game itself",
      zh: "不能使用游戏官方名称",
    });
  return text;
}

function requireVisible(text: string, field: string): void {
  if (!isVisible(text))
    throw refuseField(field, { en: "must have a letter that can be seen", zh: "须含可见字符" });
}

export function readIcon(value: unknown, field = "icon"): string | null {
  if (value === undefined || value === null || value === "") return null;
  return requireText(value, field, ICON_LENGTH_MAX);
}

/** Absolute and over https, or an address of our own that starts with one slash. */
export function readImageUrl(value: unknown, field = "imageUrl"): string | null {
  if (value === undefined || value === null || value === "") return null;
  const text = requireText(value, field, URL_LENGTH_MAX);
  if (/^\/[A-Za-z0-9]/.test(text)) return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" && url.username === "" && url.password === "") return text;
  throw refuseField(field, { en: "must be an https address", zh: "必须是 https 地址" });
}

/** Errors: `invalid_quantity`. */
export function readQuantity(value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= QUANTITY_MAX)
    return value;
  throw new NewDayError("invalid_quantity", {
    field: "quantity",
    rule: {
      en: `must be a whole number from 1 to ${QUANTITY_MAX}`,
      zh: `必须是 1 到 ${QUANTITY_MAX} 的整数`,
    },
  });
}

/**
 * A flat object of numbers, short texts and yes/no, returned exactly as sent. Nested objects, lists
 * and names that JavaScript gives a meaning are refused.
 */
export function readStats(value: unknown, field = "stats"): Stats | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "object" || Array.isArray(value))
    throw refuseField(field, { en: "must be an object", zh: "必须是对象" });
  const entries = Object.entries(value);
  if (entries.length > STATS_KEYS_MAX)
    throw refuseField(field, { en: `must have at most ${STATS_KEYS_MAX} keys`, zh: "属性过多" });
  for (const [key, stat] of entries) requireStat(key, stat, field);
  return value as Stats;
}

function requireStat(key: string, value: unknown, stats: string): void {
  const field = `${stats}.${key.slice(0, STAT_KEY_LENGTH_MAX)}`;
  if (FORBIDDEN_KEYS.has(key))
    throw refuseField(field, { en: "is a reserved name", zh: "是保留名称" });
  requireText(key, stats, STAT_KEY_LENGTH_MAX);
  if (typeof value === "boolean") return;
  if (typeof value === "number") {
    if (Number.isFinite(value) && Math.abs(value) <= STAT_MAX) return;
    throw refuseField(field, {
      en: `must be between -${STAT_MAX} and ${STAT_MAX}`,
      zh: "超出范围",
    });
  }
  if (typeof value !== "string")
    throw refuseField(field, {
      en: "must be a number, a short text or true/false",
      zh: "必须是数字或短文本",
    });
  if (value !== "") requireText(value, field, STAT_TEXT_LENGTH_MAX);
}

/** Not empty, bounded, free of control characters and markup. Errors: `invalid_field`. */
export function requireText(value: unknown, field: string, lengthMax: number): string {
  if (typeof value !== "string" || value === "")
    throw refuseField(field, { en: "must be a text that is not empty", zh: "必须是非空字符串" });
  if (isLonger(value, lengthMax))
    throw refuseField(field, {
      en: `must have at most ${lengthMax} characters`,
      zh: `最多 ${lengthMax} 个字符`,
    });
  if (CONTROL.test(value) || !value.isWellFormed())
    throw refuseField(field, { en: "must not hold control characters", zh: "不能包含控制字符" });
  if (MARKUP.test(value))
    throw refuseField(field, { en: "must not hold < or >", zh: "不能包含 < 或 >" });
  return value;
}

/** In characters; the number of UTF-16 units is an upper bound and known at once. */
function isLonger(text: string, lengthMax: number): boolean {
  return text.length > lengthMax && Array.from(text).length > lengthMax;
}

/** The refusal of a field of an item, with the remedy of its code unless one is given. */
export function refuseField(field: string, rule: Message, remedy?: Message): NewDayError {
  return new NewDayError("invalid_field", { field, rule, ...(remedy && { remedy }) });
}
