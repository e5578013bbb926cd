import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import {
  BALANCE,
  caller,
  CANCEL,
  grantStack,
  importPotion,
  INVENTORY,
  LIST,
  logIn,
  MARKET,
  PURCHASE,
  withinOneDay,
  type Caller,
} from "../support/market.ts";
import { expectSound } from "../support/ledger.ts";
import { share } from "../support/test-end.ts";

const SHARED = "/api/shared/marketplace";
const OFFER = {
  name: "集成测试道具",
  itemType: "weapon",
  description: "",
  price: { gameCoins: 100 },
};

async function listPotion(seller: Caller, price: object): Promise<string> {
  const itemId = await importPotion(seller);
  const offer = { itemId, name: "生命药水", itemType: "consumable", price };
  return (await seller.post(LIST, offer)).body.item.id;
}

describe("200 and 201", () => {
  it("S8: lists the partner's own words for types, and finds the pet that `rare` means", async () => {
    const test = await useTestApp();
    const seller = await logIn(test, "seller");
    for (const itemType of ["rare", "shield", "potion"]) {
      const { status, body } = await seller.post(LIST, {
        ...OFFER,
        name: `测试 ${itemType}`,
        itemType,
      });
      expect([itemType, status, body.item?.itemType]).toEqual([
        itemType,
        201,
        { rare: "material", shield: "armor", potion: "consumable" }[itemType],
      ]);
    }
    const pet = {
      itemId: "nd_pet_1",
      name: "迷你龙",
      itemType: "pet",
      rarity: "epic",
      quantity: 1,
    };
    expect((await seller.post("/api/allinone/inventory/add", pet)).status).toBe(200);
    const listed = await seller.post(LIST, { ...OFFER, name: "迷你龙", itemType: "rare" });
    expect([listed.status, listed.body.item.itemType]).toEqual([201, "pet"]);
    expect((await seller.get(INVENTORY)).body.items).toEqual([]);
    const unknown = await seller.post(LIST, { ...OFFER, itemType: "spaceship" });
    expect([unknown.status, unknown.body.errorCode]).toEqual([400, "INVALID_ITEM_TYPE"]);
  });

  it("shows the same market under both names to everybody, a bad token included", async () => {
    const test = await useTestApp();
    const nobody = caller(test, "nobody");
    const forged = caller(test, "forged", "local_user-001_1");
    for (const url of [MARKET, LIST]) {
      const { status, body } = await nobody.get(url);
      expect([status, body.success, body.page, body.limit]).toEqual([200, true, 1, 100]);
      expect(body.data).toEqual(body.items);
      expect(
        body.items
          .slice(0, 3)
          .map(({ name, amount }: { name: string; amount: number }) => [name, amount]),
      ).toEqual([
        ["放大镜", 25],
        ["修复工具", 45],
        ["任务跳过卡", 50],
      ]);
      expect((await forged.get(url)).body.items).toEqual(body.items);
    }
    const first = (await nobody.get(MARKET)).body.items[0];
    expect(first).toMatchObject({
      platform: "newday",
      currency: "gameCoins",
      sellerId: null,
      sellerName: "New Day Game",
      gameSource: "New Day",
      status: "active",
      price: { gameCoins: 25, newDayGameCoins: 25 },
    });
    expect(first.listedAt).toBeTypeOf("number");
  });

  it("filters by platform and type, sorts by price, pages, and ignores what it does not know", async () => {
    const test = await useTestApp();
    const seller = await logIn(test, "seller-1");
    const listingId = await listPotion(seller, { gameCoins: 1 });
    const own = (await seller.get(`${MARKET}?platform=allinone`)).body;
    expect(own.items.map(({ id }: { id: string }) => id)).toEqual([listingId]);
    expect((await seller.get(`${MARKET}?platform=newday&limit=2&page=2`)).body.items).toHaveLength(
      2,
    );
    const cheap = (await seller.get(`${MARKET}?sortBy=price_asc`)).body.items;
    expect(cheap[0].id).toBe(listingId);
    const pets = (await seller.get(`${MARKET}?itemType=pet`)).body;
    expect(pets.total).toBe(1);
    expect((await seller.get(`${MARKET}?sortBy=x&platform=y&itemType=z`)).body.total).toBe(10);
    expect((await seller.get(`${MARKET}?limit=0`)).status).toBe(400);
  });

  it("escrows the oldest item of that name and type when none is named", async () => {
    const test = await useTestApp();
    const seller = await logIn(test, "seller-1");
    const oldest = await importPotion(seller);
    const newest = await importPotion(seller);
    const offer = { name: "生命药水", itemType: "consumable", price: { gameCoins: 5 } };
    const listed = await seller.post(LIST, offer);
    expect(listed).toMatchObject({
      status: 201,
      body: { success: true, item: { declared: false } },
    });
    const left = (await seller.get(INVENTORY)).body.items;
    expect(left.map(({ id }: { id: string }) => id)).toEqual([newest]);
    const cancelled = await seller.post(CANCEL, { listingId: listed.body.item.id });
    expect(cancelled.body.item.status).toBe("removed");
    expect((await seller.get(INVENTORY)).body.items.map(({ id }: { id: string }) => id)).toContain(
      oldest,
    );
  });

  it("lists goods without an owner as declared: common, without stats, marked; in a sandbox the oldest of twenty makes room", async () => {
    const test = await useTestApp();
    const seller = await logIn(test, "seller-1");
    const listed = await seller.post(LIST, { ...OFFER, rarity: "legendary", stats: { attack: 9 } });
    expect(listed.body.item).toMatchObject({
      declared: true,
      rarity: "common",
      price: { gameCoins: 100 },
    });
    expect(listed.body.item.stats).toBeUndefined();
    for (let n = 1; n < 20; n += 1) expect((await seller.post(LIST, OFFER)).status).toBe(201);
    expect((await seller.post(LIST, OFFER)).status).toBe(201);
    const counted = await test.database.db.query(
      `select status, count(*) from newday.listings where kind = 'declared' group by 1 order by 1`,
    );
    expect(counted).toEqual([
      { status: "active", count: 20n },
      { status: "removed", count: 1n },
    ]);
  });

  it("M4: shows a buyer where an imported item comes from", async () => {
    const test = await useTestApp();
    const [seller, buyer] = [await logIn(test, "seller-1"), await logIn(test, "buyer-1")];
    const itemId = await importPotion(seller, { stats: { attack: 1e9 }, rarity: "legendary" });
    const offer = { name: "生命药水", itemType: "consumable", price: { gameCoins: 9 } };
    const listed = (await seller.post(LIST, { ...offer, itemId })).body.item;
    const shown = { imported: true, origin: "allinone_official_store" };
    expect(listed).toMatchObject(shown);
    const { items } = (await buyer.get(MARKET)).body;
    expect(items.find(({ id }: { id: string }) => id === listed.id)).toMatchObject(shown);
    expect(items[0]).toMatchObject({ imported: false, origin: null });
    const declared = await seller.post(LIST, OFFER);
    expect(declared.body.item).toMatchObject({ declared: true, imported: false });
  });

  it("M4: lists at most 20 imported pieces at a time, as of declared ones", async () => {
    const test = await useTestApp();
    const { db } = test.database;
    const [seller, buyer] = [await logIn(test, "seller-1"), await logIn(test, "buyer-1")];
    const itemId = await importPotion(seller, { quantity: 100 });
    const piece = { itemId, name: "生命药水", itemType: "consumable", price: { gameCoins: 1 } };
    const listings = await Promise.all(Array.from({ length: 25 }, () => seller.post(LIST, piece)));
    const ids = listings.flatMap(({ status, body }) => (status === 201 ? [body.item.id] : []));
    expect(ids).toHaveLength(20);
    expect(await seller.post(LIST, piece)).toMatchObject({
      status: 409,
      body: {
        errorCode: "LISTING_LIMIT",
        errorDetail: { rule: "a seller has at most 20 active listings of imported items" },
      },
    });
    const granted = await grantStack(test, seller.userId, { quantity: 1 });
    expect((await seller.post(LIST, { ...piece, itemId: granted })).status).toBe(201);
    const counter = `select id, count from newday.limit_counters where id like '["imported"%'`;
    const counted = await db.query(counter);
    await db.query(`delete from newday.limit_counters where id like '["imported"%'`);
    const migration = "../../migrations/0073-imported-listings.sql";
    await db.query(readFileSync(new URL(migration, import.meta.url), "utf8"));
    expect(await db.query(counter)).toEqual(counted);
    expect((await seller.post(CANCEL, { listingId: ids[0] })).status).toBe(200);
    const bought = await buyer.post(PURCHASE, { itemId: ids[1], currencyType: "gameCoins" });
    expect(bought.status).toBe(200);
    const again = [await seller.post(LIST, piece), await seller.post(LIST, piece)];
    expect(again.map(({ status }) => status)).toEqual([201, 201]);
    expect((await seller.post(LIST, piece)).status).toBe(409);
    await expectSound(db);
  });

  it("M6: lists at most 200 pieces of one stack at a time", async () => {
    const test = await useTestApp();
    const [seller, buyer] = [await logIn(test, "seller-1"), await logIn(test, "buyer-1")];
    const itemId = await grantStack(test, seller.userId, { quantity: 15_000 });
    const piece = { itemId, name: "生命药水", itemType: "consumable", price: { gameCoins: 1 } };
    const listings = await Promise.all(Array.from({ length: 200 }, () => seller.post(LIST, piece)));
    expect(listings.map(({ status }) => status)).toEqual(Array(200).fill(201));
    expect(await seller.post(LIST, piece)).toMatchObject({
      status: 409,
      body: {
        errorCode: "LISTING_LIMIT",
        errorDetail: { rule: "a seller has at most 200 active listings of items" },
      },
    });
    const [first, second] = listings.map(({ body }) => body.item.id);
    expect((await seller.post(CANCEL, { listingId: first })).status).toBe(200);
    expect((await buyer.post(PURCHASE, { itemId: second, currencyType: "gameCoins" })).status).toBe(
      200,
    );
    const again = [await seller.post(LIST, piece), await seller.post(LIST, piece)];
    expect(again.map(({ status }) => status)).toEqual([201, 201]);
    expect((await seller.post(LIST, piece)).status).toBe(409);
    await expectSound(test.database.db);
  });

  it("M6: counts the listings from before the limit, and keeps them", async () => {
    const test = await useTestApp();
    const { db } = test.database;
    const seller = await logIn(test, "seller.1@example");
    const itemId = await importPotion(seller, { quantity: 3 });
    const piece = { itemId, name: "生命药水", itemType: "consumable", price: { gameCoins: 1 } };
    await seller.post(LIST, piece);
    await seller.post(LIST, piece);
    const listed = "select id, count from newday.limit_counters where id like '[\"listed\"%'";
    const counted = await db.query(listed);
    expect(counted).toMatchObject([{ count: 2n }]);
    await db.query("delete from newday.limit_counters");
    await db.query(
      readFileSync(new URL("../../migrations/0068-listing-counters.sql", import.meta.url), "utf8"),
    );
    expect(await db.query(listed)).toEqual(counted);
    await db.query("update newday.limit_counters set count = 500");
    expect((await seller.post(LIST, piece)).status).toBe(409);
    expect((await seller.get(`${MARKET}?limit=100`)).body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ sellerId: seller.userId })]),
    );
  });

  it("H2: shows 100 listings of the largest facts in less than 200 KB, and marks them", async () => {
    const test = await useTestApp();
    const seller = await logIn(test, "seller-1");
    const facts = {
      name: "长".repeat(255),
      description: "文".repeat(600),
      stats: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`s${n}`, "x".repeat(50)])),
      imageUrl: `https://example.com/${"a".repeat(200)}`,
    };
    const itemId = await grantStack(test, seller.userId, { ...facts, quantity: 200 });
    const piece = { itemId, name: facts.name, itemType: "consumable", price: { gameCoins: 1 } };
    await Promise.all(Array.from({ length: 120 }, () => seller.post(LIST, piece)));
    const reader = caller(test, "nobody");
    for (const url of [MARKET, SHARED]) {
      const { body } = await reader.get(url);
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(200_000);
      expect(body.items).toHaveLength(100);
      expect(body.data).toEqual(body.items);
      expect(body.items.at(-1)).toMatchObject({ shortened: true, sellerId: "seller-1" });
      expect(body.items[0]).not.toHaveProperty("shortened");
    }
    const few = await reader.get(`${MARKET}?limit=5&page=8`);
    expect(few.body.items[0]).toMatchObject({ name: facts.name, stats: facts.stats });
  });

  it("sells a stack piece by piece, and in the currency that the buyer chose", async () => {
    const test = await useTestApp();
    const [seller, buyer] = [await logIn(test, "seller-1"), await logIn(test, "buyer-1")];
    const itemId = await importPotion(seller, { quantity: 5 });
    const price = { gameCoins: 10, cash: 1999, computingPower: 3 };
    const offer = { itemId, name: "生命药水", itemType: "consumable", price, quantity: 4 };
    const listing = (await seller.post(LIST, offer)).body.item;
    expect(listing).toMatchObject({ quantity: 4, price });
    const buy = { itemId: listing.id, currencyType: "gameCoins", quantity: 3 };
    const bought = await buyer.post(PURCHASE, buy);
    expect(bought.body).toMatchObject({ price: 30, commission: 0, item: { quantity: 3 } });
    expect(await buyer.post(PURCHASE, { ...buy, currencyType: "cash" })).toMatchObject({
      status: 400,
      body: { errorCode: "INVALID_QUANTITY" },
    });
    expect(await buyer.post(PURCHASE, { ...buy, quantity: 1, currencyType: "cash" })).toMatchObject(
      {
        status: 400,
        body: { errorCode: "INSUFFICIENT_BALANCE" },
      },
    );
    expect((await buyer.post(PURCHASE, { ...buy, quantity: 1 })).status).toBe(200);
    expect((await buyer.post(PURCHASE, { ...buy, quantity: 1 })).status).toBe(409);
    expect((await seller.get(INVENTORY)).body.items[0].quantity).toBe(1);
    await expectSound(test.database.db);
  });

  it("answers a purchase with the same key once, and with another body by 409", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "buyer-1");
    const buy = { itemId: "nd_market_magnifier", currencyType: "gameCoins" };
    const key = { "idempotency-key": "k-1" };
    const first = await user.post(PURCHASE, buy, key);
    const again = await user.post(PURCHASE, buy, key);
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(again.body.transactionId).toBe(first.body.transactionId);
    expect(again.body.item.id).toBe(first.body.item.id);
    expect((await user.get(BALANCE)).body.gameCoins).toBe(975);
    expect((await user.post(PURCHASE, { ...buy, quantity: 2 }, key)).status).toBe(409);
    expect((await user.get(INVENTORY)).body.total).toBe(1);
  });

  it("lists and cancels once under a key, also when the item was sold since", async () => {
    const test = await useTestApp();
    const seller = await logIn(test, "seller-1");
    await importPotion(seller);
    await importPotion(seller);
    const offer = { name: "生命药水", itemType: "consumable", price: { gameCoins: 9 } };
    const key = { "idempotency-key": "list-1" };
    const replies = await Promise.all([1, 2, 3].map(() => seller.post(LIST, offer, key)));
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
    const [id, ...others] = [...new Set(replies.map(({ body }) => body.item.id))];
    expect([others, (await seller.get(INVENTORY)).body.total]).toEqual([[], 1]);
    expect((await seller.post(LIST, { ...offer, quantity: 2 }, key)).status).toBe(409);
    const buyer = await logIn(test, "buyer-1");
    expect((await buyer.post(PURCHASE, { itemId: id, currencyType: "NDC" })).status).toBe(200);
    const late = await seller.post(LIST, offer, key);
    expect([late.body.item.id, late.headers["idempotency-replayed"]]).toEqual([id, "true"]);

    const shared = { userId: "seller-1", ...OFFER, category: "weapon", price: 5, currency: "NDC" };
    const other = { "idempotency-key": "list-2" };
    const declared = await seller.post(SHARED, shared, other);
    expect((await seller.post(SHARED, shared, other)).body).toEqual(declared.body);
    const cancel = { listingId: declared.body.item.id };
    const third = { "idempotency-key": "cancel-1" };
    expect((await seller.post(CANCEL, cancel, third)).status).toBe(200);
    const again = await seller.post(CANCEL, cancel, third);
    expect([again.status, again.headers["idempotency-replayed"]]).toEqual([200, "true"]);
    await expectSound(test.database.db);
  });

  it("gives the shared surface one price, ISO times and both spellings of the source", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    for (const query of ["?gameSource=New+Day", "?gameSource=New%20Day", "?gameSource=newday"]) {
      const { body } = await user.get(`${SHARED}${query}`);
      expect(body.items[0]).toMatchObject({ name: "放大镜", price: 25, currency: "gameCoins" });
      expect(body.items[0].listedAt).toMatch(/^\d{4}-.*Z$/);
    }
    const listed = await user.post(SHARED, {
      userId: "user-001",
      name: "x",
      category: "tool",
      rarity: "common",
      price: 40,
      currency: "game_coins",
      gameSource: "New Day",
    });
    expect(listed).toMatchObject({
      status: 201,
      body: { item: { price: 40, sellerId: "user-001" } },
    });
    const buyer = await logIn(test, "user-002");
    const bought = await buyer.post(`${SHARED}/${listed.body.item.id}/purchase`, {
      buyerId: "user-002",
    });
    expect(bought).toMatchObject({
      status: 200,
      body: { totalAmount: 40, balance: { gameCoins: 960 } },
    });
  });
});

describe("400", () => {
  const shared = share(() => useTestApp());

  it.each<[string, unknown, string]>([
    ["a fraction", { gameCoins: 0.5 }, "INVALID_PRICE"],
    ["nothing", {}, "INVALID_PRICE"],
    ["zero", { gameCoins: 0 }, "INVALID_PRICE"],
    ["a negative amount", { gameCoins: -1 }, "INVALID_PRICE"],
    ["more than 10^9", { gameCoins: 1_000_000_001 }, "INVALID_PRICE"],
    ["1e308", { gameCoins: 1e308 }, "INVALID_PRICE"],
    ["a text", { gameCoins: "100" }, "INVALID_PRICE"],
    ["a bare number", 100, "INVALID_PRICE"],
    ["a currency of AllinONE", { aCoins: 5 }, "INVALID_CURRENCY"],
    ["an unknown currency", { gold: 5 }, "INVALID_CURRENCY"],
  ])("refuses %s as a price", async (_, price, code) => {
    const user = await logIn(shared(), "user-001");
    const reply = await user.post(LIST, { ...OFFER, price });
    expect([reply.status, reply.body.errorCode]).toEqual([400, code]);
    expect((await user.get(`${MARKET}?platform=allinone`)).body.total).toBe(0);
  });

  it("refuses a purchase without fields, in foreign money, of no or too many pieces, of one's own", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    const own = await listPotion(user, { gameCoins: 1 });
    const itemId = "nd_market_magnifier";
    const cases: [object, number, string][] = [
      [{}, 400, "MISSING_FIELDS"],
      [{ itemId }, 400, "MISSING_FIELDS"],
      [{ itemId, currencyType: "aCoins" }, 400, "INVALID_CURRENCY"],
      [{ itemId, currencyType: "cash" }, 400, "INVALID_CURRENCY"],
      [{ itemId, currencyType: "gameCoins", quantity: 0 }, 400, "INVALID_QUANTITY"],
      [{ itemId, currencyType: "gameCoins", quantity: 1e9 }, 400, "INVALID_QUANTITY"],
      [{ itemId, currencyType: "gameCoins", quantity: "1" }, 400, "INVALID_QUANTITY"],
      [{ itemId, currencyType: "gameCoins", quantity: 41 }, 400, "INSUFFICIENT_BALANCE"],
      [{ itemId: "no-such-listing", currencyType: "gameCoins" }, 404, "ITEM_NOT_FOUND"],
      [{ itemId: own, currencyType: "gameCoins" }, 403, "FORBIDDEN"],
    ];
    for (const [body, status, code] of cases) {
      const reply = await user.post(PURCHASE, body);
      expect([body, reply.status, reply.body.errorCode]).toEqual([body, status, code]);
    }
    expect((await user.get(BALANCE)).body.gameCoins).toBe(1000);
    expect((await user.get(INVENTORY)).body.total).toBe(0);
  });
});

describe("401 and 403", () => {
  it("refuses to list, buy or cancel without a token", async () => {
    const nobody = caller(await useTestApp(), "nobody");
    for (const url of [LIST, PURCHASE, CANCEL, SHARED, `${SHARED}/nd_market_magnifier/purchase`])
      expect([url, (await nobody.post(url, {})).status]).toEqual([url, 401]);
  });

  it("refuses another seller or buyer in the body", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    await logIn(test, "victim");
    const offer = { userId: "victim", name: "x", category: "tool", price: 1, currency: "cash" };
    expect((await user.post(SHARED, offer)).status).toBe(403);
    const url = `${SHARED}/nd_market_magnifier/purchase`;
    expect((await user.post(url, { buyerId: "victim" })).status).toBe(403);
    expect((await user.get("/api/shared/wallet/victim")).body.gameCoins).toBe(1000);
  });
});

describe("404 and 409", () => {
  it("hides others' items and listings, and refuses what is in escrow or gone", async () => {
    const test = await useTestApp();
    const [seller, other] = [await logIn(test, "seller-1"), await logIn(test, "other-1")];
    const itemId = await importPotion(seller);
    const offer = { itemId, name: "生命药水", itemType: "consumable", price: { gameCoins: 5 } };
    expect((await other.post(LIST, offer)).status).toBe(404);
    const listingId = (await seller.post(LIST, offer)).body.item.id;
    expect((await seller.post(LIST, offer)).status).toBe(409);
    expect((await other.post(CANCEL, { listingId })).status).toBe(404);
    expect((await seller.post(CANCEL, { listingId })).status).toBe(200);
    const late = await other.post(PURCHASE, { itemId: listingId, currencyType: "gameCoins" });
    expect([late.status, late.body.errorCode]).toEqual([409, "ITEM_NOT_AVAILABLE"]);
  });

  it("keeps to the limits a day and a user of official stock", async () => {
    await withinOneDay();
    const test = await useTestApp();
    await test.database.db.query(
      "update newday.listings set per_day_limit = 2 where id = 'nd_market_repair_tool'",
    );
    const user = await logIn(test, "user-001");
    const buy = { itemId: "nd_market_repair_tool", currencyType: "gameCoins" };
    expect((await user.post(PURCHASE, { ...buy, quantity: 2 })).status).toBe(200);
    const third = await user.post(PURCHASE, buy);
    expect([third.status, third.body.errorCode]).toEqual([409, "PURCHASE_LIMIT"]);
    expect((await (await logIn(test, "user-002")).post(PURCHASE, buy)).status).toBe(200);
  });
});
