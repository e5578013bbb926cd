/** docs/incidents.md G: the security of items, market and the game's calls, one test for each. */
import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { useTestApp } from "../support/app.ts";
import { holdOperation } from "../../src/ledger/holds/hold-operation.ts";
import { asked, expectPosted, expectSound, inAnHour, passExpiry } from "../support/ledger.ts";
import {
  ADD,
  BALANCE,
  caller,
  importPotion,
  INVENTORY,
  LIST,
  logIn,
  potion,
  PURCHASE,
  TRANSFER,
  withinOneDay,
} from "../support/market.ts";
import { ownAccountOf } from "../../src/ledger/wallets/wallet-accounts.ts";

const MAGNIFIER = { itemId: "nd_market_magnifier", currencyType: "gameCoins" };

describe("security", () => {
  it("G8: the actor is the token, whatever user the body names", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    const victim = await logIn(test, "victim-1");
    const named = { ...MAGNIFIER, userId: "victim-1", buyerId: "victim-1" };
    expect((await user.post(PURCHASE, named)).status).toBe(200);
    expect((await victim.get(BALANCE)).body.gameCoins).toBe(1000);
    await user.post(ADD, potion({ userId: "victim-1", ownerId: "victim-1" }));
    expect((await victim.get(INVENTORY)).body.total).toBe(0);
  });

  it("G9 and G10: nobody mints, burns or uses another's items without the game's key", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    const body = { userId: "user-001", amount: 1000, currency: "gameCoins", playerId: "user-001" };
    for (const url of ["/api/wallet/reward", "/api/wallet/deduct", "/api/adventures/items/use"]) {
      expect((await user.post(url, body)).status).toBe(403);
      expect((await caller(test, "nobody").post(url, body)).status).toBe(401);
    }
    expect((await user.get(BALANCE)).body.gameCoins).toBe(1000);
  });

  it("G11: a wallet that a GET made cannot spend: there is no token for it", async () => {
    const test = await useTestApp();
    const nobody = caller(test, "nobody");
    expect((await nobody.get("/api/shared/wallet/made-by-get")).body.gameCoins).toBe(1000);
    expect((await nobody.post(PURCHASE, { ...MAGNIFIER, buyerId: "made-by-get" })).status).toBe(
      401,
    );
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

  it("G13: imports have a daily limit, an audit row, and show where they came from", async () => {
    await withinOneDay();
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    for (let n = 0; n < 10; n += 1) await importPotion(user);
    expect((await user.post(ADD, potion())).status).toBe(429);
    const [item] = (await user.get(INVENTORY)).body.items;
    expect(item.source).toBe("allinone_official_store");
    const rows = await test.database.db.query("select from newday.item_imports");
    expect(rows.length).toBe(10);
  });

  it("G16: one's own listing cannot be bought", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const itemId = await importPotion(user);
    const offer = { itemId, name: "x", itemType: "consumable", price: { gameCoins: 5 } };
    const listing = (await user.post(LIST, offer)).body.item.id;
    const own = await user.post(PURCHASE, { itemId: listing, currencyType: "gameCoins" });
    expect(own.status).toBe(403);
  });

  it("G17: a retried purchase with its key is one purchase", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const key = { "idempotency-key": "retry-1" };
    const replies = await Promise.all([1, 2, 3].map(() => user.post(PURCHASE, MAGNIFIER, key)));
    expect(new Set(replies.map(({ body }) => body.transactionId)).size).toBe(1);
    expect((await user.get(BALANCE)).body.gameCoins).toBe(975);
  });

  it("G19: no name, description or picture carries markup or script into anybody's page", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    for (const bad of [
      { name: "<b>x</b>" },
      { description: "<img src=x onerror=alert(1)>" },
      { imageUrl: "http://x.example/a.png" },
      { imageUrl: "data:text/html,x" },
      { icon: "<svg>" },
      { stats: { note: "<i>" } },
    ])
      expect([bad, (await user.post(ADD, potion(bad))).status]).toEqual([bad, 400]);
  });

  it("G26: another's item and no item read the same", async () => {
    const test = await useTestApp();
    const theirs = await importPotion(await logIn(test, "user-002"));
    const user = await logIn(test, "user-001");
    const strip = ({ message, errorCode }: { message: string; errorCode: string }) => [
      message,
      errorCode,
    ];
    const [other, none] = [
      await user.post(TRANSFER, { itemId: theirs, targetPlatform: "allinone" }),
      await user.post(TRANSFER, { itemId: "inv-none", targetPlatform: "allinone" }),
    ];
    expect([other.status, strip(other.body)]).toEqual([none.status, strip(none.body)]);
  });

  it("G14: forty buyers at once take one item once, and pay for it once", async () => {
    const test = await useTestApp();
    const seller = await logIn(test, "seller-1");
    const itemId = await importPotion(seller);
    const offer = { itemId, name: "x", itemType: "consumable", price: { gameCoins: 100 } };
    const listing = (await seller.post(LIST, offer)).body.item.id;
    const buyers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => logIn(test, `buyer-${n}`)),
    );
    const body = { itemId: listing, currencyType: "gameCoins" };
    const statuses = (await Promise.all(buyers.map((buyer) => buyer.post(PURCHASE, body)))).map(
      ({ status }) => status,
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 39 }, () => 409),
    ]);
    expect((await seller.get(BALANCE)).body.gameCoins).toBe(1100);
    await expectSound(test.database.db);
  });

  it.each([-5, 0, 1.5, 1e308, "1", 1_000_001])(
    "G15: a quantity of %j is refused everywhere, and nothing changes",
    async (quantity) => {
      const user = await logIn(await useTestApp(), "user-001");
      const itemId = await importPotion(user);
      const replies = [
        await user.post(ADD, potion({ quantity })),
        await user.post(PURCHASE, { ...MAGNIFIER, quantity }),
        await user.post(TRANSFER, { itemId, targetPlatform: "allinone", quantity }),
      ];
      for (const { status, body } of replies)
        expect([status, body.errorCode]).toEqual([400, "INVALID_QUANTITY"]);
      expect((await user.get(BALANCE)).body.gameCoins).toBe(1000);
      expect((await user.get(INVENTORY)).body.total).toBe(1);
    },
  );

  it("G18: no refusal carries SQL, a stack or a path of this machine", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    const replies = [
      await user.post(ADD, potion({ itemId: "x'; drop table newday.items; --".repeat(20) })),
      await user.post(PURCHASE, { itemId: "'", currencyType: "'" }),
      await user.get("/api/shared/wallet/%00"),
      await user.get("/api/v1/items/%27"),
    ];
    for (const { status, body } of replies) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(body)).not.toMatch(/select |insert into|\$1|\.ts:\d|node_modules/i);
    }
  });

  it("G20: object bombs in stats are refused before they are stored", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, n]));
    for (const stats of [{ a: { b: { c: 1 } } }, { a: [1] }, [1], many, { constructor: 1 }])
      expect((await user.post(ADD, potion({ stats }))).status).toBe(400);
    expect((await user.get(INVENTORY)).body.total).toBe(0);
  });

  it("G25: an import leaves who, what, when and from where, and a user's quota ends in Retry-After", async () => {
    await withinOneDay();
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    for (let n = 0; n < 10; n += 1) await user.post(ADD, potion());
    const refused = await user.post(ADD, potion());
    expect(refused.status).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    const rows = await test.database.db.query(
      "select 1 from newday.item_imports where owner_id = 'user-001' and address is not null",
    );
    expect(rows).toHaveLength(10);
  });
});
