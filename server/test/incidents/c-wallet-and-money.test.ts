/** docs/incidents.md C: incidents of wallets and money, one test for each. */
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { BALANCE, importPotion, LIST, logIn, MARKET, PURCHASE } from "../support/market.ts";

const MAGNIFIER = { itemId: "nd_market_magnifier", currencyType: "gameCoins" };

describe("wallet and money", () => {
  it("C1: the balance follows a purchase at once, on both surfaces, and carries updatedAt", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const before = (await user.get(BALANCE)).body;
    await user.post(PURCHASE, MAGNIFIER);
    const after = (await user.get(BALANCE)).body;
    expect([before.gameCoins, after.gameCoins]).toEqual([1000, 975]);
    expect(after.newDayGameCoins).toBe(after.newDayCoins);
    expect(after.updatedAt >= before.updatedAt).toBe(true);
    expect((await user.get("/api/shared/wallet/user-001")).body.wallet.gameCoins).toBe(975);
  });

  it("C3: every newcomer starts with 1000 / 0 / 0, wherever one looks", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const { balance } = (await user.get(BALANCE)).body;
    expect([balance.gameCoins, balance.cash, balance.computingPower]).toEqual([1000, 0, 0]);
  });

  it("C4: 1 % of 25 is 0, 1 % of 199 is 1, and no fraction is ever listed", async () => {
    const test = await useTestApp();
    const [seller, buyer] = [await logIn(test, "seller-1"), await logIn(test, "buyer-1")];
    for (const [amount, fee] of [
      [25, 0],
      [199, 1],
    ] as const) {
      const itemId = await importPotion(seller);
      const offer = { itemId, name: "x", itemType: "consumable", price: { gameCoins: amount } };
      const listing = (await seller.post(LIST, offer)).body.item.id;
      const bought = await buyer.post(PURCHASE, { itemId: listing, currencyType: "gameCoins" });
      expect(bought.body).toMatchObject({ price: amount, commission: fee });
    }
    const half = { name: "x", itemType: "consumable", price: { gameCoins: 0.29 } };
    expect((await seller.post(LIST, half)).status).toBe(400);
  });

  it("C5: gameCoins and game_coins and NDC are one coin, at listing and at buying", async () => {
    const test = await useTestApp();
    const [seller, buyer] = [await logIn(test, "seller-1"), await logIn(test, "buyer-1")];
    for (const [listedAs, paidAs] of [
      ["game_coins", "gameCoins"],
      ["newDayGameCoins", "game_coins"],
      ["NDC", "newDayCoins"],
    ] as const) {
      const itemId = await importPotion(seller);
      const offer = { itemId, name: "x", itemType: "consumable", price: { [listedAs]: 1 } };
      const listing = (await seller.post(LIST, offer)).body.item;
      expect(listing).toMatchObject({ currency: "gameCoins", price: { gameCoins: 1 } });
      const bought = await buyer.post(PURCHASE, { itemId: listing.id, currencyType: paidAs });
      expect(bought.status).toBe(200);
    }
  });

  it("C8: AllinONE's coins buy nothing here, and no pair is made up", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    for (const currencyType of ["aCoins", "a_coins", "oCoins", "voucher", "gold"]) {
      const reply = await user.post(PURCHASE, { ...MAGNIFIER, currencyType });
      expect([reply.status, reply.body.errorCode]).toEqual([400, "INVALID_CURRENCY"]);
    }
  });

  it("C9: price, fee, total and the seller's share add up in every stored purchase", async () => {
    const test = await useTestApp();
    const { db } = test.database;
    const user = await logIn(test, "user-001");
    await user.post(PURCHASE, MAGNIFIER);
    await user.post(PURCHASE, { itemId: "nd_store_consumable_001", currencyType: "gameCoins" });
    const rows = await db.query(
      `select price::int, commission::int, total_amount::int as total, seller_receives::int as share
        from newday.purchases order by price`,
    );
    expect(rows).toEqual([
      { price: 25, commission: 0, total: 25, share: 25 },
      { price: 100, commission: 15, total: 115, share: 100 },
    ]);
    await expect(
      db.query(`insert into newday.purchases (id, transfer_id, listing_id, buyer_id, currency, price,
        commission, total_amount, seller_receives, sale_type) values ('x', gen_random_uuid(), 'l', 'b',
        'cash', 10, 1, 10, 9, 'player_market')`),
    ).rejects.toThrow(/purchases_adds_up/);
    await expectSound(db);
  });

  it("C2: the statement tells of every movement, whatever a client believes", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    await user.post(PURCHASE, MAGNIFIER);
    const { body } = await user.get("/api/v1/wallets/user-001/accounts/game_coins/statement");
    const entries = (body.data as { amount: string; balanceAfter: string }[]).map((entry) => [
      entry.amount,
      entry.balanceAfter,
    ]);
    expect(entries).toEqual([
      ["-25", "975"],
      ["1000", "1000"],
    ]);
  });

  it("C6: a coin price and a coin balance carry both names, and both mean New Day's coin", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const [first] = (await user.get(MARKET)).body.items;
    expect(first.price).toEqual({ gameCoins: 25, newDayGameCoins: 25 });
    const { balance } = (await user.get(BALANCE)).body;
    expect(balance.newDayGameCoins).toBe(balance.gameCoins);
  });

  it("C7: an exchange happens on the server, with a receipt, once per key", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const body = { userId: "user-001", from: "game_coins", to: "allinone_coins", amount: "40" };
    const key = { "idempotency-key": "exchange-1" };
    const first = await user.post("/api/v1/exchanges", body, key);
    const again = await user.post("/api/v1/exchanges", body, key);
    expect([first.status, again.body.id]).toEqual([201, first.body.id]);
    expect((await user.get(BALANCE)).body.gameCoins).toBe(960);
  });

  it("C11: the balance says that cash is in minor units, as the currency's row does", async () => {
    const test = await useTestApp();
    const { cashScale } = (await (await logIn(test, "user-001")).get(BALANCE)).body;
    const [row] = await test.database.db.query<{ scale: number }>(
      "select scale::int as scale from newday.currencies where code = 'cash'",
    );
    expect(cashScale).toBe(row?.scale);
  });

  it("C10: a balance never goes below zero; what is missing is a 400", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const reply = await user.post(PURCHASE, { ...MAGNIFIER, quantity: 41 });
    expect([reply.status, reply.body.errorCode]).toEqual([400, "INSUFFICIENT_BALANCE"]);
    expect((await user.get(BALANCE)).body.gameCoins).toBe(1000);
    expect((await user.get(MARKET)).status).toBe(200);
  });
});
