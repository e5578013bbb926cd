/** docs/incidents.md E: incidents of market and transfer, one test for each. */
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import {
  BALANCE,
  caller,
  importPotion,
  INVENTORY,
  logIn,
  MARKET,
  PURCHASE,
  TRANSFER,
} from "../support/market.ts";

describe("market and transfer", () => {
  it("E1: the button exports twice; the second answer is a 200 with the same transfer id", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const itemId = await importPotion(user);
    const body = { itemId, targetPlatform: "allinone", quantity: 1 };
    const [first, second] = [await user.post(TRANSFER, body), await user.post(TRANSFER, body)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.transferId).toBe(first.body.transferId);
    expect(second.body.alreadyTransferred).toBe(true);
  });

  it("E2: what is delisted on AllinONE comes back; the row was never deleted", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    const itemId = await importPotion(user);
    await user.post(TRANSFER, { itemId, targetPlatform: "allinone" });
    const [row] = await test.database.db.query("select state from newday.items where id = $1", [
      itemId,
    ]);
    expect(row).toEqual({ state: "exported" });
    await user.post(TRANSFER, { itemId, targetPlatform: "newday" });
    expect((await user.get(INVENTORY)).body.items[0].id).toBe(itemId);
  });

  it("E3: exactly one of targetUserId and targetPlatform says whereto", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const itemId = await importPotion(user);
    expect((await user.post(TRANSFER, { itemId })).body.errorCode).toBe("MISSING_FIELDS");
    const both = { itemId, targetPlatform: "allinone", targetUserId: "user-002" };
    expect((await user.post(TRANSFER, both)).status).toBe(400);
  });

  it("E4: a purchase debits, delivers and can be exported under the id that it answered with", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const buy = { itemId: "nd_market_magnifier", currencyType: "gameCoins" };
    const { item } = (await user.post(PURCHASE, buy)).body;
    expect((await user.get(BALANCE)).body.gameCoins).toBe(975);
    const exported = await user.post(TRANSFER, { itemId: item.id, targetPlatform: "allinone" });
    expect(exported.status).toBe(200);
  });

  it("E5: the market is never empty: the first offer can be bought again and again", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    for (let run = 0; run < 5; run += 1) {
      const [first] = (await user.get(MARKET)).body.items;
      const reply = await user.post(PURCHASE, { itemId: first.id, currencyType: "gameCoins" });
      expect([first.name, reply.status]).toEqual(["放大镜", 200]);
    }
  });

  it("E7: times are milliseconds on one surface and ISO 8601 on the other", async () => {
    const nobody = caller(await useTestApp(), "nobody");
    const [partner] = (await nobody.get(MARKET)).body.items;
    const [shared] = (await nobody.get("/api/shared/marketplace")).body.items;
    expect(new Date(partner.listedAt).toISOString()).toBe(shared.listedAt);
  });

  it("E8: what was bought is there for another process on the same database", async () => {
    const one = await useTestApp();
    const two = await useTestApp({ database: one.database });
    const user = await logIn(one, "user-001");
    const buy = { itemId: "nd_market_magnifier", currencyType: "gameCoins" };
    const { item } = (await user.post(PURCHASE, buy)).body;
    const elsewhere = await logIn(two, "user-001");
    expect((await elsewhere.get(INVENTORY)).body.items[0].id).toBe(item.id);
  });

  it("E6: the market is read by anybody, from any origin, and is the one that purchases come from", async () => {
    const test = await useTestApp();
    const headers = { origin: "null" };
    const lists = await Promise.all(
      [MARKET, "/api/shared/marketplace"].map((url) => test.app.inject({ url, headers })),
    );
    expect(lists.map((list) => list.headers["access-control-allow-origin"])).toEqual(["*", "*"]);
    const [first, second] = lists.map((list) => list.json().items[0].id as string);
    expect(second).toBe(first);
    const user = await logIn(test, "user-001");
    const bought = await user.post(PURCHASE, { itemId: first, currencyType: "gameCoins" });
    expect(bought.status).toBe(200);
  });
});
