/** B2 of the findings: what a person cannot see is no name, no reference and no reason. */
import { expect, it } from "vitest";
import { cleanDisplayName } from "../../src/identity/display-name.ts";
import { isReservedName } from "../../src/lib/reserved-name.ts";
import { optionalItemText, requireName } from "../../src/items/items/item-fields.ts";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { SHOWN_NAME, Reference } from "../../src/http/v1/schemas/schemas.ts";
import { useTestApp } from "../support/app.ts";
import { ADD, LIST, logIn } from "../support/market.ts";
import { share } from "../support/test-end.ts";
import { useV1 } from "./v1/support.ts";

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
const SEEN = ["a", "🏴\u{e0067}\u{e007f}", "葛\u{e0100}", "水晶剑", "🗡️", "a\u200d", " é ", "!"];
const patterns = [SHOWN_NAME, Reference as unknown as { pattern: string }].map(
  ({ pattern }) => new RegExp(pattern, "u"),
);
/** Fillers beyond the first plane, which a pattern for .NET cannot name: the server refuses them. */
const UNSEEN_BEYOND = [
  "\u{e0061}\u{e007f}",
  "\u{e0100}",
  "\u{1bca0}",
  "\u{1d173} \u{1d17a}",
  "\u{e0fff}",
];

it.each(UNSEEN)("B2: %j is refused as a name, a reference and a reason", (text) => {
  expect(() => requireName(text)).toThrow();
  expect(() => optionalItemText(text, "source")).toThrow();
  expect(cleanDisplayName(text)).toBeUndefined();
  expect(patterns.map((pattern) => pattern.test(text))).toEqual([false, false]);
});

const shared = share(() => useV1());

it.each(UNSEEN_BEYOND)("B2: %j is refused too, on every surface", async (text) => {
  expect(() => requireName(text)).toThrow();
  expect(cleanDisplayName(text)).toBeUndefined();
  const { call, database } = shared();
  const { key: operator } = await createPlatformKey(database.db, {
    platform: "newday",
    role: "operator",
    scopes: scopesFor("operator"),
  });
  const grant = { userId: "alice", name: text, type: "weapon" };
  const transfer = {
    from: "alice",
    to: "bob",
    currency: "game_coins",
    amount: "1",
    reference: text,
  };
  const recipe = { name: text, inputs: [{ name: "a", quantity: 1 }], outputs: [{ name: "b" }] };
  const reason = { userId: "alice", currency: "game_coins", amount: "1", reason: text };
  for (const [method, path, body, field] of [
    ["POST", "/items/grants", grant, "name"],
    ["POST", "/transfers", transfer, "reference"],
    ["PUT", "/recipes/r", recipe, "name"],
    ["POST", "/adjustments", reason, "reason"],
    ["PUT", "/wallets/dora", { displayName: text }, "displayName"],
  ] as const) {
    const reply = await call(method, path, { body, ...(field === "reason" && { as: operator }) });
    expect([path, reply.status, reply.body.field]).toEqual([path, 400, field]);
  }
});

it.each(SEEN)("B2: %j stays a name, a reference and a reason", (text) => {
  expect(requireName(text)).toBe(text);
  expect(cleanDisplayName(text)).toBe(text.trim());
  expect(patterns.map((pattern) => pattern.test(text))).toEqual([true, true]);
});

/** Cyrillic, Greek, Cherokee, Lisu, Coptic, small capitals, fraktur, digits and pairs of letters. */
const GAME_NAMES = [
  "New Day Game",
  "new-day  game",
  "ＮｅｗＤａｙ",
  "NEWDAY OFFICIAL",
  "The New Day Official Store",
  "New Day 官方商店",
  "New D\u0430y",
  "Ν\u0435\u051d \u13a0\u0430\u0443",
  "ΝΕѠ DΑΥ",
  "ꓠꓰꓪ ꓓꓮꓬ",
  "ⲚⲈW DⲀⲨ",
  "ɴᴇᴡ ᴅᴀʏ",
  "𝕹𝖊𝖜 𝕯𝖆𝖞",
  "Ńéẁ Dåy",
  "Nevv Day",
  "New Day Garne",
  "New Day 0fficia1",
  "New Day Oﬃcial",
  "New\u200bDay",
];
const OTHER_NAMES = [
  "New Dayton",
  "Renewday",
  "Новый день",
  "Νέα μέρα",
  "Newsday",
  "Day New",
  "新的一天",
];

it("B2: no user takes the name of the game, nor one that looks like it", () => {
  for (const name of GAME_NAMES)
    expect([name, isReservedName(name), cleanDisplayName(name)]).toEqual([name, true, undefined]);
  for (const name of OTHER_NAMES) expect([name, cleanDisplayName(name)]).toEqual([name, name]);
});

it("B2: no item comes from a place that looks like the game", async () => {
  const user = await logIn(await useTestApp(), "importer");
  const item = { itemId: "o1", name: "Sword", itemType: "weapon", rarity: "epic", quantity: 1 };
  for (const source of ["newday", ...GAME_NAMES])
    for (const field of ["source", "originalSource"]) {
      const { status, body } = await user.post(ADD, { ...item, [field]: source });
      expect([source, status, body.errorDetail?.field]).toEqual([source, 400, "source"]);
    }
  expect(await user.post(ADD, { ...item, source: "new_dayton" })).toMatchObject({ status: 200 });
});

it("B3: one name is one text, in both spellings of its letters", () => {
  expect(requireName("e\u0301pe\u0301e")).toBe("\u00e9p\u00e9e");
  expect(cleanDisplayName("Ame\u0301lie")).toBe("Am\u00e9lie");
});

it("B3: the name that a platform gives a wallet's user has one spelling too", async () => {
  const { call, database } = await useV1();
  for (const displayName of ["Ame\u0301lie", " Am\u00e9lie "]) {
    await call("PUT", "/wallets/dora", { body: { displayName } });
    const [row] = await database.db.query(
      "select display_name from newday.users where user_id = 'dora'",
    );
    expect(row).toEqual({ display_name: "Am\u00e9lie" });
  }
});

it("B3: a listing by name finds the item in hand, in whichever spelling it was stored", async () => {
  const test = await useTestApp();
  for (const stored of ["NFC", "NFD"] as const) {
    const seller = await logIn(test, `seller-${stored}`);
    const imported = {
      itemId: "sword",
      name: "\u00c9p\u00e9e",
      itemType: "weapon",
      rarity: "epic",
    };
    await seller.post(ADD, { ...imported, quantity: 1 });
    await test.database.db.query(
      `update newday.item_definitions set name = normalize(name, ${stored}) where id in
         (select definition_id from newday.items where owner_id = $1)`,
      [seller.userId],
    );
    const offer = { name: "E\u0301pe\u0301e", itemType: "weapon", price: { gameCoins: 5 } };
    const { body } = await seller.post(LIST, offer);
    expect([stored, body.item.declared, body.item.rarity]).toEqual([stored, false, "epic"]);
  }
});
