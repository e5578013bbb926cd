/**
 * The rule for user ids, at the door of every surface. It replaces the dropped foreign key as the
 * input check: only valid ids reach the database.
 */
import { NewDayError } from "../../errors/errors.ts";

/** docs/contract.md 1: item ids reach 45 characters and more, "allow 255"; user ids alike. */
const USER_ID_LENGTH_MAX = 255;

/**
 * ASCII only, because two Unicode spellings of one visible name would be two wallets. The first
 * character is a letter or digit, which excludes paths, options and `__proto__`.
 */
const USER_ID = /^[A-Za-z0-9][A-Za-z0-9._:@+~=|-]*$/;

/** Reserved names of the platform itself; they have neither login nor wallet. */
const RESERVED_NAMES = new Set([
  "system",
  "newday",
  "admin",
  "root",
  "official",
  "mint",
  "fees",
  "escrow",
  "adjustments",
  "adoption",
  "null",
  "undefined",
  "anonymous",
]);

/** System accounts live under this prefix. */
const RESERVED_PREFIXES = ["system:", "newday:", "erased:"];

const RULES = {
  required: {
    rule: { en: "is required", zh: "不能为空" },
    remedy: { en: "Send the id of the user.", zh: "请发送用户的 ID" },
  },
  text: {
    rule: { en: "must be a string", zh: "必须是字符串" },
    remedy: { en: "Send it in quotes.", zh: "请加引号发送" },
  },
  length: {
    rule: {
      en: `must have 1 to ${USER_ID_LENGTH_MAX} characters`,
      zh: `长度必须为 1 到 ${USER_ID_LENGTH_MAX} 个字符`,
    },
    remedy: { en: "Shorten the id.", zh: "请缩短 ID" },
  },
  characters: {
    rule: {
      en: "may hold ASCII letters, digits and . _ : @ + ~ = | - and starts with a letter or digit",
      zh: "只能包含 ASCII 字母、数字和 . _ : @ + ~ = | -，并以字母或数字开头",
    },
    remedy: {
      en: "Send the opaque id of the user, not a name or a path.",
      zh: "请发送用户的 ID，而非名称或路径",
    },
  },
  reserved: {
    rule: { en: "is a reserved name", zh: "是保留名称" },
    remedy: { en: "Use the id of a real user.", zh: "请使用真实用户的 ID" },
  },
} as const;

/** Returns the id unchanged. Errors: `invalid_user_id` with field, rule and remedy. */
export function requireUserId(value: unknown, field: string): string {
  const rule = brokenRule(value);
  if (rule) throw refusal(field, rule);
  return value as string;
}

function brokenRule(value: unknown): keyof typeof RULES | undefined {
  if (value === undefined || value === null || value === "") return "required";
  if (typeof value !== "string") return "text";
  if (value.length > USER_ID_LENGTH_MAX) return "length";
  if (!USER_ID.test(value)) return "characters";
  return isReservedUserId(value) ? "reserved" : undefined;
}

/** True for names of the system. */
function isReservedUserId(userId: string): boolean {
  const name = userId.toLowerCase();
  return RESERVED_NAMES.has(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

function refusal(field: string, rule: keyof typeof RULES): NewDayError {
  return new NewDayError("invalid_user_id", { field, ...RULES[rule] });
}
