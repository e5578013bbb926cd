/**
 * Fields that a platform declares for its item types, and the check of values against them. Pure: the same
 * rules hold for grants, recipes, imports and changes.
 */
import { NewDayError } from "../../errors/errors.ts";
import type { Message } from "../../lib/messages.ts";
import { refuseField, requireText } from "./item-fields.ts";

export const FIELD_KINDS = ["integer", "text", "flag", "choice"] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

export type FieldValue = number | string | boolean;
export type Fields = Readonly<Record<string, FieldValue>>;

/** The rule of one field, as it is stored and shown. */
export interface FieldRule {
  readonly name: string;
  readonly kind: FieldKind;
  /** Both of an integer. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of a text, in characters. */
  readonly maxLength?: number;
  readonly choices?: readonly string[];
  readonly required: boolean;
  /** Taken where no value is sent. */
  readonly default?: FieldValue;
}

/** More than a game's item sheet shows, and few enough to read at each grant. */
export const FIELDS_MAX = 32;
/** Of an item's fields as JSON; they are shown with each item in lists. */
export const FIELDS_BYTES_MAX = 2_048;
/** Of all rules of a type as JSON; a list shows them with each type. */
const RULES_BYTES_MAX = 8_192;
/** Exact in JSON and in every language of a client. */
export const FIELD_NUMBER_MAX = 1_000_000_000;
export const FIELD_TEXT_MAX = 500;
export const CHOICES_MAX = 64;
export const CHOICE_LENGTH_MAX = 64;

/** Names that JavaScript gives a meaning. */
const RESERVED_NAMES = new Set(["constructor", "prototype", "toString", "valueOf"]);

/**
 * Returns the rules with their optional members in one form. Errors: `invalid_field` that names the rule's
 * place, such as `fields.0.maximum`.
 */
export function requireFieldRules(sent: readonly SentRule[]): FieldRule[] {
  if (sent.length > FIELDS_MAX)
    throw refuseField("fields", {
      en: `must declare at most ${FIELDS_MAX} fields`,
      zh: `最多声明 ${FIELDS_MAX} 个字段`,
    });
  const names = new Set<string>();
  const rules = sent.map((rule, index) => {
    const place = `fields.${index}`;
    if (names.has(rule.name) || RESERVED_NAMES.has(rule.name))
      throw refuseField(`${place}.name`, {
        en: "must be a name of its own: it stands twice or is reserved",
        zh: "字段名重复或为保留名称",
      });
    names.add(rule.name);
    return requireRule(rule, place);
  });
  if (bytesOf(rules) > RULES_BYTES_MAX)
    throw refuseField("fields", {
      en: `must have at most ${RULES_BYTES_MAX} bytes together`,
      zh: `合计最多 ${RULES_BYTES_MAX} 字节`,
    });
  return rules;
}

export type SentRule = Omit<FieldRule, "required"> & { readonly required?: boolean };

/** The members that each kind has beside name, kind, required and default; all of them. */
const MEMBERS = {
  integer: ["minimum", "maximum"],
  text: ["maxLength"],
  flag: [],
  choice: ["choices"],
} as const satisfies Record<FieldKind, readonly (keyof FieldRule)[]>;

const KIND_MEMBERS = ["minimum", "maximum", "maxLength", "choices"] as const;

function requireRule(sent: SentRule, place: string): FieldRule {
  const own: readonly string[] = MEMBERS[sent.kind];
  for (const member of KIND_MEMBERS) {
    const isOwn = own.includes(member);
    if (isOwn === (sent[member] !== undefined)) continue;
    throw refuseField(
      `${place}.${member}`,
      isOwn
        ? { en: `is required for the kind ${sent.kind}`, zh: `类型 ${sent.kind} 必填` }
        : { en: `is no member of the kind ${sent.kind}`, zh: `类型 ${sent.kind} 无此项` },
    );
  }
  const { minimum = 0, maximum = 0, choices = [] } = sent;
  if (minimum > maximum)
    throw refuseField(`${place}.maximum`, {
      en: "must not be below the minimum",
      zh: "不能小于 minimum",
    });
  for (const [index, choice] of choices.entries())
    requireChoice(choices, choice, `${place}.choices.${index}`);
  const rule = { ...sent, required: sent.required ?? false };
  if (rule.default !== undefined) requireValue(rule, rule.default, `${place}.default`);
  return rule;
}

function requireChoice(choices: readonly string[], choice: string, place: string): void {
  requireText(choice, place, CHOICE_LENGTH_MAX);
  if (choices.indexOf(choice) !== choices.lastIndexOf(choice))
    throw refuseField(place, { en: "must stand once in the list", zh: "选项不能重复" });
}

/**
 * Returns the values in the order of the rules, with defaults where none was sent. Errors: `invalid_field`
 * and `missing_fields` that name the field, such as `fields.power`.
 */
export function checkFields(
  rules: readonly FieldRule[],
  sent: Readonly<Record<string, unknown>>,
  field = "fields",
): Fields {
  refuseUndeclared(rules, sent, field);
  const values = rules.flatMap((rule) => {
    const value = Object.hasOwn(sent, rule.name) ? sent[rule.name] : rule.default;
    if (value !== undefined)
      return [[rule.name, requireValue(rule, value, `${field}.${rule.name}`)] as const];
    if (rule.required) throw missing(`${field}.${rule.name}`);
    return [];
  });
  const checked = Object.fromEntries(values);
  if (bytesOf(checked) > FIELDS_BYTES_MAX)
    throw refuseField(field, {
      en: `must have at most ${FIELDS_BYTES_MAX} bytes together`,
      zh: `合计最多 ${FIELDS_BYTES_MAX} 字节`,
    });
  return checked;
}

/** Fields as a definition has them: null for none. */
export function storedFields(fields: Fields): Fields | null {
  return Object.keys(fields).length === 0 ? null : fields;
}

/**
 * The fields after a change: named values replace, null removes, the others stay. Values that the type
 * does not declare any more are dropped. Errors: as `checkFields`, also for a stored value that newer rules refuse.
 */
export function changeFields(
  rules: readonly FieldRule[],
  stored: Fields,
  sent: Readonly<Record<string, FieldValue | null>>,
): Fields {
  refuseUndeclared(rules, sent, "fields");
  const kept = rules.flatMap(({ name }) => {
    const value = Object.hasOwn(sent, name) ? sent[name] : ownValue(stored, name);
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return checkFields(rules, Object.fromEntries(kept));
}

/**
 * Checks stats against rules, without completing them. Errors: `invalid_field` that names the stat, also for
 * one that no rule declares.
 */
export function boundStats(
  rules: readonly FieldRule[],
  stats: Readonly<Record<string, unknown>>,
  field: string,
): void {
  refuseUndeclared(rules, stats, field);
  for (const rule of rules)
    if (Object.hasOwn(stats, rule.name))
      requireValue(rule, stats[rule.name], `${field}.${rule.name}`);
}

function ownValue(fields: Fields, name: string): FieldValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function refuseUndeclared(rules: readonly FieldRule[], sent: object, field: string): void {
  const declared = rules.map(({ name }) => name);
  const unknown = Object.keys(sent).find((name) => !declared.includes(name));
  if (unknown === undefined) return;
  const list = declared.join(", ");
  throw refuseField(
    `${field}.${unknown.slice(0, 64)}`,
    { en: "is not a field of this item type", zh: "不是此道具类型的字段" },
    declared.length === 0
      ? { en: "Leave it out: the type declares no fields.", zh: "请省略：此类型未声明字段" }
      : { en: `Use the declared fields: ${list}.`, zh: `可用字段：${list}` },
  );
}

function requireValue(rule: FieldRule, value: unknown, field: string): FieldValue {
  if (rule.kind === "text" && value === "") return "";
  if (rule.kind === "text") return requireText(value, field, rule.maxLength ?? 0);
  if (rule.kind === "integer" && isIntegerWithin(rule, value)) return value;
  if (rule.kind === "flag" && typeof value === "boolean") return value;
  const choice = rule.choices?.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw refuseField(field, FORMS[rule.kind](rule));
}

function isIntegerWithin({ minimum, maximum }: FieldRule, value: unknown): value is number {
  return (
    typeof value === "number" &&
    Number.isInteger(value) &&
    value >= (minimum ?? 0) &&
    value <= (maximum ?? 0)
  );
}

const FORMS: Readonly<Record<FieldKind, (rule: FieldRule) => Message>> = {
  integer: ({ minimum, maximum }) => ({
    en: `must be a whole number from ${minimum} to ${maximum}`,
    zh: `必须是 ${minimum} 到 ${maximum} 的整数`,
  }),
  text: ({ maxLength }) => ({
    en: `must be a text of at most ${maxLength} characters`,
    zh: `必须是最多 ${maxLength} 个字符的文本`,
  }),
  flag: () => ({ en: "must be true or false", zh: "必须是 true 或 false" }),
  choice: ({ choices = [] }) => ({
    en: `must be one of ${choices.join(", ")}`,
    zh: `必须是 ${choices.join("、")} 之一`,
  }),
};

function missing(field: string): NewDayError {
  return new NewDayError("missing_fields", {
    field,
    rule: { en: "is required by the item type", zh: "是此道具类型的必填字段" },
    missingFields: [field],
  });
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
