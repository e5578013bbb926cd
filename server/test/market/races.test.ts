import { describe, expect, it } from "vitest";
import { requirePosted } from "../../src/engine/outcome.ts";
import { buyItem } from "../../src/market/purchases/buy-item.ts";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { useAdoptedDatabase, useTestApp, type TestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import {
  ADD,
  CANCEL,
  importPotion,
  INVENTORY,
  LIST,
  logIn,
  potion,
  PURCHASE,
  TRANSFER,
  withinOneDay,
} from "../support/market.ts";

function countBy<T>(values: readonly T[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

/** Statuses of `buyItem` calls, without the login of hundreds of users. */
async function buyAll(apps: readonly TestApp[], buyers: readonly string[], listingId: string) {
  const outcomes = await Promise.allSettled(
    buyers.map(async (buyerId, index) => {
      const { services } = apps[index % apps.length] ?? expect.fail("no app");
      const terms = { caller: `user:${buyerId}` };
      const fields = { listing: "itemId", currency: "currencyType" };
      const asked = {
        buyerId,
        isVerified: true,
        testBudget: null,
        listingId,
        quantity: 1,
        currency: "game_coins",
        fields,
      };
      return requirePosted((await buyItem(services, asked, terms)).outcome);
    }),
  );
  return countBy(
    outcomes.map((outcome) =>
      outcome.status === "fulfilled" ? "bought" : (outcome.reason as { code: string }).code,
    ),
  );
}

describe.each(["pg15", "pg18"] as const)("the market on %s", (server) => {
  it("sells a listing once to 200 buyers of two processes, and pays its seller once", async () => {
    const database = await useAdoptedDatabase({ server, poolSize: 5 });
    const apps = [await useTestApp({ database }), await useTestApp({ database })] as const;
    const seller = await logIn(apps[0], "seller-1");
    const itemId = await importPotion(seller);
    const listed = await seller.post(LIST, {
      itemId,
      name: "生命药水",
      itemType: "consumable",
      price: { gameCoins: 100 },
    });
    const buyers = Array.from({ length: 200 }, (_, index) => `buyer-${index}`);
    await openWallets(apps[0].services, buyers);
    const outcomes = await buyAll(apps, buyers, listed.body.item.id);
    expect(outcomes).toEqual({ bought: 1, item_not_available: 199 });
    const [item] = await database.db.query<{ owner: string; state: string }>(
      "select owner_id as owner, state from newday.items where id = $1",
      [itemId],
    );
    expect(item).toMatchObject({ state: "owned", owner: expect.stringMatching(/^buyer-/) });
    const { wallet } = await apps[0].services.findOrOpenWallet("seller-1");
    expect(wallet.gameCoins).toBe(1100n);
    await expectSound(database.db);
  });

  it("sells stock with an end exactly as often as it is there", async () => {
    const database = await useAdoptedDatabase({ server, poolSize: 5 });
    const apps = [await useTestApp({ database }), await useTestApp({ database })] as const;
    const { db } = database;
    await db.query(
      "update newday.listings set remaining = 7, per_day_limit = null where id = 'nd_store_consumable_001'",
    );
    const buyers = Array.from({ length: 40 }, (_, index) => `buyer-${index}`);
    await openWallets(apps[0].services, buyers);
    const outcomes = await buyAll(apps, buyers, "nd_store_consumable_001");
    expect(outcomes).toEqual({ bought: 7, item_not_available: 33 });
    await expectSound(db);
  });

  it("never spends the same coins twice, however many purchases come at once", async () => {
    const database = await useAdoptedDatabase({ server, poolSize: 5 });
    const apps = [await useTestApp({ database }), await useTestApp({ database })] as const;
    await openWallets(apps[0].services, ["buyer-1"]);
    const same = Array.from({ length: 60 }, () => "buyer-1");
    const outcomes = await buyAll(apps, same, "nd_market_magnifier");
    expect(outcomes).toEqual({ bought: 40, insufficient_funds: 20 });
    const { wallet } = await apps[1].services.findOrOpenWallet("buyer-1");
    expect(wallet.gameCoins).toBe(0n);
    await expectSound(database.db);
  });

  it("exports an item once for 20 requests at once, all of them with one transfer id", async () => {
    const database = await useAdoptedDatabase({ server, poolSize: 5 });
    const test = await useTestApp({ database });
    const user = await logIn(test, "user-001");
    const itemId = await importPotion(user);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => user.post(TRANSFER, { itemId, targetPlatform: "allinone" })),
    );
    expect(countBy(replies.map(({ status }) => status))).toEqual({ 200: 20 });
    expect(new Set(replies.map(({ body }) => body.transferId)).size).toBe(1);
    expect(replies.filter(({ body }) => body.alreadyTransferred === false).length).toBe(1);
    await expectSound(database.db);
  });

  it("imports one id once for 20 requests at once, and ten ids a day for 30", async () => {
    await withinOneDay();
    const database = await useAdoptedDatabase({ server, poolSize: 5 });
    const test = await useTestApp({ database });
    const user = await logIn(test, "user-001");
    const body = potion();
    const same = await Promise.all(Array.from({ length: 20 }, () => user.post(ADD, body)));
    expect(countBy(same.map(({ status }) => status))).toEqual({ 200: 1, 409: 19 });
    const others = await Promise.all(Array.from({ length: 30 }, () => user.post(ADD, potion())));
    expect(countBy(others.map(({ status }) => status))).toEqual({ 200: 9, 429: 21 });
    expect((await user.get(INVENTORY)).body.total).toBe(10);
    await expectSound(database.db);
  });

  it("lets either the sale or the cancellation of a listing happen, never both", async () => {
    const database = await useAdoptedDatabase({ server, poolSize: 5 });
    const apps = [await useTestApp({ database }), await useTestApp({ database })] as const;
    const seller = await logIn(apps[0], "seller-1");
    const buyer = await logIn(apps[1], "buyer-1");
    for (let round = 0; round < 5; round += 1) {
      const itemId = await importPotion(seller);
      const offer = { itemId, name: "x", itemType: "consumable", price: { gameCoins: 1 } };
      const listingId = (await seller.post(LIST, offer)).body.item.id;
      const [cancelled, bought] = await Promise.all([
        seller.post(CANCEL, { listingId }),
        buyer.post(PURCHASE, { itemId: listingId, currencyType: "gameCoins" }),
      ]);
      expect([cancelled.status, bought.status].toSorted((a, b) => a - b)).toEqual([200, 409]);
    }
    await expectSound(database.db);
  });
});
