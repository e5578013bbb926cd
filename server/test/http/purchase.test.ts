import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import {
  BALANCE,
  importPotion,
  INVENTORY,
  LIST,
  logIn,
  MARKET,
  PURCHASE,
  TRANSFER,
} from "../support/market.ts";

describe("200", () => {
  it("buys the first item of the market with a newcomer's coins, shows it and exports it", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "test-user-id");
    const [first] = (await user.get(MARKET)).body.items;
    expect(first).toMatchObject({ name: "放大镜", price: { gameCoins: 25, newDayGameCoins: 25 } });
    const bought = await user.post(PURCHASE, {
      itemId: first.id,
      currencyType: "gameCoins",
      quantity: 1,
    });
    expect(bought.status).toBe(200);
    expect(bought.body).toMatchObject({
      success: true,
      message: "购买成功",
      price: 25,
      commission: 0,
      totalAmount: 25,
      balance: { gameCoins: 975 },
    });
    expect((await user.get(BALANCE)).body.gameCoins).toBe(975);
    expect((await user.get("/api/shared/wallet/test-user-id")).body.wallet.gameCoins).toBe(975);
    const inventory = (await user.get(INVENTORY)).body;
    expect(inventory).toMatchObject({ total: 1 });
    expect(inventory.items[0]).toMatchObject({ id: bought.body.item.id, name: "放大镜" });
    const exported = await user.post(TRANSFER, {
      itemId: inventory.items[0].id,
      targetPlatform: "allinone",
      quantity: 1,
    });
    expect(exported).toMatchObject({ status: 200, body: { success: true, remaining: 0 } });
    expect((await user.get(INVENTORY)).body.total).toBe(0);
  });

  it("moves a player's escrowed item to the buyer, pays the seller in full and the fee on top", async () => {
    const test = await useTestApp();
    const seller = await logIn(test, "seller-1");
    const buyer = await logIn(test, "buyer-1");
    const itemId = await importPotion(seller, { rarity: "epic", stats: { healAmount: 5 } });
    const listed = await seller.post(LIST, {
      name: "生命药水",
      description: "",
      platform: "allinone",
      itemType: "consumable",
      price: { gameCoins: 150 },
    });
    expect(listed).toMatchObject({
      status: 201,
      body: { item: { rarity: "epic", declared: false } },
    });
    const bought = await buyer.post(PURCHASE, {
      itemId: listed.body.item.id,
      currencyType: "NDC",
    });
    expect(bought.body).toMatchObject({ item: { id: itemId }, commission: 1, totalAmount: 151 });
    expect((await buyer.get(BALANCE)).body.gameCoins).toBe(849);
    expect((await seller.get(BALANCE)).body.gameCoins).toBe(1150);
    expect((await buyer.get(INVENTORY)).body.items[0]).toMatchObject({
      id: itemId,
      stats: { healAmount: 5 },
    });
  });
});
