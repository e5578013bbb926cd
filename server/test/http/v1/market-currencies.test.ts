/** Prices in the currencies that platforms have defined: the same market, the same fees. */
import { describe, expect, it } from "vitest";
import { caller, MARKET, PURCHASE } from "../../support/market.ts";
import { useV1, type TestV1 } from "./support.ts";

const GEMS = 77;

/** A market in which bob has 1,000 gems, a currency defined at run time. */
async function useGems(): Promise<TestV1> {
  const v1 = await useV1();
  await v1.database.db.query(
    `insert into newday.currencies (number, code, scale, minters) values ($1, 'gems', 2, '{allinone}')`,
    [GEMS],
  );
  const body = { userId: "bob", currency: "gems", amount: "1000" };
  expect((await v1.call("POST", "/mints", { body })).status).toBe(201);
  return v1;
}

async function listFor(v1: TestV1, prices: object, quantity = 1): Promise<string> {
  const granted = await v1.call("POST", "/items/grants", {
    body: { userId: "alice", name: "水晶", type: "material", rarity: "rare", quantity },
  });
  const body = { itemId: granted.body.item.id, prices, quantity };
  const listed = await v1.call("POST", "/listings", { body });
  expect(listed).toMatchObject({ status: 201, body: { prices } });
  return listed.body.id;
}

async function gemsOf({ call }: TestV1, userId: string): Promise<string> {
  return (await call("GET", `/wallets/${userId}/accounts/gems`)).body.balance;
}

describe("a listing priced in a platform's currency", () => {
  it("is found by it, sold in it, and its fee follows the same table", async () => {
    const v1 = await useGems();
    const id = await listFor(v1, { gems: "250", game_coins: "40" }, 2);
    const found = await v1.call("GET", "/listings?currency=gems&sort=price_asc&priceMax=250");
    expect(found.body.data.map((one: { id: string }) => one.id)).toEqual([id]);
    const body = { userId: "bob", listingId: id, currency: "gems" };
    const bought = await v1.call("POST", "/purchases", { body });
    expect(bought.body).toMatchObject({
      currency: "gems",
      price: "250",
      commission: "2",
      total: "252",
      balances: { gems: "748", game_coins: "1000" },
    });
    expect([await gemsOf(v1, "alice"), await gemsOf(v1, "bob")]).toEqual(["250", "748"]);
    const coins = await v1.call("POST", "/purchases", {
      body: { ...body, currency: "game_coins" },
    });
    expect(coins.body).toMatchObject({ price: "40", balances: { game_coins: "960" } });
  });

  it("is shown and sold on the older surfaces under the code of its currency", async () => {
    const v1 = await useGems();
    const [first, second] = [await listFor(v1, { gems: "30" }), await listFor(v1, { gems: "31" })];
    const bob = caller(v1, "bob", await v1.login("bob"));
    const { items } = (await bob.get(MARKET)).body;
    const shown = items.find(({ id }: { id: string }) => id === first);
    expect(shown).toMatchObject({ price: { gems: 30 }, currency: "gems", amount: 30 });
    const other = await bob.post(PURCHASE, { itemId: first, currencyType: "gameCoins" });
    expect([other.status, other.body.errorCode]).toEqual([400, "INVALID_CURRENCY"]);
    const url = `/api/shared/marketplace/${second}/purchase`;
    const bought = await bob.post(url, { buyerId: "bob" });
    expect(bought.body).toMatchObject({ price: 31, currency: "gems", newBalance: 969 });
    expect(bought.body.balance.gameCoins).toBe(1000);
  });

  it("is refused when the currency is undefined, or the buyer has too little of it", async () => {
    const v1 = await useGems();
    const id = await listFor(v1, { gems: "992" });
    const body = { userId: "bob", listingId: id };
    const poor = await v1.call("POST", "/purchases", { body });
    expect([poor.status, poor.body.code]).toEqual([422, "insufficient_funds"]);
    const unknown = await v1.call("POST", "/purchases", { body: { ...body, currency: "shells" } });
    expect([unknown.status, unknown.body.code, unknown.body.field]).toEqual([
      400,
      "invalid_currency",
      "currency",
    ]);
    expect(await gemsOf(v1, "bob")).toBe("1000");
  });

  it("is refused by the name of the field in a currency that the listing is not sold in", async () => {
    const v1 = await useGems();
    const id = await listFor(v1, { gems: "30" });
    const body = { userId: "bob", listingId: id, currency: "game_coins" };
    const { status, body: problem } = await v1.call("POST", "/purchases", { body });
    expect(status).toBe(400);
    expect(problem).toMatchObject({ code: "invalid_currency", field: "currency" });
    expect(problem.detail).toContain("gems");
    expect(await gemsOf(v1, "bob")).toBe("1000");
  });

  it("pays for a recipe too", async () => {
    const v1 = await useGems();
    const outputs = [{ item: { name: "宝石戒指", type: "accessory" }, quantity: 1 }];
    const recipe = { name: "宝石戒指", inputs: [], prices: { gems: "100" }, outputs };
    expect((await v1.call("PUT", "/recipes/ring", { body: recipe })).status).toBe(201);
    const made = await v1.call("POST", "/recipes/ring/crafts", { body: { userId: "bob" } });
    expect([made.status, await gemsOf(v1, "bob")]).toEqual([201, "900"]);
  });
});
