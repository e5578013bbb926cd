import { describe, expect, it } from "vitest";
import { operationOf } from "../../src/engine/operation-type.ts";
import { requirePosted } from "../../src/engine/outcome.ts";
import { ensureDefinition } from "../../src/items/items/definitions.ts";
import { grantItemOperation } from "../../src/items/items/grant-item-operation.ts";
import { useTestApp } from "../support/app.ts";
import {
  ADD,
  caller,
  importPotion,
  INVENTORY,
  LIST,
  logIn,
  potion,
  withinOneDay,
} from "../support/market.ts";
import { share } from "../support/test-end.ts";

const STATUS = "/api/allinone/inventory/sync-status";
const SYNC = "/api/allinone/inventory/sync";

const shared = share(() => useTestApp());
let users = 0;

/** A new user of the server that the tests of this file share. */
const useUser = () => logIn(shared(), `user-${(users += 1)}`);

describe("200", () => {
  it("returns what was sent: type, rarity, stats, emoji, spaces, a 45-character id", async () => {
    const user = await useUser();
    const body = {
      itemId: "nd_nd_store_material_001_1769263347091_a1b2c3",
      name: "[New Day] 💎 龙晶石",
      itemType: "skin",
      rarity: "epic",
      quantity: 3,
      description: "第一行\n第二行 > 一",
      stats: { attack: 150, defense: -2.5, healAmount: 5, note: "火" },
      icon: "💎",
      originalSource: "allinone_official_store",
      allinoneItemId: "inv-of-allinone-1",
      userId: "somebody-else",
    };
    const added = await user.post(ADD, body);
    expect(added).toMatchObject({ status: 200, body: { success: true, message: "道具添加成功" } });
    const [item] = (await user.get(INVENTORY)).body.items;
    const { itemId, originalSource, itemType, ...same } = { ...body, userId: user.userId };
    expect(item).toMatchObject({
      ...same,
      type: itemType,
      itemType,
      category: itemType,
      externalId: itemId,
      source: originalSource,
    });
    expect(item.id).toBe(added.body.item.id);
    expect(item.id).toMatch(/^inv-/);
    expect(item.obtainedAt).toBeTypeOf("number");
    expect(added.body.data).toEqual(added.body.item);
  });

  it("takes every spelling of a field, and makes mythic legendary", async () => {
    const user = await useUser();
    for (const [field, wanted] of [
      [{ type: "pet" }, "pet"],
      [{ category: "accessory" }, "accessory"],
      [{ itemType: "special" }, "special"],
    ] as const) {
      const { itemType: _, ...rest } = potion({ rarity: "mythic", count: 2 });
      const { body } = await user.post(ADD, { ...rest, quantity: undefined, ...field });
      expect(body.item).toMatchObject({ itemType: wanted, rarity: "legendary", quantity: 2 });
    }
  });

  it("lists everything, newest first, same names apart, and pages only when asked", async () => {
    const user = await useUser();
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) ids.unshift(await importPotion(user, { name: "能量饮料" }));
    const all = (await user.get(INVENTORY)).body;
    expect(all.items.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(all.data).toEqual(all.items);
    expect(all).toMatchObject({ total: 4 });
    expect(all.pagination).toBeUndefined();
    const second = (await user.get(`${INVENTORY}?page=2&limit=3`)).body;
    expect(second.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(3));
    expect(second.pagination).toEqual({ page: 2, limit: 3, total: 4, totalPages: 2 });
    expect((await user.get(`${INVENTORY}/all`)).body.total).toBe(4);
  });

  it("tells what was synced and what was not, by either id", async () => {
    const user = await useUser();
    const body = potion({ allinoneItemId: "their-id" });
    await user.post(ADD, body);
    for (const id of [body["itemId"], "their-id"]) {
      const status = (await user.get(`${STATUS}?itemId=${String(id)}`)).body;
      expect(status.synced).toBe(true);
      expect(new Date(status.syncedAt).toISOString()).toBe(status.syncedAt);
    }
    expect((await user.get(`${STATUS}?itemId=never`)).body).toMatchObject({
      success: true,
      synced: false,
      syncedAt: null,
    });
  });

  it("acknowledges a sync with the same id every time and creates nothing", async () => {
    const user = await useUser();
    const body = { userId: user.userId, item: { ...potion(), id: "x1", source: "newday" } };
    const first = await user.post(SYNC, body);
    expect(first).toMatchObject({ status: 200, body: { success: true } });
    expect((await user.post(SYNC, body)).body.syncId).toBe(first.body.syncId);
    expect((await user.get(INVENTORY)).body.total).toBe(0);
  });
});

describe("400", () => {
  it("names every missing field, and says what is valid for the others", async () => {
    const user = await useUser();
    expect(await user.post(ADD, { quantity: 1 })).toMatchObject({
      status: 400,
      body: {
        errorCode: "MISSING_FIELDS",
        missingFields: ["itemId", "name", "itemType", "rarity"],
        errorDetail: { missingFields: ["itemId", "name", "itemType", "rarity"] },
      },
    });
    expect((await user.post(ADD, potion({ itemType: "boat" }))).body).toMatchObject({
      errorCode: "INVALID_ITEM_TYPE",
      errorDetail: { received: "boat", validTypes: expect.arrayContaining(["pet", "skin"]) },
    });
    expect((await user.post(ADD, potion({ rarity: "神话" }))).body).toMatchObject({
      errorCode: "INVALID_RARITY",
      errorDetail: { received: "神话", validRarities: expect.arrayContaining(["epic"]) },
    });
  });

  it.each<[string, object, string]>([
    ["a rarity that every object has", { rarity: "constructor" }, "INVALID_RARITY"],
    ["a type that every object has", { itemType: "__proto__" }, "INVALID_ITEM_TYPE"],
    ["a quantity of 0", { quantity: 0 }, "INVALID_QUANTITY"],
    ["a negative quantity", { quantity: -5 }, "INVALID_QUANTITY"],
    ["a fractional quantity", { quantity: 1.5 }, "INVALID_QUANTITY"],
    ["a quantity of 10^9", { quantity: 1e9 }, "INVALID_QUANTITY"],
    ["a quantity as text", { quantity: "1" }, "INVALID_QUANTITY"],
    ["markup in the name", { name: "<img src=x onerror=alert(1)>" }, "INVALID_PARAMS"],
    ["a NUL in the name", { name: "a\u0000b" }, "INVALID_PARAMS"],
    ["half of an emoji", { name: "\ud83d" }, "INVALID_PARAMS"],
    ["a name of 256 characters", { name: "名".repeat(256) }, "INVALID_PARAMS"],
    ["a blank name", { name: "   " }, "INVALID_PARAMS"],
    ["an id of 256 characters", { itemId: "x".repeat(256) }, "INVALID_PARAMS"],
    ["an id that is a number", { itemId: 7 }, "INVALID_PARAMS"],
    ["a script in the description", { description: "<script>" }, "INVALID_PARAMS"],
    ["an image without https", { imageUrl: "http://x.example/a.png" }, "INVALID_PARAMS"],
    ["an image that is a script", { imageUrl: "javascript:alert(1)" }, "INVALID_PARAMS"],
    ["an image from another host without scheme", { imageUrl: "//x.example/a" }, "INVALID_PARAMS"],
    ["nested stats", { stats: { a: { b: 1 } } }, "INVALID_PARAMS"],
    ["a list as stats", { stats: [1] }, "INVALID_PARAMS"],
    ["huge stats", { stats: { attack: 1e308 } }, "INVALID_PARAMS"],
    [
      "65 stats",
      { stats: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`s${n}`, n])) },
      "INVALID_PARAMS",
    ],
  ])("refuses %s and changes nothing", async (_, overrides, code) => {
    const user = await useUser();
    const reply = await user.post(ADD, potion(overrides));
    expect([reply.status, reply.body.errorCode]).toEqual([400, code]);
    expect(reply.body.errorDetail.field).toBeTypeOf("string");
    expect((await user.get(INVENTORY)).body.total).toBe(0);
  });

  it("refuses __proto__ and constructor in stats, and 200 KB of them", async () => {
    const user = await useUser();
    const { app } = shared();
    const { token } = (
      await app.inject({
        method: "POST",
        url: "/api/allinone/auth/login",
        payload: { userId: user.userId },
      })
    ).json();
    const send = (payload: string) =>
      app.inject({
        method: "POST",
        url: ADD,
        payload,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      });
    const base = JSON.stringify(potion()).slice(0, -1);
    for (const stats of ['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}'])
      expect((await send(`${base},"stats":${stats}}`)).statusCode).toBe(400);
    const big = JSON.stringify({ a: "x".repeat(200_000) });
    const reply = await send(`${base},"stats":${big}}`);
    expect([reply.statusCode, reply.json().errorCode]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    expect((await user.get(INVENTORY)).body.total).toBe(0);
  });
});

describe("401", () => {
  it("refuses to show, import or sync without a token", async () => {
    const signedOut = caller(shared(), "signed-out");
    for (const reply of [
      await signedOut.get(INVENTORY),
      await signedOut.get(`${STATUS}?itemId=1`),
      await signedOut.post(ADD, potion()),
      await signedOut.post(SYNC, { userId: "x", item: { id: "1" } }),
    ])
      expect([reply.status, reply.body.errorCode]).toEqual([401, "INVALID_TOKEN"]);
  });

  it("does not acknowledge a sync in another user's name", async () => {
    const user = await useUser();
    const reply = await user.post(SYNC, { userId: "another", item: { id: "1" } });
    expect(reply.status).toBe(401);
  });
});

describe("409 and 429", () => {
  it("refuses the same id again with the item that exists, without counting it", async () => {
    await withinOneDay();
    const user = await useUser();
    const body = potion();
    const { id } = (await user.post(ADD, body)).body.item;
    for (let n = 0; n < 12; n += 1)
      expect(await user.post(ADD, { ...body, name: "another name" })).toMatchObject({
        status: 409,
        body: {
          success: false,
          errorCode: "ITEM_ALREADY_EXISTS",
          existingItem: { id, name: body["name"] },
        },
      });
    for (let n = 0; n < 9; n += 1) expect((await user.post(ADD, potion())).status).toBe(200);
    const refused = await user.post(ADD, potion());
    expect(refused).toMatchObject({ status: 429, body: { errorCode: "RATE_LIMITED" } });
    const tomorrow = new Date(Date.now() + Number(refused.headers["retry-after"]) * 1000);
    expect(tomorrow.toISOString()).toMatch(/T00:00:0/);
    expect((await user.post(ADD, body)).status).toBe(409);
  });

  it("lets two users import the same id, and leaves an audit row for each", async () => {
    const test = await useTestApp();
    const body = potion();
    for (const name of ["user-001", "user-002"]) {
      const user = await logIn(test, name);
      expect((await user.post(ADD, body)).status).toBe(200);
    }
    const rows = await test.database.db.query<{ owner: string; address: string }>(
      "select owner_id as owner, address from newday.item_imports order by 1",
    );
    expect(rows).toEqual([
      { owner: "user-001", address: "127.0.0.1" },
      { owner: "user-002", address: "127.0.0.1" },
    ]);
  });
});

describe("H1: the facts of an item", () => {
  const stats = Object.fromEntries(
    Array.from({ length: 64 }, (_, index) => [`stat-${index}`, "x".repeat(200)]),
  );

  it("have at most 4,096 bytes together, and the refusal says so", async () => {
    const user = await useUser();
    expect(await user.post(ADD, potion({ stats }))).toMatchObject({
      status: 400,
      body: {
        errorDetail: {
          field: "item",
          rule: expect.stringContaining("at most 4096 bytes together"),
          remedyZh: "请缩短描述或减少属性",
        },
      },
    });
    const long = { description: "描".repeat(1_000), stats: { attack: 1, healAmount: 5 } };
    expect((await user.post(ADD, potion(long))).status).toBe(200);
  });

  it("are read and listed whatever their size, once they are stored", async () => {
    const test = await useTestApp();
    const { db } = test.database;
    const user = await logIn(test, "user-001");
    const itemId = "inv-00000000-0000-7000-8000-000000000001";
    const facts = { name: "旧", description: "", itemType: "weapon", rarity: "epic" } as const;
    const big = await ensureDefinition(db, { ...facts, stats, icon: null, imageUrl: null });
    const item = { id: itemId, ownerId: "user-001", definitionId: big, quantity: 1n };
    const grant = operationOf(grantItemOperation, { item }, { caller: "test" });
    requirePosted(await test.services.engine.submit(grant));
    expect((await user.get(INVENTORY)).body.items[0].stats).toEqual(stats);
    const price = { gameCoins: 5 };
    const listed = await user.post(LIST, { itemId, name: "旧", itemType: "weapon", price });
    expect(listed).toMatchObject({ status: 201, body: { item: { stats } } });
  });
});
