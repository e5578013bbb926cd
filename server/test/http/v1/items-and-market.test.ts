import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../../src/identity/platform-keys.ts";
import { share } from "../../support/test-end.ts";
import { useV1, type TestV1 } from "./support.ts";
import { addTestPlatform } from "../../support/platforms.ts";

const GRANT = { userId: "alice", name: "星尘", type: "material", rarity: "rare", quantity: 5 };

async function grant({ call }: TestV1, change: object = {}): Promise<string> {
  const reply = await call("POST", "/items/grants", { body: { ...GRANT, ...change } });
  expect(reply.status).toBe(201);
  return reply.body.item.id as string;
}

const coins = async ({ call }: TestV1, userId: string) =>
  (await call("GET", `/wallets/${userId}/accounts/game_coins`)).body.balance as string;

/** For requests that are refused. */
const shared = share(() => useV1());

describe("items", () => {
  it("are granted once per key, and listed newest first in pages", async () => {
    const v1 = await useV1();
    const body = { ...GRANT, stats: { attack: 3 } };
    const first = await v1.call("POST", "/items/grants", { body, key: "g1" });
    const second = await v1.call("POST", "/items/grants", { body, key: "g1" });
    expect(second.body).toEqual({ ...first.body, replayed: true });
    expect(first.body.item).toMatchObject({
      userId: "alice",
      state: "owned",
      quantity: 5,
      name: "星尘",
      stats: { attack: 3 },
    });
    const ids = [
      first.body.item.id,
      await grant(v1, { name: "b" }),
      await grant(v1, { name: "c" }),
    ];
    const as = await v1.login("alice");
    const page = await v1.call("GET", "/wallets/alice/items?limit=2", { as });
    expect(page.body.data.map(({ id }: { id: string }) => id)).toEqual([ids[2], ids[1]]);
    await grant(v1, { name: "d" });
    const next = `/wallets/alice/items?limit=2&cursor=${page.body.nextCursor}`;
    const rest = await v1.call("GET", next, { as });
    expect(rest.body).toMatchObject({ data: [{ id: ids[0] }], nextCursor: null });
    expect((await v1.call("GET", "/wallets/alice/items?type=weapon")).body.data).toEqual([]);
  });

  it("are granted in bulk with an outcome each", async () => {
    const { call } = await useV1();
    const grants = [GRANT, { ...GRANT, userId: "nobody" }, { ...GRANT, name: "<b>" }];
    const body = { mode: "independent", grants };
    const reply = await call("POST", "/items/grants/bulk", { body });
    expect(reply.body).toMatchObject({ posted: 1, refused: 2 });
    expect(reply.body.results).toMatchObject([
      { status: "posted", transfer: { result: { itemId: expect.stringMatching(/^inv-/) } } },
      { status: "refused", error: { code: "wallet_not_found", field: "grants.1.userId" } },
      { status: "refused", error: { code: "invalid_field", field: "grants.2.name" } },
    ]);
  });

  it("are given in parts, exported and returned, with a history that hides other users", async () => {
    const v1 = await useV1();
    const id = await grant(v1);
    const as = await v1.login("alice");
    const body = { to: "bob", quantity: 2 };
    const gift = await v1.call("POST", `/items/${id}/gifts`, { as, body });
    expect(gift).toMatchObject({
      status: 201,
      body: { item: { userId: "bob", quantity: 2 }, remaining: 3 },
    });
    const out = await v1.call("POST", `/items/${id}/exports`, {
      as,
      body: { platform: "allinone" },
    });
    expect(out.body.item).toMatchObject({ id, state: "exported", quantity: 3 });
    const again = await v1.call("POST", `/items/${id}/exports`, {
      as,
      body: { platform: "allinone" },
    });
    expect([again.status, again.body.code]).toEqual([409, "already_transferred"]);
    const back = await v1.call("POST", `/items/${id}/returns`, { as });
    expect(back.body.item.state).toBe("owned");
    const history = await v1.call("GET", `/items/${id}/history`, { as });
    expect(history.body.data.map(({ action }: { action: string }) => action)).toEqual([
      "return",
      "export",
      "split",
      "grant",
    ]);
    const bobs = await v1.call("GET", `/items/${gift.body.item.id}`, { as });
    expect([bobs.status, bobs.body.code]).toEqual([404, "item_not_found"]);
  });

  it("are given once, however often the giver repeats it after they are gone", async () => {
    const v1 = await useV1();
    const id = await grant(v1);
    const as = await v1.login("alice");
    const sent = { as, body: { to: "bob" }, key: "gift" };
    const first = await v1.call("POST", `/items/${id}/gifts`, sent);
    const second = await v1.call("POST", `/items/${id}/gifts`, sent);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual({ ...first.body, replayed: true });
    expect(second.headers["idempotency-replayed"]).toBe("true");
    const other = { ...sent, body: { to: "carol" } };
    const conflict = await v1.call("POST", `/items/${id}/gifts`, other);
    expect([conflict.status, conflict.body.code]).toEqual([409, "idempotency_conflict"]);
  });

  it("are not moved by a call that was only meant to try: what cannot be tried says so", async () => {
    const v1 = await useV1();
    const id = await grant(v1, { quantity: 5 });
    const tries: [string, object][] = [
      ["/items/grants", { userId: "alice", name: "x", type: "tool" }],
      [
        "/items/grants/bulk",
        { mode: "atomic", grants: [{ userId: "bob", name: "x", type: "tool" }] },
      ],
      [`/items/${id}/gifts`, { to: "bob" }],
      [`/items/${id}/exports`, { platform: "allinone" }],
      ["/listings", { itemId: id, prices: { game_coins: "5" } }],
      ["/holds", { from: "alice", currency: "game_coins", amount: "5" }],
      ["/wallets/alice/accounts/cash/freeze", { debits: true, credits: true }],
    ];
    for (const [path, body] of tries) {
      const tried = await v1.call("POST", `${path}?dryRun=true`, { body });
      expect([path, tried.status, tried.body.field]).toEqual([path, 400, "dryRun"]);
    }
    const owned = await v1.call("GET", "/wallets/alice/items");
    expect(owned.body.data.map((item: { quantity: number }) => item.quantity)).toEqual([5]);
    expect((await v1.call("GET", "/wallets/alice?at=2026-01-01")).body.field).toBe("at");
  });

  it("leave a stack once for each key, however soon the next one comes", async () => {
    const v1 = await useV1();
    const id = await grant(v1, { quantity: 5 });
    const as = await v1.login("alice");
    const body = { to: "bob", quantity: 1 };
    const first = await v1.call("POST", `/items/${id}/gifts`, { as, body, key: "arrow-1" });
    const second = await v1.call("POST", `/items/${id}/gifts`, { as, body, key: "arrow-2" });
    expect([first.body.remaining, second.body.remaining]).toEqual([4, 3]);
    const exported = { as, body: { platform: "allinone", quantity: 1 } };
    const third = await v1.call("POST", `/items/${id}/exports`, { ...exported, key: "arrow-3" });
    const fourth = await v1.call("POST", `/items/${id}/exports`, { ...exported, key: "arrow-4" });
    expect([third.body.remaining, fourth.body.remaining]).toEqual([2, 1]);
  });

  it.each([
    [{ name: "<script>" }, "invalid_field", "name"],
    [{ quantity: 0 }, "invalid_field", "quantity"],
    [{ quantity: 1.5 }, "invalid_field", "quantity"],
    [{ quantity: 1_000_000_000 }, "invalid_field", "quantity"],
    [{ type: "sword" }, "invalid_item_type", "type"],
    [{ imageUrl: "http://x.org/a.png" }, "invalid_field", "imageUrl"],
    [{ stats: { a: { b: 1 } } }, "invalid_field", "stats.a"],
  ])("are not granted with %j", async (change, code, field) => {
    const { call } = shared();
    const reply = await call("POST", "/items/grants", { body: { ...GRANT, ...change } });
    expect([reply.status, reply.body.code, reply.body.field]).toEqual([400, code, field]);
  });
});

describe("the market", () => {
  it("sells an item once: money, fee and item in one posting", async () => {
    const v1 = await useV1();
    const id = await grant(v1);
    const seller = await v1.login("alice");
    const listed = await v1.call("POST", "/listings", {
      as: seller,
      body: { itemId: id, quantity: 5, prices: { game_coins: "100" } },
    });
    expect(listed).toMatchObject({
      status: 201,
      body: { kind: "escrowed", sellerId: "alice", prices: { game_coins: "100" }, remaining: 5 },
    });
    const body = { userId: "bob", listingId: listed.body.id, quantity: 2 };
    const as = await v1.login("bob");
    const tried = await v1.call("POST", "/purchases?dryRun=true", { as, body, key: null });
    expect(tried.body).toMatchObject({ dryRun: true, price: "200", commission: "2", total: "202" });
    const bought = await v1.call("POST", "/purchases", { as, body, key: "p1" });
    expect(bought).toMatchObject({ status: 201, body: { balances: { game_coins: "798" } } });
    const again = await v1.call("POST", "/purchases", { as, body, key: "p1" });
    expect(again.body).toEqual({ ...bought.body, replayed: true });
    expect([await coins(v1, "alice"), await coins(v1, "bob")]).toEqual(["1200", "798"]);
    const own = { ...body, userId: "alice" };
    const refused = await v1.call("POST", "/purchases", { as: seller, body: own });
    expect(refused.body.code).toBe("own_listing");
    const cancelled = await v1.call("POST", `/listings/${listed.body.id}/cancel`, { as: seller });
    expect(cancelled.body.status).toBe("removed");
    const late = await v1.call("POST", "/purchases", { as, body });
    expect([late.status, late.body.code]).toEqual([409, "item_not_available"]);
    expect(late.body).toMatchObject({ status: 409, listingStatus: "removed" });
  });

  it("finds listings by name, kind and price, in pages that filters do not resize", async () => {
    const v1 = await useV1();
    for (const [name, price] of [
      ["100% 银", "30"],
      ["银_剑", "10"],
      ["铜", "20"],
    ] as const) {
      const itemId = await grant(v1, { name, quantity: 1 });
      const prices = { game_coins: price, cash: "5" };
      await v1.call("POST", "/listings", { body: { itemId, prices } });
    }
    const names = async (query: string) =>
      (await v1.call("GET", `/listings?official=false&${query}`)).body.data.map(
        ({ name }: { name: string }) => name,
      ) as string[];
    const byPrice = "currency=game_coins&sort=price_asc";
    expect(await names(byPrice)).toEqual(["银_剑", "铜", "100% 银"]);
    expect(await names(`${byPrice}&priceMin=20`)).toEqual(["铜", "100% 银"]);
    expect(await names(`q=${encodeURIComponent("%")}`)).toEqual(["100% 银"]);
    expect(await names(`q=${encodeURIComponent("_")}`)).toEqual(["银_剑"]);
    expect(await names("currency=computing_power")).toEqual([]);
    expect(await names("sort=oldest")).toEqual(["100% 银", "银_剑", "铜"]);
    const first = await v1.call("GET", `/listings?official=false&${byPrice}&limit=2`);
    const rest = await v1.call(
      "GET",
      `/listings?official=false&${byPrice}&limit=2&cursor=${first.body.nextCursor}`,
    );
    expect(rest.body).toMatchObject({ data: [{ name: "100% 银" }], nextCursor: null });
    const missing = await v1.call("GET", "/listings?sort=price_asc");
    expect([missing.status, missing.body.field]).toEqual([400, "currency"]);
  });

  it.each([
    [{ prices: { game_coins: "0" } }, "invalid_amount"],
    [{ prices: { game_coins: "1000000001" } }, "invalid_price"],
    [{ prices: { gold: "1" } }, "invalid_currency"],
    [{ prices: {} }, "invalid_price"],
    [{ endsAt: "2020-01-01T00:00:00Z" }, "invalid_field"],
  ])("takes no listing with %j", async (change, code) => {
    const v1 = shared();
    const itemId = await grant(v1);
    const body = { itemId, prices: { game_coins: "1" }, ...change };
    const reply = await v1.call("POST", "/listings", { body });
    expect([reply.status, reply.body.code]).toEqual([400, code]);
  });

  it("keeps other people's items and listings out of reach", async () => {
    const v1 = await useV1();
    const itemId = await grant(v1);
    const prices = { game_coins: "1" };
    const as = await v1.login("bob");
    const stolen = await v1.call("POST", "/listings", { as, body: { itemId, prices } });
    expect(stolen.status).toBe(404);
    const { id } = (await v1.call("POST", "/listings", { body: { itemId, prices } })).body;
    const cancelled = await v1.call("POST", `/listings/${id}/cancel`, { as });
    expect([cancelled.status, cancelled.body.code]).toEqual([404, "item_not_found"]);
    await addTestPlatform(v1.database.db, "acme");
    const { key } = await createPlatformKey(v1.database.db, {
      platform: "acme",
      scopes: ["items:read", "items:write"],
    });
    expect((await v1.call("GET", `/items/${itemId}`, { as: key })).status).toBe(404);
    expect((await v1.call("GET", "/wallets/alice/items", { as: key })).status).toBe(404);
  });
});

describe("what is wrong in one of many items", () => {
  it("is named with its place in the body", async () => {
    const { call } = await useV1();
    for (const wrong of [{ imageUrl: "http://x" }, { icon: "<b>" }, { description: "<b>" }]) {
      const [field = ""] = Object.keys(wrong);
      const grants = [GRANT, { ...GRANT, ...wrong }];
      const bulk = await call("POST", "/items/grants/bulk", { body: { mode: "atomic", grants } });
      expect([bulk.status, bulk.body.field]).toEqual([400, `grants.1.${field}`]);
      const outputs = [{ item: { name: "n", type: "tool", ...wrong }, quantity: 1 }];
      const recipe = { name: "r", inputs: [], prices: { game_coins: "1" }, outputs };
      const refused = await call("PUT", "/recipes/r", { body: recipe, key: null });
      expect([refused.status, refused.body.field]).toEqual([400, `outputs.0.item.${field}`]);
    }
  });
});

describe("recipes", () => {
  it("turn items and money into items, all at once and once per key", async () => {
    const v1 = await useV1();
    const { definitionId } = (
      await v1.call("POST", "/items/grants", { body: { ...GRANT, quantity: 2 } })
    ).body.item;
    await grant(v1, { quantity: 4 });
    const recipe = {
      name: "星刃",
      inputs: [{ definitionId, quantity: 3 }],
      prices: { game_coins: "50" },
      outputs: [{ item: { name: "星刃", type: "weapon", rarity: "epic" }, quantity: 1 }],
    };
    const made = await v1.call("PUT", "/recipes/star-blade", { body: recipe, key: null });
    expect(made).toMatchObject({ status: 201, body: { version: "1", platform: "allinone" } });
    const same = await v1.call("PUT", "/recipes/star-blade", { body: recipe, key: null });
    expect(same).toMatchObject({ status: 200, body: { version: "1" } });
    const as = await v1.login("alice");
    expect((await v1.call("GET", "/recipes", { as })).body.data).toEqual([made.body]);
    const sent = { as, body: { userId: "alice", times: 2 }, key: "c1" };
    const first = await v1.call("POST", "/recipes/star-blade/crafts", sent);
    expect(first).toMatchObject({ status: 201, body: { made: [{ quantity: 2 }] } });
    const again = await v1.call("POST", "/recipes/star-blade/crafts", sent);
    expect(again.body).toEqual({ ...first.body, replayed: true });
    expect(await coins(v1, "alice")).toBe("900");
    const owned = await v1.call("GET", "/wallets/alice/items", { as });
    expect(owned.body.data).toMatchObject([{ name: "星刃", quantity: 2, obtainedFrom: "craft" }]);
    const more = await v1.call("POST", "/recipes/star-blade/crafts", { ...sent, key: "c2" });
    expect([more.status, more.body.code]).toEqual([404, "item_not_found"]);
  });

  it("leave the ingredients when the money is missing", async () => {
    const v1 = await useV1();
    const granted = await v1.call("POST", "/items/grants", { body: GRANT });
    const body = {
      name: "n",
      inputs: [{ definitionId: granted.body.item.definitionId, quantity: 1 }],
      prices: { cash: "1" },
      outputs: [{ item: { name: "m", type: "tool" }, quantity: 1 }],
    };
    await v1.call("PUT", "/recipes/r", { body });
    const reply = await v1.call("POST", "/recipes/r/crafts", { body: { userId: "alice" } });
    expect([reply.status, reply.body.code]).toEqual([422, "insufficient_funds"]);
    const owned = await v1.call("GET", "/wallets/alice/items");
    expect(owned.body.data).toMatchObject([{ quantity: 5, state: "owned" }]);
  });
});
