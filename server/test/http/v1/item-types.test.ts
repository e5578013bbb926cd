/** Item types, rarities and fields of a platform's own: what they permit, and what they refuse. */
import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../../src/identity/platform-keys.ts";
import { scopesFor } from "../../../src/identity/scopes.ts";
import { addTestPlatform } from "../../support/platforms.ts";
import { useV1, type CallOptions, type Reply, type TestV1 } from "./support.ts";

const FIELDS = [
  { name: "power", kind: "integer", minimum: 0, maximum: 100, required: true },
  { name: "motto", kind: "text", maxLength: 20 },
  { name: "bound", kind: "flag", default: false },
  { name: "element", kind: "choice", choices: ["fire", "ice"] },
];
const RUNE = { shownAs: "material", fields: FIELDS };
const GRANT = { userId: "alice", name: "Rune of dawn", type: "rune", fields: { power: 7 } };

interface Game extends TestV1 {
  /** A key of the platform moon, whose user is ada. */
  readonly moon: string;
  readonly grant: (change?: object) => Promise<Reply["body"]>;
  readonly refused: (path: string, options: CallOptions & { method?: string }) => Promise<string>;
  readonly older: (userId: string, method: string, path: string, body?: object) => Promise<Reply>;
}

/** AllinONE has the type rune and the rarity mythic. */
async function useGame(): Promise<Game> {
  const test = await useV1();
  const { call, app, login } = test;
  await addTestPlatform(test.database.db, "moon");
  const scopes = scopesFor("platform");
  const { key: moon } = await createPlatformKey(test.database.db, { platform: "moon", scopes });
  await call("PUT", "/wallets/ada", { as: moon, body: {} });
  await call("PUT", "/item-types/rune", { body: RUNE });
  await call("PUT", "/rarities/mythic", { body: { shownAs: "legendary" } });
  return {
    ...test,
    moon,
    async grant(change = {}) {
      const reply = await call("POST", "/items/grants", { body: { ...GRANT, ...change } });
      expect(reply.status, JSON.stringify(reply.body)).toBe(201);
      return reply.body.item;
    },
    async refused(path, { method = "POST", ...options }) {
      const { status, body } = await call(method, path, options);
      return `${status} ${body.code} ${body.field}`;
    },
    async older(userId, method, path, payload) {
      const headers = { authorization: `Bearer ${await login(userId)}` };
      const reply = await app.inject({
        method: method as "GET",
        url: `/api/allinone${path}`,
        headers,
        ...(payload && { payload }),
      });
      return { status: reply.statusCode, headers: reply.headers, body: reply.json() };
    },
  };
}

describe("a platform's own item types and rarities", () => {
  it("are defined, listed, changed, retired and brought back by its key alone", async () => {
    const { call, grant, refused, login, moon } = await useGame();
    const defined = await call("GET", "/item-types/rune");
    expect(defined.body).toMatchObject({
      name: "rune",
      type: "allinone:rune",
      shownAs: "material",
      version: "1",
      retired: false,
      fields: [{ name: "power", required: true }, { required: false }, { default: false }, {}],
    });
    const again = await call("PUT", "/item-types/rune", { body: RUNE });
    expect([again.status, again.body]).toEqual([200, defined.body]);
    await call("PUT", `/item-types/${encodeURIComponent("符文")}`, { body: { shownAs: "tool" } });
    const as = await login("alice");
    const page = await call("GET", "/item-types?limit=1", { as });
    const rest = await call("GET", `/item-types?limit=1&cursor=${page.body.nextCursor}`, { as });
    expect([page.body.data[0].name, rest.body.data[0].name, rest.body.nextCursor]).toEqual([
      "rune",
      "符文",
      null,
    ]);
    expect(await refused("/item-types/x", { method: "PUT", as, body: RUNE })).toMatch(
      /^403 forbidden/,
    );
    // Another platform neither sees nor uses it, and may have one of the same name.
    expect(await refused("/item-types/rune", { method: "GET", as: moon })).toBe(
      "404 not_found name",
    );
    const stolen = { ...GRANT, userId: "ada", type: "allinone:rune" };
    for (const type of ["rune", "allinone:rune"])
      expect(await refused("/items/grants", { as: moon, body: { ...stolen, type } })).toBe(
        "400 invalid_item_type type",
      );
    const own = await call("PUT", "/item-types/rune", { as: moon, body: { shownAs: "special" } });
    expect(own.body).toMatchObject({ type: "moon:rune", version: "1" });

    const item = await grant({ rarity: "mythic" });
    expect(item).toMatchObject({
      type: "allinone:rune",
      baseType: "material",
      rarity: "allinone:mythic",
      baseRarity: "legendary",
      fields: { power: 7, bound: false },
    });
    expect((await grant({ type: "allinone:rune", rarity: "allinone:mythic" })).definitionId).toBe(
      item.definitionId,
    );
    // Retired while in use: nothing new, and everything that is there goes on.
    const recipe = {
      name: "Dawn",
      inputs: [{ definitionId: item.definitionId, quantity: 1 }],
      outputs: [{ item: { name: "Dust", type: "rune", fields: { power: 1 } }, quantity: 1 }],
    };
    expect((await call("PUT", "/recipes/dawn", { body: recipe })).status).toBe(201);
    for (const path of ["/item-types/rune/retire", "/rarities/mythic/retire"]) {
      expect((await call("POST", path, { body: {} })).body).toMatchObject({
        version: "2",
        retired: true,
      });
      expect((await call("POST", path, { body: {} })).body.version).toBe("2");
    }
    expect(await refused("/items/grants", { body: GRANT })).toBe("400 invalid_item_type type");
    const rarity = { ...GRANT, type: "tool", fields: {}, rarity: "mythic" };
    expect(await refused("/items/grants", { body: rarity })).toBe("400 invalid_rarity rarity");
    expect(await refused("/recipes/dusk", { method: "PUT", body: recipe })).toBe(
      "400 invalid_item_type outputs.0.item.type",
    );
    const changed = await call("PATCH", `/items/${item.id}`, { body: { fields: { power: 8 } } });
    expect(changed).toMatchObject({ status: 201, body: { item: { fields: { power: 8 } } } });
    expect((await call("GET", "/wallets/alice/items?type=rune")).body.data).toHaveLength(2);
    expect((await call("PUT", "/item-types/rune", { body: RUNE })).body).toMatchObject({
      version: "3",
      retired: false,
    });
    await grant();
  });

  it("have names that cannot be taken for another's", async () => {
    const { refused, call } = await useGame();
    const put = (kind: string, name: string, shownAs: string) =>
      refused(`/${kind}/${encodeURIComponent(name)}`, { method: "PUT", body: { shownAs } });
    // Of the nine and the five: upper case, Cyrillic, Greek, full width, accents, digits, spaces, hidden letters.
    const alike = [
      "Weapon",
      "wеароn",
      "ωeapon",
      "ｗｅａｐｏｎ",
      "wéapon",
      "weap0n",
      "we_apon",
      "ѕkin",
      "Реt",
    ];
    const kept: string[] = [];
    for (const name of alike) {
      const answer = await put("item-types", name, "tool");
      if (answer !== "400 invalid_field name") kept.push(name);
    }
    expect(kept).toEqual(["ωeapon"]); // Omega is no look-alike of w: UTS 39 has none.
    for (const name of ["Legendary", "rаre", "epıc", "common."])
      expect(await put("rarities", name, "rare")).toBe("400 invalid_field name");
    // Of one's own.
    for (const name of ["Rune", "runе", "ru-ne", "ｒｕｎｅ"])
      expect([name, await put("item-types", name, "tool")]).toEqual([
        name,
        "400 invalid_field name",
      ]);
    expect(await put("rarities", "legendary", "legendary")).toBe("400 invalid_field name");
    // No name at all.
    const bad = [
      "__proto__",
      "constructor",
      "prototype",
      "%2e",
      "v1..0",
      "___",
      "a b",
      "a\u200bb",
      "<b>",
      "moon:rune",
      "★",
      "x".repeat(33),
      "a\u202eb",
      "New-Day",
    ];
    for (const name of bad)
      expect([name, await put("item-types", name, "tool")]).toEqual([
        name,
        "400 invalid_field name",
      ]);
    expect(await put("item-types", "weapon", "tool")).toBe("400 invalid_field shownAs");
    expect(await put("item-types", "orb", "orb")).toBe("400 invalid_field shownAs");
    const body = { shownAs: "tool", fields: [{ name: "a", kind: "integer", minimum: 0 }] };
    expect(await refused("/item-types/orb", { method: "PUT", body })).toBe(
      "400 invalid_field fields.0.maximum",
    );
    expect((await call("GET", "/item-types")).body.data).toHaveLength(2);
  });

  it("are shown to older clients as one of the nine, with the fields among the stats", async () => {
    const { grant, call, older, moon } = await useGame();
    const fields = { power: 7, element: "ice" };
    const item = await grant({ rarity: "mythic", fields, stats: { weight: 2 }, quantity: 2 });
    const inventory = await older("alice", "GET", "/inventory");
    expect(inventory.body.items[0]).toMatchObject({
      id: item.id,
      type: "material",
      itemType: "material",
      category: "material",
      rarity: "legendary",
      stats: { weight: 2, power: 7, element: "ice", bound: false },
    });
    expect(inventory.body.items[0]).not.toHaveProperty("fields");
    const sale = { itemId: item.id, prices: { game_coins: "5" }, quantity: 1 };
    const listed = await call("POST", "/listings", { body: sale });
    expect(listed.body).toMatchObject({ type: "allinone:rune", baseType: "material", fields });
    const market = await older("bob", "GET", "/market/items?itemType=material");
    const offer = market.body.items.find(({ id }: { id: string }) => id === listed.body.id);
    expect(offer).toMatchObject({ itemType: "material", rarity: "legendary", stats: fields });
    // The market finds it by either word, from another platform with the prefix.
    const found = async (query: string, as?: string) =>
      (await call("GET", `/listings?${query}`, as === undefined ? {} : { as })).body.data?.length;
    expect(await found("type=rune&rarity=mythic")).toBe(1);
    expect(await found("type=material&sellerId=alice")).toBe(1);
    expect(await found("type=allinone:rune", moon)).toBe(1);
    expect(await found("type=tool&rarity=mythic")).toBe(0);
    const unknown = await call("GET", "/listings?type=rune", { as: moon });
    expect([unknown.status, unknown.body.code]).toEqual([400, "invalid_item_type"]);
    const body = { itemId: listed.body.id, currencyType: "gameCoins" };
    const bought = await older("bob", "POST", "/market/purchase", body);
    expect(bought.body.item).toMatchObject({ type: "material", stats: fields });
    const catalogue = await call("GET", "/catalogue?limit=1");
    expect(catalogue.body.data[0]).toMatchObject({ fields: {} });
    expect(catalogue.body.data[0].type).toBe(catalogue.body.data[0].baseType);
  });
});

describe("the fields of an item", () => {
  it("are checked when it is granted, alone, in bulk and by recipe", async () => {
    const { refused, call } = await useGame();
    const tries: [object, string][] = [
      [{ fields: undefined }, "missing_fields fields.power"],
      [{ fields: { power: 101 } }, "invalid_field fields.power"],
      [{ fields: { power: 1.5 } }, "invalid_field fields.power"],
      [{ fields: { power: "7" } }, "invalid_field fields.power"],
      [{ fields: { power: 7, bound: 1 } }, "invalid_field fields.bound"],
      [{ fields: { power: 7, element: "void" } }, "invalid_field fields.element"],
      [{ fields: { power: 7, motto: "x".repeat(21) } }, "invalid_field fields.motto"],
      [{ fields: { power: 7, motto: "<b>" } }, "invalid_field fields.motto"],
      [{ fields: { power: 7, attack: 1e9 } }, "invalid_field fields.attack"],
      [{ fields: { power: 7 }, stats: { power: 1e9 } }, "invalid_field stats.power"],
      [{ type: "weapon" }, "invalid_field fields.power"],
    ];
    for (const [change, answer] of tries)
      expect(await refused("/items/grants", { body: { ...GRANT, ...change } })).toBe(
        `400 ${answer}`,
      );
    const huge = { power: 7, motto: "x".repeat(60_000) };
    expect(await refused("/items/grants", { body: { ...GRANT, fields: huge } })).toBe(
      "400 invalid_field fields.motto",
    );
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`f${n}`, n]));
    expect(await refused("/items/grants", { body: { ...GRANT, fields: many } })).toBe(
      "400 invalid_field fields",
    );
    const declared = Array.from({ length: 33 }, (_, n) => ({ name: `f${n}`, kind: "flag" }));
    const wide = { shownAs: "tool", fields: declared };
    expect(await refused("/item-types/wide", { method: "PUT", body: wide })).toBe(
      "400 invalid_field fields",
    );
    const grants = [GRANT, { ...GRANT, fields: { power: 101 } }, { ...GRANT, type: "orb" }];
    const bulk = await call("POST", "/items/grants/bulk", {
      body: { mode: "independent", grants },
    });
    expect(bulk.body.results).toMatchObject([
      { status: "posted" },
      { error: { code: "invalid_field", field: "grants.1.fields.power" } },
      { error: { code: "invalid_item_type", field: "grants.2.type" } },
    ]);
    const outputs = [{ item: { name: "Dust", type: "rune" }, quantity: 1 }];
    const recipe = { name: "Dust", inputs: [], outputs };
    expect(await refused("/recipes/dust", { method: "PUT", body: recipe })).toBe(
      "400 missing_fields outputs.0.item.fields.power",
    );
    expect((await call("GET", "/wallets/alice/items")).body.data).toHaveLength(1);
  });

  it("are changed by the home platform, at the version it read, and the history shows both sides", async () => {
    const { call, grant, refused, login, moon } = await useGame();
    const item = await grant({ fields: { power: 7, motto: "dawn" }, quantity: 5 });
    const path = `/items/${item.id}`;
    const read = await call("GET", path);
    const ifMatch = { "if-match": String(read.headers["etag"]) };
    const body = { fields: { power: 8, motto: null } };
    const patch = { body, headers: ifMatch, key: "forge-1" };
    const first = await call("PATCH", path, patch);
    expect(first).toMatchObject({
      status: 201,
      body: { item: { version: "2", quantity: 5, fields: { power: 8, bound: false } } },
    });
    expect(first.body.item.definitionId).not.toBe(item.definitionId);
    expect(await refused(path, { method: "PATCH", ...patch, key: "forge-2" })).toBe(
      "412 precondition_failed If-Match",
    );
    await call("PATCH", path, { body: { fields: { power: 9 } } });
    // A repetition shows the item as its own change left it, as does that of the grant.
    expect((await call("PATCH", path, patch)).body).toEqual({ ...first.body, replayed: true });
    const history = (await call("GET", `${path}/history`)).body.data;
    expect(history).toMatchObject([
      { action: "change", fields: { power: 9 }, fieldsBefore: { power: 8 } },
      { action: "change", fields: { power: 8 }, fieldsBefore: { power: 7, motto: "dawn" } },
      { action: "grant" },
    ]);
    expect(history[2]).not.toHaveProperty("fields");
    // Equal again, with equal fields only: a recipe takes those of one definition.
    const back = { fields: { power: 7, motto: "dawn" } };
    expect((await call("PATCH", path, { body: back })).body.item.definitionId).toBe(
      item.definitionId,
    );
    // No other caller, and no other member.
    const as = await login("alice");
    const attempts: [CallOptions, string][] = [
      [{ as, body }, "403 forbidden undefined"],
      [{ as: moon, body }, "404 item_not_found id"],
      [{ body: { fields: {} } }, "400 invalid_field fields"],
      [{ body: { fields: { power: 101 } } }, "400 invalid_field fields.power"],
      [{ body: { fields: { power: null } } }, "400 missing_fields fields.power"],
      [{ body: { fields: { luck: 1 } } }, "400 invalid_field fields.luck"],
      [{ body: { ...body, name: "Mine" } }, "400 invalid_field name"],
      [{ body, headers: { "if-match": "2" } }, "412 precondition_failed If-Match"],
    ];
    for (const [options, answer] of attempts)
      expect(await refused(path, { method: "PATCH", ...options })).toBe(answer);
    const plain = await grant({ type: "weapon", fields: {} });
    expect(await refused(`/items/${plain.id}`, { method: "PATCH", body })).toBe(
      "400 invalid_field fields",
    );
    // Stricter rules hold from the next change on.
    const stricter = { ...RUNE, fields: [{ ...FIELDS[0], maximum: 5 }, FIELDS[2]] };
    await call("PUT", "/item-types/rune", { body: stricter });
    expect((await call("GET", path)).body.fields).toEqual({ ...back.fields, bound: false });
    expect(await refused(path, { method: "PATCH", body: { fields: { bound: true } } })).toBe(
      "400 invalid_field fields.power",
    );
    const within = await call("PATCH", path, { body: { fields: { power: 5 } } });
    expect(within.body.item.fields).toEqual({ power: 5, bound: false });
  });

  it("stay while the item is out of its owner's hands, and with another platform's user", async () => {
    const { call, grant, refused, login, moon, older } = await useGame();
    const body = { fields: { power: 99 } };
    const change = (id: string, options: CallOptions = {}) =>
      refused(`/items/${id}`, { method: "PATCH", body, ...options });
    const { id } = await grant();
    const prices = { game_coins: "5" };
    const listing = await call("POST", "/listings", { body: { itemId: id, prices } });
    expect(await change(id)).toBe("409 item_in_escrow undefined");
    expect((await call("GET", `/listings/${listing.body.id}`)).body.fields.power).toBe(7);
    await call("POST", `/listings/${listing.body.id}/cancel`, { body: {} });
    await call("POST", `/items/${id}/exports`, { body: { platform: "allinone" } });
    expect(await change(id)).toMatch(/^404 item_not_found/);
    await call("POST", `/items/${id}/returns`, { body: {} });
    // A gift that waits goes on waiting, and a lock stays.
    await call("POST", `/items/${id}/gifts`, { as: await login("alice"), body: { to: "bob" } });
    const waiting = await call("PATCH", `/items/${id}`, { body });
    expect(waiting.body.item).toMatchObject({
      userId: "bob",
      giftFrom: "alice",
      fields: body.fields,
    });
    await call("PUT", "/wallets/dora", { body: {} });
    const shopItem = { userId: "dora", listingId: "nd_market_magnifier", quantity: 1 };
    const { itemId } = (await call("POST", "/purchases", { body: shopItem })).body;
    const { definitionId } = (await call("GET", `/items/${itemId}`)).body;
    const outputs = [{ item: { name: "Lens", type: "rune", fields: { power: 1 } }, quantity: 1 }];
    const recipe = { name: "Lens", inputs: [{ definitionId, quantity: 1 }], outputs };
    await call("PUT", "/recipes/lens", { body: recipe });
    const craft = await call("POST", "/recipes/lens/crafts", { body: { userId: "dora" } });
    const locked = await call("PATCH", `/items/${craft.body.made[0].itemId}`, { body });
    expect(locked.body.item).toMatchObject({ locked: true, fields: body.fields });
    // A frozen user's items stay as they are.
    await call("POST", "/users/bob/freeze", { body: { reason: "chargeback" } });
    expect(await change(id)).toMatch(/^403 user_frozen/);
    await call("POST", "/users/bob/unfreeze", { body: { reason: "settled" } });
    // With a user of moon: neither platform changes it, and everybody still sees what it is.
    const gift = { itemId: id, targetUserId: "moon:ada", quantity: 1 };
    expect(await older("bob", "POST", "/market/transfer", gift)).toMatchObject({ status: 200 });
    expect(await change(id, { as: moon })).toBe("403 forbidden id");
    expect(await change(id)).toBe("404 item_not_found id");
    expect((await call("GET", `/items/${id}`, { as: moon })).body).toMatchObject({
      type: "allinone:rune",
      fields: body.fields,
    });
  });

  it("keep every unit when many change, split and craft the same stack at once", async () => {
    const { call, grant } = await useGame();
    const item = await grant({ quantity: 20 });
    const inputs = [{ definitionId: item.definitionId, quantity: 1 }];
    const outputs = [{ item: { name: "Dust", type: "material" }, quantity: 1 }];
    await call("PUT", "/recipes/dust", { body: { name: "Dust", inputs, outputs } });
    const statuses = await Promise.all(
      Array.from({ length: 24 }, async (_, n) => {
        if (n % 3 === 0)
          return call("PATCH", `/items/${item.id}`, { body: { fields: { power: n } } });
        if (n % 3 === 1)
          return call("POST", `/items/${item.id}/gifts`, { body: { to: "bob", quantity: 1 } });
        return call("POST", "/recipes/dust/crafts", { body: { userId: "alice" } });
      }),
    );
    expect(statuses.filter(({ status }) => status >= 500).map(({ body }) => body.code)).toEqual([]);
    const owned = await Promise.all(
      ["alice", "bob"].map(
        async (userId) => (await call("GET", `/wallets/${userId}/items`)).body.data,
      ),
    );
    const runes = owned.flat().filter(({ type }: { type: string }) => type === "allinone:rune");
    const used = (await call("GET", "/wallets/alice/items?state=used")).body.data;
    const total = [...runes, ...used].reduce((sum, { quantity }) => sum + quantity, 0);
    expect(total).toBe(20);
  });
});

describe("imports of the older surface", () => {
  const ADD = { itemId: "nd_1", name: "Dawn", rarity: "rare", quantity: 1 };

  it("bring own types within their fields, and the nine within the declared stats", async () => {
    const { older, call, grant } = await useGame();
    const add = (change: object) => older("alice", "POST", "/inventory/add", { ...ADD, ...change });
    const own = { itemType: "rune", rarity: "mythic", stats: { power: 9 } };
    const imported = await add(own);
    expect(imported.body.item).toMatchObject({
      type: "material",
      rarity: "legendary",
      stats: { power: 9, bound: false },
    });
    const [item] = (await call("GET", "/wallets/alice/items")).body.data;
    expect(item).toMatchObject({ type: "allinone:rune", fields: { power: 9 }, stats: null });
    const refused = async (change: object) => {
      const { status, body } = await add({ itemId: "nd_2", ...change });
      return `${status} ${body.errorCode} ${body.errorDetail?.field ?? body.field}`;
    };
    expect(await refused({ ...own, stats: { power: 1e9 } })).toBe("400 INVALID_PARAMS stats.power");
    expect(await refused({ ...own, stats: {} })).toBe("400 MISSING_FIELDS stats.power");
    expect(await refused({ ...own, stats: { power: 1, attack: 1e9 } })).toBe(
      "400 INVALID_PARAMS stats.attack",
    );
    expect(await refused({ itemType: "orb" })).toBe("400 INVALID_ITEM_TYPE itemType");
    // As sent, until the platform declares what its imports may bring.
    const sword = { itemType: "weapon", stats: { attack: 1e9 } };
    expect((await add({ itemId: "nd_3", ...sword })).body.item.stats).toEqual(sword.stats);
    const attack = { name: "attack", kind: "integer", minimum: 0, maximum: 500 };
    const bounds = { shownAs: "weapon", fields: [attack] };
    expect((await call("PUT", "/item-types/weapon", { body: bounds })).body).toMatchObject({
      type: "weapon",
    });
    expect(await refused(sword)).toBe("400 INVALID_PARAMS stats.attack");
    expect(await refused({ ...sword, stats: { Attack: 1e9 } })).toBe(
      "400 INVALID_PARAMS stats.Attack",
    );
    expect((await add({ itemId: "nd_4", ...sword, stats: { attack: 500 } })).status).toBe(200);
    expect((await add({ itemId: "nd_5", ...sword, stats: undefined })).status).toBe(200);
    // The nine stay what they are for grants.
    expect((await grant({ type: "weapon", fields: {}, stats: { attack: 501 } })).type).toBe(
      "weapon",
    );
    await call("POST", "/item-types/rune/retire", { body: {} });
    expect(await refused(own)).toBe("400 INVALID_ITEM_TYPE itemType");
  });

  it("are refused in a bulk where they stand, each grant with its own place", async () => {
    const { call } = await useGame();
    await call("POST", "/item-types/rune/retire", { body: {} });
    const grants = [
      GRANT,
      { ...GRANT, type: "unknown" },
      { ...GRANT, type: "weapon", fields: {} },
      GRANT,
    ];
    const { body } = await call("POST", "/items/grants/bulk", {
      body: { mode: "independent", grants },
    });
    const fields = body.results.map(({ error }: { error?: { field: string } }) => error?.field);
    expect(fields).toEqual(["grants.0.type", "grants.1.type", undefined, "grants.3.type"]);
  });

  it("are found by external id: a platform finds its own users', a user theirs", async () => {
    const { older, call, login, moon, database } = await useGame();
    for (const userId of ["alice", "bob"])
      await older(userId, "POST", "/inventory/add", {
        ...ADD,
        itemType: "tool",
        allinoneItemId: "a-1",
      });
    const owners = async (query: string, as?: string) => {
      const reply = await call("GET", `/items?${query}`, as === undefined ? {} : { as });
      return reply.body.data.map(({ userId }: { userId: string }) => userId);
    };
    expect(await owners("externalId=nd_1")).toEqual(["bob", "alice"]);
    expect(await owners("externalId=a-1")).toEqual(["bob", "alice"]);
    expect(await owners("externalId=nd_1", await login("alice"))).toEqual(["alice"]);
    expect(await owners("externalId=nd_1", moon)).toEqual([]);
    expect(await owners("externalId=nd_2")).toEqual([]);
    const { key } = await createPlatformKey(database.db, {
      platform: "newday",
      role: "operator",
      scopes: scopesFor("operator"),
    });
    expect(await owners("externalId=nd_1", key)).toEqual(["bob", "alice"]);
    const page = await call("GET", "/items?externalId=nd_1&limit=1");
    expect(await owners(`externalId=nd_1&cursor=${page.body.nextCursor}`)).toEqual(["alice"]);
    const without = await call("GET", "/items");
    expect([without.status, without.body.field]).toEqual([400, "externalId"]);
    // Users have been found by either id from the start.
    for (const userId of ["ada", "moon:ada"])
      expect((await call("GET", `/wallets/${userId}`, { as: moon })).body.userId).toBe("moon:ada");
  });
});
