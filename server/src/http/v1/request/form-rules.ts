/** The rule of a schema that a request broke, in both languages. */
import type { ErrorObject } from "ajv";
import type { Message } from "../../../lib/messages.ts";

const TYPES: Readonly<Record<string, string>> = {
  string: "字符串",
  integer: "整数",
  number: "数字",
  boolean: "布尔值",
  object: "对象",
  array: "数组",
  null: "null",
};

/** Components whose description is more than their keywords say. */
const COMPONENTS: Readonly<Record<string, string>> = {
  Amount: "必须是大于零的整数（最小单位），以 1 到 19 位十进制字符串表示",
  SignedAmount: "必须是整数（最小单位），以 1 到 19 位十进制字符串表示",
  UserId: "必须是用户的公开 ID，1 到 255 个字符",
  OpenedUserId: "必须是 1 到 255 个 ASCII 字母、数字或 . _ : @ + ~ = | -，且以字母或数字开头",
  CurrencyCode: "必须是货币代码，例如 game_coins；参见 GET /api/v1/currencies",
  Id: "必须是小写的 UUID",
  Timestamp: "必须是 1900 年到 9999 年之间带时区的时间，例如 2026-11-22T08:00:00Z",
  Metadata:
    "最多 20 个字段：名称由字母、数字和 _ . - 组成，值为 1 到 500 个字符的文本、整数或布尔值",
  Reference: "必须是 1 到 255 个字符，至少一个可见，且不含控制字符",
  PolicyReason: "必须是 1 到 500 个字符，至少一个可见，且不含控制字符",
};

interface Rules {
  readonly $id?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/** Of a request that keeps to no schema: what it has to be, from the description or the keyword that it broke. */
export function brokenRule(error: ErrorObject): Message {
  const rules = (error.parentSchema ?? {}) as Rules;
  const { description } = rules;
  const byKeyword = ruleOfKeyword(error.keyword, rules);
  const en =
    description === undefined ? (byKeyword?.en ?? error.message) : `must be ${description}`;
  return {
    en: en ?? "must have the form that /docs shows",
    zh: COMPONENTS[rules.$id ?? ""] ?? byKeyword?.zh ?? "不符合 /docs 中的格式",
  };
}

function ruleOfKeyword(keyword: string, rules: Rules): Message | undefined {
  switch (keyword) {
    case "enum":
      return {
        en: `must be one of ${(rules.enum ?? []).join(", ")}`,
        zh: `必须是以下之一：${(rules.enum ?? []).join("、")}`,
      };
    case "type": {
      const types = [rules.type ?? []].flat();
      return {
        en: `must be ${types.join(" or ")}`,
        zh: `类型必须是${types.map((type) => TYPES[type] ?? type).join("或")}`,
      };
    }
    case "minLength":
    case "maxLength":
      return between(rules.minLength, rules.maxLength, { en: "characters", zh: "个字符" });
    case "minItems":
    case "maxItems":
      return between(rules.minItems, rules.maxItems, { en: "entries", zh: "项" });
    case "minProperties":
    case "maxProperties":
      return between(rules.minProperties, rules.maxProperties, { en: "fields", zh: "个字段" });
    case "minimum":
    case "maximum":
      return between(rules.minimum, rules.maximum, { en: "", zh: "" });
    case "format":
      return {
        en: "must be a time with its offset, such as 2026-11-22T08:00:00Z",
        zh: "必须是带时区的时间，例如 2026-11-22T08:00:00Z",
      };
    default:
      return undefined;
  }
}

function between(
  least: number | undefined,
  most: number | undefined,
  { en, zh }: Message,
): Message {
  const verb = en === "" ? "must be" : "must have";
  if (most === undefined)
    return { en: `${verb} at least ${least} ${en}`.trimEnd(), zh: `至少 ${least} ${zh}`.trimEnd() };
  if (least === undefined)
    return { en: `${verb} at most ${most} ${en}`.trimEnd(), zh: `最多 ${most} ${zh}`.trimEnd() };
  return {
    en: `${verb} ${least} to ${most} ${en}`.trimEnd(),
    zh: `必须为 ${least} 到 ${most} ${zh}`.trimEnd(),
  };
}
