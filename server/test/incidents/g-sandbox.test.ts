/** docs/incidents.md G in a sandbox, which lets users log in without a proof; g-production.test.ts has the rest. */
import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { holdOperation } from "../../src/ledger/holds/hold-operation.ts";
import { ownAccountOf } from "../../src/ledger/wallets/wallet-accounts.ts";
import { useTestApp } from "../support/app.ts";
import { asked, expectPosted, inAnHour, passExpiry } from "../support/ledger.ts";
import { BALANCE, caller, importPotion, LIST, logIn, PURCHASE } from "../support/market.ts";
import { assertion, LOGIN, SECRETS } from "./production.ts";

describe("security in a sandbox", () => {
  it("G1: a login without a proof opens no user who was opened with one, and health tells of it", async () => {
    const env = { NEWDAY_PLATFORM_SECRETS: `allinone=${SECRETS.allinone}` };
    const sandbox = caller(await useTestApp({ env }), "any-user");
    expect((await sandbox.get("/api/health")).body.permits.loginWithoutProof).toBe(true);
    const body = { userId: "user-001", assertion: await assertion() };
    expect((await sandbox.post(LOGIN, body)).status).toBe(200);
    expect((await sandbox.post(LOGIN, { userId: "user-001" })).status).toBe(403);
  });

  it("G11: a login without proof pays another user no more than a starter wallet, whichever way", async () => {
    const test = await useTestApp();
    const [seller, buyer] = [await logIn(test, "user-001"), await logIn(test, "user-002")];
    const list = async (coins: number, quantity = 1) => {
      const itemId = await importPotion(seller, { quantity });
      const price = { gameCoins: coins };
      const offer = { itemId, name: "x", itemType: "consumable", price, quantity };
      return (await seller.post(LIST, offer)).body.item.id as string;
    };
    const { key: allinone } = await createPlatformKey(test.services.db, {
      platform: "allinone",
      scopes: ["transfers:write"],
    });
    const gift = { from: "user-001", to: "user-002", currency: "game_coins", amount: "900" };
    const given = await caller(test, "user-001", allinone).post("/api/v1/transfers", gift, {
      "idempotency-key": "gift",
    });
    expect(given.status).toBe(201);
    const [dear, many, fair] = [await list(995), await list(500, 3), await list(990)];
    const currencyType = "gameCoins";
    const ways: [string, object][] = [
      [PURCHASE, { itemId: dear, currencyType }],
      [PURCHASE, { itemId: many, currencyType, quantity: 2 }],
      [`/api/shared/marketplace/${dear}/purchase`, { buyerId: "user-002" }],
      ["/api/v1/purchases", { userId: "user-002", listingId: dear }],
      [
        "/api/v1/transfers",
        { from: "user-002", to: "user-001", currency: "game_coins", amount: "1001" },
      ],
    ];
    // An amount released by a hold is available again, under the same spending limit.
    const account = ownAccountOf(
      await test.services.directory.walletNumber("user-002"),
      "game_coins",
    );
    const payload = { account, amount: 1500n, to: null, expiresAt: inAnHour() };
    const held = await expectPosted(test.services.engine, asked(holdOperation, payload));
    await passExpiry(test.database.db, held.transferId);
    for (const [url, body] of ways) {
      const refused = await buyer.post(url, body, { "idempotency-key": JSON.stringify(body) });
      expect([url, refused.status]).toEqual([url, 403]);
      expect(["FORBIDDEN", "unproven_limit"]).toContain(refused.body.code);
    }
    expect((await buyer.get(BALANCE)).body.gameCoins).toBe(1900);
    expect((await buyer.post(PURCHASE, { itemId: fair, currencyType })).status).toBe(200);
    for (const itemId of ["nd_store_material_001", dear]) {
      const unaffordable = await buyer.post(PURCHASE, { itemId, currencyType });
      expect(unaffordable.body.errorCode).toBe("INSUFFICIENT_BALANCE");
    }
  });
});
