/** Listings with a beginning and an end, the stores' catalogue, and purchases. */
import { describe, expect, it } from "vitest";
import { caller, MARKET, PURCHASE } from "../../support/market.ts";
import { useV1, type TestV1 } from "./support.ts";

const HOUR_MS = 3_600_000;

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

async function list(v1: TestV1, change: object = {}, userId = "alice"): Promise<string> {
  const grant = { userId, name: "月石", type: "material", rarity: "rare", quantity: 3 };
  const { item } = (await v1.call("POST", "/items/grants", { body: grant })).body;
  const body = { itemId: item.id, quantity: 3, prices: { game_coins: "100" }, ...change };
  const listed = await v1.call("POST", "/listings", { body });
  expect(listed.status).toBe(201);
  return listed.body.id;
}

async function idsAt({ call }: TestV1, path: string, as?: string): Promise<string[]> {
  const reply = await call("GET", path, as === undefined ? {} : { as });
  expect([path, reply.status]).toEqual([path, 200]);
  return reply.body.data.map(({ id }: { id: string }) => id);
}

describe("a listing with a start time", () => {
  it("is hidden and unsold before it, and on sale to everybody from then on", async () => {
    const v1 = await useV1();
    const startsAt = inHours(1);
    const id = await list(v1, { startsAt });
    const [seller, as] = [await v1.login("alice"), await v1.login("bob")];
    const own = await v1.call("GET", `/listings/${id}`, { as: seller });
    expect(own.body).toMatchObject({ status: "upcoming", startsAt });
    expect((await v1.call("GET", `/listings/${id}`, { as })).status).toBe(404);
    expect(await idsAt(v1, "/listings?official=false", as)).toEqual([]);
    const bob = caller(v1, "bob", as);
    const { items } = (await bob.get(MARKET)).body;
    expect(items.map((one: { id: string }) => one.id)).not.toContain(id);
    const body = { userId: "bob", listingId: id };
    const early = await v1.call("POST", "/purchases", { as, body });
    expect([early.status, early.body]).toMatchObject([
      409,
      { code: "listing_not_started", startsAt },
    ]);
    const older = await bob.post(PURCHASE, { itemId: id, currencyType: "gameCoins" });
    expect([older.status, older.body.errorCode]).toEqual([409, "ITEM_NOT_AVAILABLE"]);

    await v1.database.db.query("update newday.listings set starts_at = now() where id = $1", [id]);
    expect(await idsAt(v1, "/listings?official=false", as)).toEqual([id]);
    expect((await v1.call("GET", `/listings/${id}`, { as })).body.status).toBe("active");
    expect((await v1.call("POST", "/purchases", { as, body })).status).toBe(201);
  });

  it("is in the list of upcoming listings of its seller only", async () => {
    const v1 = await useV1();
    const id = await list(v1, { startsAt: inHours(1) });
    await list(v1);
    const mine = "/listings?upcoming=true&sellerId=alice";
    expect(await idsAt(v1, mine, await v1.login("alice"))).toEqual([id]);
    expect(await idsAt(v1, mine)).toEqual([id]);
    const as = await v1.login("bob");
    expect((await v1.call("GET", mine, { as })).body).toMatchObject({ field: "sellerId" });
    const missing = await v1.call("GET", "/listings?upcoming=true", { as });
    expect([missing.status, missing.body.field]).toEqual([400, "sellerId"]);
    const cancelled = await v1.call("POST", `/listings/${id}/cancel`);
    expect(cancelled.body).toMatchObject({ status: "removed" });
  });

  it("ends 30 days after its beginning unless told, and never before it", async () => {
    const v1 = await useV1();
    const startsAt = inHours(24);
    const id = await list(v1, { startsAt });
    const { body } = await v1.call("GET", `/listings/${id}`);
    expect(Date.parse(body.endsAt) - Date.parse(startsAt)).toBe(30 * 24 * HOUR_MS);
    const grant = { userId: "alice", name: "月石", type: "material", rarity: "rare" };
    const { item } = (await v1.call("POST", "/items/grants", { body: grant })).body;
    const wrong = { itemId: item.id, prices: { game_coins: "1" }, startsAt, endsAt: inHours(23) };
    const refused = await v1.call("POST", "/listings", { body: wrong });
    expect([refused.status, refused.body.field]).toEqual([400, "endsAt"]);
  });

  it("is found by the range of time in which it ends", async () => {
    const v1 = await useV1();
    const [soon, late] = [
      await list(v1, { endsAt: inHours(2) }),
      await list(v1, { endsAt: inHours(9) }),
    ];
    expect(await idsAt(v1, `/listings?endsUntil=${inHours(3)}`)).toEqual([soon]);
    expect(await idsAt(v1, `/listings?endsFrom=${inHours(3)}`)).toEqual([late]);
  });
});

describe("the catalogue", () => {
  it("holds official stock only, in the stores' order, in pages and with filters", async () => {
    const v1 = await useV1();
    await list(v1);
    const as = await v1.login("alice");
    const all = await idsAt(v1, "/catalogue", as);
    expect(all.slice(0, 2)).toEqual(["nd_market_magnifier", "nd_market_repair_tool"]);
    const first = await v1.call("GET", "/catalogue?limit=2", { as });
    const rest = await idsAt(v1, `/catalogue?limit=200&cursor=${first.body.nextCursor}`, as);
    expect(rest).toEqual(all.slice(2));
    const cheap = "/catalogue?currency=game_coins&sort=price_desc&priceMax=50&type=consumable";
    expect(await idsAt(v1, cheap, as)).toEqual([
      "nd_market_task_skip_card",
      "nd_market_repair_tool",
      "nd_market_magnifier",
    ]);
    expect(await idsAt(v1, `/catalogue?q=${encodeURIComponent("放大")}`, as)).toEqual(
      all.slice(0, 1),
    );
    const stray = await v1.call("GET", `/listings?limit=2&cursor=${first.body.nextCursor}`, { as });
    expect([stray.status, stray.body.code]).toEqual([400, "invalid_cursor"]);
  });
});

describe("the history of purchases", () => {
  it("shows both sides, newest first, in pages that new purchases do not shift", async () => {
    const v1 = await useV1();
    const listingId = await list(v1);
    const as = await v1.login("bob");
    const buy = (id: string) =>
      v1.call("POST", "/purchases", { as, body: { userId: "bob", listingId: id } });
    const bought = [await buy(listingId), await buy("nd_market_magnifier"), await buy(listingId)];
    const transfers = bought.map(({ body }) => body.transferId as string);
    const mine = "/wallets/bob/purchases";
    const first = await v1.call("GET", `${mine}?limit=2`, { as });
    expect(first.body.data).toMatchObject([
      { transferId: transfers[2], listingId, name: "月石", sellerId: "alice", total: "101" },
      { transferId: transfers[1], name: "放大镜", sellerId: null, price: "25", commission: "0" },
    ]);
    await buy("nd_market_magnifier");
    const rest = await v1.call("GET", `${mine}?limit=2&cursor=${first.body.nextCursor}`, { as });
    expect(rest.body).toMatchObject({ data: [{ transferId: transfers[0] }], nextCursor: null });
    const sold = await v1.call("GET", "/wallets/alice/purchases?role=seller");
    expect(sold.body.data).toMatchObject([
      { transferId: transfers[2], buyerId: "bob", sellerReceives: "100" },
      { transferId: transfers[0], quantity: 1, currency: "game_coins" },
    ]);
  });

  it("is filtered by listing, currency and time, and is its user's own", async () => {
    const v1 = await useV1();
    const as = await v1.login("bob");
    for (const listingId of ["nd_market_magnifier", "nd_market_repair_tool"])
      await v1.call("POST", "/purchases", { as, body: { userId: "bob", listingId } });
    const count = async (query: string) =>
      (await v1.call("GET", `/wallets/bob/purchases?${query}`, { as })).body.data.length as number;
    expect(await count("listingId=nd_market_magnifier")).toBe(1);
    expect([await count("currency=game_coins"), await count("currency=cash")]).toEqual([2, 0]);
    expect([await count(`until=${inHours(1)}`), await count(`from=${inHours(1)}`)]).toEqual([2, 0]);
    expect(await count("role=seller")).toBe(0);
    const outsider = await v1.login("carol");
    const other = await v1.call("GET", "/wallets/bob/purchases", { as: outsider });
    expect([other.status, other.body.code]).toEqual([404, "wallet_not_found"]);
  });
});
