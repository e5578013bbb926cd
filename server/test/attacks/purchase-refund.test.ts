/** Refunds of purchases against a server in production mode: who may, what comes back, and never twice. */
import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { addTestPlatform, TEST_KEY } from "../support/platforms.ts";
import { useV1, type TestV1 } from "../http/v1/support.ts";

const GRANT = { userId: "alice", name: "potion", type: "consumable", rarity: "common" };
const PRICE = 150n;

interface Sale extends TestV1 {
  readonly operator: string;
  readonly other: string;
}

async function useSale(): Promise<Sale> {
  const test = await useV1("pg18", { ...TEST_KEY, NEWDAY_MODE: "production" });
  const { db } = test.database;
  await addTestPlatform(db, "acme");
  const [operator, other] = [
    await createPlatformKey(db, {
      platform: "newday",
      role: "operator",
      scopes: scopesFor("operator"),
    }),
    await createPlatformKey(db, { platform: "acme", scopes: scopesFor("platform") }),
  ];
  return { ...test, operator: operator.key, other: other.key };
}

/** Bob buys `quantity` potions from alice; the transfer's id and the item's. */
async function buy({ call }: Sale, quantity = 1) {
  const granted = await call("POST", "/items/grants", { body: { ...GRANT, quantity } });
  const prices = { game_coins: `${PRICE}` };
  const listing = { itemId: granted.body.item.id, quantity, prices };
  const listed = await call("POST", "/listings", { body: listing });
  const body = { userId: "bob", listingId: listed.body.id, quantity };
  const { transferId, itemId } = (await call("POST", "/purchases", { body })).body;
  return { path: `/purchases/${transferId}/refunds`, itemId: itemId as string, transferId };
}

const coinsOf = async ({ call }: Sale, userId: string) =>
  BigInt((await call("GET", `/wallets/${userId}/accounts/game_coins`)).body.balance);

describe("A refund in production", () => {
  it("gives price, commission and item back in one posting, once, and the records show it", async () => {
    const sale = await useSale();
    const { call } = sale;
    const before = [await coinsOf(sale, "alice"), await coinsOf(sale, "bob")];
    const { path, itemId, transferId } = await buy(sale);
    const asked = { body: {}, key: "refund-once" };
    const preview = await call("POST", `${path}?dryRun=true`, { body: {} });
    expect(preview).toMatchObject({ status: 200, body: { dryRun: true, total: "151" } });
    const first = await call("POST", path, asked);
    expect(first).toMatchObject({
      status: 201,
      body: {
        purchase: transferId,
        quantity: 1,
        itemsReturned: 1,
        quantityLeft: 0,
        price: "150",
        commission: "1",
        total: "151",
        commissionFrom: "fees",
      },
    });
    expect((await call("POST", path, asked)).body).toEqual({ ...first.body, replayed: true });
    expect((await call("POST", path, { body: {} })).body).toMatchObject({
      code: "refund_too_large",
      left: "0",
    });
    expect([await coinsOf(sale, "alice"), await coinsOf(sale, "bob")]).toEqual(before);
    expect((await call("GET", `/items/${itemId}`)).body).toMatchObject({ userId: "alice" });
    const history = (await call("GET", `/items/${itemId}/history`)).body.data;
    expect(history.map(({ action }: { action: string }) => action)).toContain("refund");
    const [bought] = (await call("GET", "/wallets/bob/purchases")).body.data;
    expect(bought).toMatchObject({ transferId, refundedQuantity: 1, refunded: "151" });
    const statement = await call("GET", "/wallets/bob/accounts/game_coins/statement");
    expect(JSON.stringify(statement.body)).toContain("purchase_refund");
  });

  it("adds up to what was paid over parts, whatever their sizes", async () => {
    const sale = await useSale();
    const { call } = sale;
    const before = await coinsOf(sale, "bob");
    const { path } = await buy(sale, 5);
    const parts = [2, 1, 2].map((quantity) => call("POST", path, { body: { quantity } }));
    const replies = await Promise.all(parts);
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await coinsOf(sale, "bob")).toBe(before);
    const tooMuch = await call("POST", path, { body: { quantity: 1 } });
    expect(tooMuch.body.code).toBe("refund_too_large");
  });

  it("is for the side that was paid: the buyer and other platforms learn of no purchase", async () => {
    const sale = await useSale();
    const { call, other, operator } = sale;
    const { path, transferId } = await buy(sale);
    const official = { userId: "bob", listingId: "nd_market_magnifier" };
    const shop = (await call("POST", "/purchases", { body: official })).body;
    const refused = [
      await call("POST", path, { as: other, body: {} }),
      await call("POST", `/purchases/${shop.transferId}/refunds`, { body: {} }),
      await call("POST", `/purchases/${crypto.randomUUID()}/refunds`, { body: {} }),
    ];
    for (const reply of refused) expect(reply.body.code).toBe("purchase_not_found");
    const money = await call("POST", `/transfers/${transferId}/refunds`, { body: {} });
    expect(money.status).toBeGreaterThanOrEqual(400);
    const retired = await call("POST", `/purchases/${shop.transferId}/refunds`, {
      as: operator,
      body: {},
    });
    expect(retired).toMatchObject({ status: 201, body: { itemsReturned: 1 } });
    expect((await call("GET", `/items/${shop.itemId}`)).body.state).toBe("retired");
  });

  it("locks again what locked coins had paid: a refund unlocks no grant", async () => {
    const sale = await useSale();
    const { call, operator } = sale;
    expect((await call("PUT", "/wallets/newcomer", { key: null })).status).toBe(201);
    const official = { userId: "newcomer", listingId: "nd_market_magnifier" };
    const { transferId } = (await call("POST", "/purchases", { body: official })).body;
    const refunded = await call("POST", `/purchases/${transferId}/refunds`, {
      as: operator,
      body: {},
    });
    expect(refunded.status).toBe(201);
    const coins = await call("GET", "/wallets/newcomer/accounts/game_coins");
    expect(coins.body).toMatchObject({ balance: "1000", locked: "1000" });
    const pay = { from: "newcomer", to: "bob", currency: "game_coins", amount: "1" };
    expect((await call("POST", "/transfers", { body: pay })).status).toBeGreaterThanOrEqual(400);
  });

  it("refuses goods that are gone, unless money alone was asked for", async () => {
    const sale = await useSale();
    const { call } = sale;
    const { path, itemId } = await buy(sale, 3);
    const gift = { body: { to: "carol", quantity: 2 } };
    expect((await call("POST", `/items/${itemId}/gifts`, gift)).status).toBe(201);
    const refused = await call("POST", path, { body: {} });
    expect(refused.body).toMatchObject({ code: "item_gone", inHand: "1" });
    const moneyOnly = await call("POST", path, { body: { ifItemGone: "money_only" } });
    expect(moneyOnly.body).toMatchObject({ quantity: 3, itemsReturned: 1, quantityLeft: 0 });
  });

  it("ends with the policy's window, for everybody but an operator, also of a frozen seller", async () => {
    const sale = await useSale();
    const { call, operator, database } = sale;
    const { path } = await buy(sale);
    await database.db.query(
      `insert into newday.refund_policies (platform, window_days, commission)
        values ('allinone', 0, 'seller')`,
    );
    const late = await call("POST", path, { body: {} });
    expect(late.body).toMatchObject({ code: "refund_window_passed", windowDays: 0 });
    const reason = { reason: "fraud" };
    await call("POST", "/users/alice/freeze", { as: operator, body: reason });
    const refunded = await call("POST", path, { as: operator, body: {} });
    expect(refunded).toMatchObject({ status: 201, body: { commissionFrom: "seller" } });
  });
});
