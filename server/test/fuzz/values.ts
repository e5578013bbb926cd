/** Arbitraries of request values: valid by their schema, nearly valid, and hostile. */
import fc from "fast-check";

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

export type Components = Readonly<Record<string, Schema>>;

/** Stands for a value that an earlier reply named; resolved when the request is sent. */
export class Known {
  readonly pool: string;
  readonly at: number;

  constructor(pool: string, at: number) {
    this.pool = pool;
    this.at = at;
  }
}

export function known(pool: string): fc.Arbitrary<Known> {
  return fc.nat(1_000_000).map((at) => new Known(pool, at));
}

const LONG = "x".repeat(300);

const hostileText = fc.oneof(
  { arbitrary: fc.string({ unit: "binary", maxLength: 20 }), weight: 2 },
  {
    arbitrary: fc.constantFrom(
      "",
      " ",
      "0",
      "-0",
      "-1",
      "00",
      "1.0",
      "1e3",
      " 1",
      "0x10",
      "١",
      "9223372036854775807",
      "9223372036854775808",
      "9".repeat(400),
      "NaN",
      "Infinity",
      "null",
      "true",
      "a\u0000",
      "\u0000",
      "a\u0007b",
      "\ud800",
      "a\udc00b",
      "\u200b",
      "\u2060a",
      "\u202egnp",
      "é",
      "e\u0301",
      "ﬁ",
      "<b>x</b>",
      "__proto__",
      "constructor",
      "toString",
      "system",
      "system:newday:mint",
      "../..",
      "%00",
      "'; drop table users; --",
      "x".repeat(255),
      "x".repeat(256),
      "界".repeat(255),
      "😀".repeat(256),
      LONG,
      "x".repeat(5_000),
    ),
    weight: 5,
  },
);

export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: hostileText, weight: 6 },
  { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 },
  {
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1,
      1.5,
      2 ** 31,
      2 ** 53 - 1,
      2 ** 53,
      1e308,
      [],
      {},
      [[]],
      { "": "" },
      { constructor: 1 },
    ),
    weight: 3,
  },
);

const soon = fc
  .integer({ min: -100_000, max: 100_000 })
  .map((seconds) => new Date(Date.UTC(2026, 10, 29) + seconds * 1_000).toISOString());

/** Values with which components are worth calling; others are made from their schema. */
const BY_COMPONENT: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  Amount: fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 40 }).map(String), weight: 12 },
    { arbitrary: fc.constantFrom("9223372036854775807", "9999999999999999999"), weight: 1 },
  ),
  SignedAmount: fc.constantFrom("1", "-1", "2", "-2", "5", "-5"),
  CurrencyCode: fc.oneof(
    { arbitrary: fc.constant("game_coins"), weight: 8 },
    { arbitrary: fc.constantFrom("cash", "computing_power", "absent_coin"), weight: 2 },
  ),
  UserId: known("user"),
  OpenedUserId: known("user"),
  Id: known("any"),
  ItemId: known("item"),
  Timestamp: soon,
  Quantity: fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 3 }), weight: 6 },
    { arbitrary: fc.integer({ min: 1, max: 2_000_000_000 }), weight: 1 },
  ),
  Prices: fc.oneof(
    fc.constantFrom({ game_coins: "3" }, { game_coins: "1", cash: "2" }),
    fc.dictionary(fc.constantFrom("game_coins", "cash", "absent_coin"), fc.constant("7")),
  ),
};

/** Names whose values are known better than their schema tells. */
const BY_NAME: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  itemId: known("items"),
  listingId: known("listings"),
  definitionId: known("definition"),
  quote: known("quote"),
  // Short pages leave a cursor to follow.
  limit: fc.oneof(fc.constantFrom(1, 2), fc.integer({ min: 1, max: 200 })),
};

/** One value in `noise` hundred is replaced, on every level. */
export function valueOf(
  schema: Schema,
  components: Components,
  noise: number,
  name = "",
): fc.Arbitrary<unknown> {
  const good = BY_NAME[name] ?? plainValue(schema, components, noise);
  if (noise === 0) return good;
  const bad = fc.oneof({ arbitrary: nearby(resolve(schema, components)), weight: 1 }, hostile);
  return fc.oneof({ arbitrary: good, weight: 100 - noise }, { arbitrary: bad, weight: noise });
}

export function resolve(schema: Schema, components: Components): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (components[name] ?? {});
}

function plainValue(schema: Schema, components: Components, noise: number): fc.Arbitrary<unknown> {
  const name = schema.$ref?.split("/").at(-1) ?? "";
  const chosen = BY_COMPONENT[name];
  if (chosen) return chosen;
  if (schema.$ref !== undefined) return plainValue(resolve(schema, components), components, noise);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valueOf(one, components, noise)));
  switch (schema.type) {
    case "object":
      return objectOf(schema, components, noise);
    case "array":
      return fc.array(valueOf(schema.items ?? {}, components, noise), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, (schema.minItems ?? 0) + 3),
      });
    case "integer":
      return fc.integer({ min: schema.minimum ?? 1, max: Math.min(schema.maximum ?? 1e6, 1e9) });
    case "boolean":
      return fc.boolean();
    case "string":
      return textOf(schema);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function textOf({ pattern, maxLength, format }: Schema): fc.Arbitrary<string> {
  if (format === "date-time") return soon;
  // Patterns of excluded letters match nearly every text; the few others are generated from.
  if (pattern !== undefined && !pattern.startsWith("^[^"))
    return fc.stringMatching(regExp(pattern));
  return fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: Math.min(maxLength ?? 30, 30) }),
    fc.constantFrom("drink", "能量饮料", "blade of é", "😀 luck"),
  );
}

function regExp(pattern: string): RegExp {
  return new RegExp(pattern, "u");
}

function objectOf(schema: Schema, components: Components, noise: number): fc.Arbitrary<unknown> {
  const required = schema.required ?? [];
  const fields = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, field]) => [
      name,
      valueOf(field, components, noise, name),
    ]),
  );
  const values = schema.additionalProperties;
  const made =
    typeof values === "object" && Object.keys(fields).length === 0
      ? fc.dictionary(
          fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,9}$/),
          valueOf(values, components, noise),
          { maxKeys: 4 },
        )
      : fc.record(fields, { requiredKeys: [...required] });
  if (noise === 0) return made;
  const change = fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 100 - noise },
    { arbitrary: fc.record({ at: fc.nat(20), value: hostile, drop: fc.boolean() }), weight: noise },
  );
  return fc.tuple(made, change).map(([value, edit]) => {
    if (!edit) return value;
    const edited: Record<string, unknown> = { ...(value as Record<string, unknown>) };
    const names = Object.keys(edited);
    const name = names[edit.at % Math.max(names.length, 1)];
    if (edit.drop && name !== undefined) delete edited[name];
    else edited[STRANGE_NAMES[edit.at % STRANGE_NAMES.length] ?? ""] = edit.value;
    return edited;
  });
}

const STRANGE_NAMES = ["extra", "", "toString", "a\u0000", "idempotencyKey", "x".repeat(300)];

/** Just over the borders that the schema names. */
function nearby(schema: Schema): fc.Arbitrary<unknown> {
  const near: unknown[] = [""];
  for (const border of [schema.minimum, schema.maximum])
    if (border !== undefined) near.push(border - 1, border, border + 1);
  for (const length of [schema.minLength, schema.maxLength])
    if (length !== undefined)
      near.push("x".repeat(Math.max(length - 1, 0)), "x".repeat(length), "x".repeat(length + 1));
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && minItems > 0) near.push([]);
  if (maxItems !== undefined) near.push(Array<string>(maxItems + 1).fill("1"));
  if (schema.type === "integer") near.push("1", "0x10", " 1", "1e1", 1.5, -0);
  if (schema.type === "boolean") near.push("true", 1, "yes");
  if (schema.pattern !== undefined) near.push("game_coins\n", "GAME_COINS", "1\n", "+1", "a-b_c");
  return fc.constantFrom(...near);
}
