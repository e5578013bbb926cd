/** The fields of item types: random rules and values against a model that is written the other way round. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NewDayError } from "../../src/errors/errors.ts";
import {
  boundStats,
  changeFields,
  checkFields,
  FIELDS_BYTES_MAX,
  FIELDS_MAX,
  requireFieldRules,
  type FieldRule,
  type SentRule,
} from "../../src/items/items/field-rules.ts";

const NAMES = ["power", "level", "title", "bound", "element", "x"] as const;
const name = fc.constantFrom(...NAMES);
const text = fc.string({ maxLength: 12, unit: "grapheme" });
const value = fc.oneof(
  fc.integer({ min: -30, max: 30 }),
  fc.constantFrom(0.5, -0, 1e9, Number.NaN, Number.POSITIVE_INFINITY),
  text,
  fc.boolean(),
  fc.constantFrom("fire", "ice"),
  fc.constantFrom([], {}, null),
);

/** Rules that `requireFieldRules` accepts, most of them. */
const rule: fc.Arbitrary<SentRule> = fc
  .record({
    name,
    required: fc.boolean(),
    low: fc.integer({ min: -20, max: 20 }),
    span: fc.integer({ min: 0, max: 20 }),
    kind: fc.constantFrom("integer", "text", "flag", "choice"),
    given: fc.option(
      fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constant("fire"), fc.boolean()),
    ),
  })
  .map(({ name: of, required, low, span, kind, given }): SentRule => {
    const members = {
      integer: { minimum: low, maximum: low + span },
      text: { maxLength: span + 1 },
      flag: {},
      choice: { choices: ["fire", "ice"] },
    }[kind];
    return { name: of, kind, required, ...members, ...(given === null ? {} : { default: given }) };
  });
const rules = fc.uniqueArray(rule, { selector: ({ name: of }) => of, maxLength: NAMES.length });
const values = fc.dictionary(fc.oneof(name, fc.constantFrom("other", "toString")), value);

/** True when the rule allows the value; independent of the code under test. */
function isAllowed(
  { kind, minimum = 0, maximum = 0, maxLength = 0, choices = [] }: FieldRule,
  of: unknown,
) {
  switch (kind) {
    case "integer":
      return Number.isSafeInteger(of) && Number(of) >= minimum && Number(of) <= maximum;
    case "flag":
      return of === true || of === false;
    case "choice":
      return typeof of === "string" && choices.includes(of);
    case "text":
      return (
        typeof of === "string" &&
        Array.from(of).length <= maxLength &&
        !/[\p{Cc}<>\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(of)
      );
  }
}

/** The result, or the error as `code field`. */
function attempt<Result>(act: () => Result): { result: Result } | { refused: string } {
  try {
    return { result: act() };
  } catch (error) {
    if (!(error instanceof NewDayError)) throw error;
    return { refused: `${error.code} ${String(error.details["field"])}` };
  }
}

const accepted = (sent: readonly SentRule[]) => {
  const read = attempt(() => requireFieldRules(sent));
  return "result" in read ? read.result : undefined;
};

describe("fields of item types", () => {
  it("are accepted exactly when each keeps its rule, and completed with the defaults", () => {
    fc.assert(
      fc.property(rules, values, (sent, given) => {
        const declared = accepted(sent);
        fc.pre(declared !== undefined);
        const isGood =
          Object.keys(given).every((of) => declared.some((one) => one.name === of)) &&
          declared.every((one) =>
            Object.hasOwn(given, one.name)
              ? isAllowed(one, given[one.name])
              : one.default !== undefined || !one.required,
          );
        const read = attempt(() => checkFields(declared, given));
        expect("result" in read).toBe(isGood);
        if ("refused" in read) {
          expect(read.refused).toMatch(/^(invalid_field|missing_fields) fields\.\w+$/);
          return;
        }
        for (const one of declared) {
          const of = Object.hasOwn(given, one.name) ? given[one.name] : one.default;
          expect(read.result[one.name]).toEqual(of);
        }
        expect(checkFields(declared, read.result)).toEqual(read.result);
      }),
    );
  });

  it("change as the whole would: what is not named stays, null removes", () => {
    fc.assert(
      fc.property(rules, values, values, (sent, before, changes) => {
        const declared = accepted(sent);
        fc.pre(declared !== undefined);
        const stored = attempt(() => checkFields(declared, before));
        fc.pre("result" in stored);
        const whole: Record<string, unknown> = { ...stored.result, ...changes };
        for (const of of Object.keys(whole))
          if (whole[of] === null && declared.some((one) => one.name === of)) delete whole[of];
        const expected = attempt(() => checkFields(declared, whole));
        expect(attempt(() => changeFields(declared, stored.result, changes as never))).toEqual(
          expected,
        );
      }),
    );
  });

  it("bound imported stats without adding any", () => {
    fc.assert(
      fc.property(rules, values, (sent, given) => {
        const declared = accepted(sent);
        fc.pre(declared !== undefined);
        const isGood = Object.entries(given).every(([of, stat]) => {
          const found = declared.find((one) => one.name === of);
          return found !== undefined && isAllowed(found, stat);
        });
        const read = attempt(() => boundStats(declared, given, "stats"));
        expect("result" in read).toBe(isGood);
      }),
    );
  });

  it.each([
    ["a reserved name", [{ name: "constructor", kind: "flag" }], "fields.0.name"],
    [
      "a name twice",
      [
        { name: "a", kind: "flag" },
        { name: "a", kind: "flag" },
      ],
      "fields.1.name",
    ],
    ["no bounds", [{ name: "a", kind: "integer" }], "fields.0.minimum"],
    [
      "bounds the wrong way",
      [{ name: "a", kind: "integer", minimum: 2, maximum: 1 }],
      "fields.0.maximum",
    ],
    ["a member of another kind", [{ name: "a", kind: "flag", maxLength: 3 }], "fields.0.maxLength"],
    ["a choice twice", [{ name: "a", kind: "choice", choices: ["x", "x"] }], "fields.0.choices.0"],
    [
      "a default out of bounds",
      [{ name: "a", kind: "integer", minimum: 0, maximum: 1, default: 2 }],
      "fields.0.default",
    ],
    [
      "too many",
      Array.from({ length: FIELDS_MAX + 1 }, (_, n) => ({ name: `f${n}`, kind: "flag" })),
      "fields",
    ],
  ] as [string, SentRule[], string][])("are not declared with %s", (_, sent, field) => {
    expect(attempt(() => requireFieldRules(sent))).toEqual({ refused: `invalid_field ${field}` });
  });

  it("are bounded in bytes together", () => {
    const many = Array.from({ length: 5 }, (_, n): SentRule => ({
      name: `t${n}`,
      kind: "text",
      maxLength: 500,
    }));
    const given = Object.fromEntries(many.map(({ name: of }) => [of, "力".repeat(140)]));
    expect(Buffer.byteLength(JSON.stringify(given))).toBeGreaterThan(FIELDS_BYTES_MAX);
    expect(attempt(() => checkFields(requireFieldRules(many), given))).toEqual({
      refused: "invalid_field fields",
    });
  });
});
