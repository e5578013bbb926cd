/** A process checks its cached rows when it uses them: others change them meanwhile. */
import { describe, expect, it } from "vitest";
import { moveGameMoney } from "../../src/game/rewards/game-money.ts";
import { useAdoptedDatabase, useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { logIn, PURCHASE } from "../support/market.ts";

/** Unlimited official stock, which a purchase reads and leaves unchanged. */
const ENDLESS = "nd_store_consumable_001";
const BUY = { itemId: ENDLESS, currencyType: "gameCoins" };

describe("a purchase that is decided from cached rows", () => {
  async function useTwoProcesses() {
    const database = await useAdoptedDatabase();
    const { db } = database;
    await db.query(
      `update newday.listings set per_day_limit = null, per_user_limit = null, remaining = null
        where id = $1`,
      [ENDLESS],
    );
    const [one, two] = [await useTestApp({ database }), await useTestApp({ database })];
    const buyer = await logIn(one, "buyer-1");
    return { db, two, buyer };
  }

  it("answers with the balance that another process has just changed in another currency", async () => {
    const { db, two, buyer } = await useTwoProcesses();
    const before = (await buyer.post(PURCHASE, BUY)).body.balance.cashBalance;
    await moveGameMoney(two.services, "reward", {
      userId: "buyer-1",
      amounts: { cash: 7n },
      reason: "test",
      gameId: null,
      idempotencyKey: undefined,
    });
    const { status, body } = await buyer.post(PURCHASE, BUY);
    expect(status).toBe(200);
    expect(body.balance.cashBalance).toBe(before + 7);
    await expectSound(db);
  });

  it("goes by a listing that an operator has just edited by hand", async () => {
    const { db, buyer } = await useTwoProcesses();
    expect((await buyer.post(PURCHASE, BUY)).status).toBe(200);
    expect((await buyer.post(PURCHASE, BUY)).status).toBe(200);
    await db.query("update newday.listings set status = 'removed' where id = $1", [ENDLESS]);
    expect((await buyer.post(PURCHASE, BUY)).body).toMatchObject({
      success: false,
      code: "ITEM_NOT_AVAILABLE",
    });
    await expectSound(db);
  });

  it("finds no item that was edited by hand, because that is refused", async () => {
    const { db, buyer } = await useTwoProcesses();
    expect((await buyer.post(PURCHASE, BUY)).status).toBe(200);
    await expect(
      db.query("update newday.items set owner_id = 'thief' where owner_id = 'buyer-1'"),
    ).rejects.toMatchObject({ code: "ND002" });
  });
});
