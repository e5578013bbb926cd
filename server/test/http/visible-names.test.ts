/** B2 of the findings: what a person cannot see is no name, no reference and no reason. */
import { expect, it } from "vitest";
import { cleanDisplayName, isReservedName } from "../../src/identity/display-name.ts";
import { requireName } from "../../src/items/items/item-fields.ts";
import { SHOWN_NAME, Reference } from "../../src/http/v1/schemas/schemas.ts";

const UNSEEN = [
  "   ",
  "\u200b\u200d",
  "\u3164",
  "\u115f\u1160",
  "\u2800",
  "\ufeff",
  "\u00ad",
  "\uffa0\ufe0f",
];
const SEEN = ["a", "水晶剑", "🗡️", "a\u200d", " é ", "!"];
const patterns = [SHOWN_NAME, (Reference as unknown as { pattern: string }).pattern].map(
  (pattern) => new RegExp(pattern, "u"),
);

it.each(UNSEEN)("B2: %j is refused as a name, a reference and a reason", (text) => {
  expect(() => requireName(text)).toThrow();
  expect(cleanDisplayName(text)).toBeUndefined();
  expect(patterns.map((pattern) => pattern.test(text))).toEqual([false, false]);
});

it.each(SEEN)("B2: %j stays a name, a reference and a reason", (text) => {
  expect(requireName(text)).toBe(text);
  expect(cleanDisplayName(text)).toBe(text.trim());
  expect(patterns.map((pattern) => pattern.test(text))).toEqual([true, true]);
});

it("B2: no user takes the name of the game", () => {
  for (const name of ["New Day Game", "new-day  game", "ＮｅｗＤａｙ", "NEWDAY OFFICIAL"])
    expect([name, isReservedName(name), cleanDisplayName(name)]).toEqual([name, true, undefined]);
  expect(cleanDisplayName("New Dayton")).toBe("New Dayton");
});

it("B3: one name is one text, in both spellings of its letters", () => {
  expect(requireName("e\u0301pe\u0301e")).toBe("\u00e9p\u00e9e");
  expect(cleanDisplayName("Ame\u0301lie")).toBe("Am\u00e9lie");
});
