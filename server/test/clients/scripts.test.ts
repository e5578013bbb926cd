/** PS9, PS6, BAT, SYNC and GAME: scripts and pages without a browser's origin. */
import { describe, expect, it } from "vitest";
import { useClient } from "../support/client.ts";

const LOGIN = "/api/allinone/auth/login";

describe("BAT", () => {
  it.each([
    { allinoneUserId: "test_001", allinoneUsername: "Tester" },
    { userId: "test_001", username: "Tester", platform: "newday" },
    { playerId: "test_001" },
  ])("logs in with %j and goes through its sequence", async (body) => {
    const { call } = await useClient();
    const { body: session } = await call(LOGIN, { method: "POST", body });
    expect(session.token).toMatch(/^nd_token_/);
    const { token } = session;
    expect((await call("/api/allinone/wallet/balance", { token })).status).toBe(200);
    expect((await call("/api/allinone/inventory", { token })).status).toBe(200);
    const market = await call("/api/allinone/market/items?platform=newday", { token });
    expect(market.body.items.length).toBeGreaterThan(0);
    const listed = await call("/api/allinone/market/list", {
      method: "POST",
      token,
      body: {
        name: "测试道具",
        description: "测试",
        platform: "newday",
        itemType: "weapon",
        price: { gameCoins: 100 },
      },
    });
    expect([200, 201]).toContain(listed.status);
    expect(listed.body.item.id).toEqual(expect.any(String));
  });

  it("logs in all three ways with one id, one after the other", async () => {
    const { call } = await useClient();
    for (const body of [
      { allinoneUserId: "test_001" },
      { userId: "test_001", username: "T", platform: "newday" },
      { playerId: "test_001" },
    ])
      expect((await call(LOGIN, { method: "POST", body })).status).toBe(200);
  });

  it.each([
    ["GET", "/api/allinone/inventory", 401],
    ["GET", "/api/allinone/wallet/balance", 401],
    ["POST", "/api/allinone/market/list", 401],
    ["GET", "/api/allinone/market/list", 200],
  ])("probes %s %s without a token and gets %i", async (method, path, status) => {
    const { call } = await useClient();
    const reply = await call(path, method === "POST" ? { method, body: {} } : { method });
    expect(reply.status).toBe(status);
  });

  it.each([
    { username: "x", password: "y" },
    { email: "x@y.z", password: "y" },
  ])("gets 400 for the body %j, which never worked", async (body) => {
    const { call } = await useClient();
    const reply = await call(LOGIN, { method: "POST", body });
    expect([reply.status, reply.body.errorCode]).toEqual([400, "MISSING_FIELDS"]);
  });
});

describe("PS6", () => {
  it.each(["/", "/api", "/api/allinone"])("gets 200 for HEAD %s", async (path) => {
    const { call } = await useClient();
    expect((await call(path, { method: "HEAD" })).status).toBe(200);
  });

  it("reads the shared market with a plus for the blank and logs in", async () => {
    const { call } = await useClient();
    const market = await call("/api/shared/marketplace?gameSource=New+Day");
    expect(market.body.items[0]).toMatchObject({
      gameSource: "New Day",
      price: expect.any(Number),
      currency: "gameCoins",
      listedAt: expect.stringMatching(/T.*Z$/),
    });
    const body = { userId: "test_001", username: "T", platform: "newday" };
    expect((await call(LOGIN, { method: "POST", body })).body.token).toMatch(/^nd_token_/);
  });

  it("shows the CORS headers to OPTIONS from its documentation site", async () => {
    const { call } = await useClient({ origin: "http://localhost:5173" });
    const reply = await call(LOGIN, { method: "OPTIONS" });
    expect([reply.status, reply.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
  });
});

describe("PS9", () => {
  it("passes its nine tests", async () => {
    const { call } = await useClient();
    const { body } = await call(LOGIN, {
      method: "POST",
      body: { allinoneUserId: "test-user-123", allinoneUsername: "Test" },
    });
    const { token } = body.data;
    const market = await call("/api/allinone/market/items", { token });
    const items = market.body.items.length > 0 ? market.body.items : market.body.data;
    const statuses = [
      market.status,
      (await call("/api/shared/marketplace?gameSource=New%20Day")).status,
      (await call("/api/shared/wallet/test-user-123")).status,
      (await call("/api/allinone/wallet/balance", { token })).status,
      (await call("/api/allinone/inventory", { token })).status,
      (await call("/api/allinone/market/list", { token })).status,
      (
        await call("/api/allinone/market/purchase", {
          method: "POST",
          token,
          body: { itemId: items[0].id, currencyType: "gameCoins", quantity: 1 },
        })
      ).status,
    ];
    const inventory = await call("/api/allinone/inventory", { token });
    const transfer = await call("/api/allinone/market/transfer", {
      method: "POST",
      token,
      body: { itemId: inventory.body.items[0].id, targetPlatform: "allinone", quantity: 1 },
    });
    expect([...statuses, transfer.status]).toEqual(Array(8).fill(200));
  });
});

describe("SYNC", () => {
  const item = {
    id: "nd_1",
    name: "剑",
    description: "",
    type: "weapon",
    rarity: "rare",
    stats: {},
    quantity: 1,
    source: "newday",
    obtainedAt: 1769263347091,
  };

  it("is refused with its AllinONE token, in JSON", async () => {
    const { call } = await useClient({ origin: "http://localhost:3000" });
    const body = { userId: "user-001", item };
    const reply = await call("/api/allinone/inventory/sync", {
      method: "POST",
      body,
      token: "token_user-1_1769263347091",
    });
    expect([reply.status, reply.body.success]).toEqual([401, false]);
    expect(reply.headers.get("content-type")).toMatch(/^application\/json/);
  });

  it("gets one stable syncId with a New Day token, and no item comes of it", async () => {
    const { call } = await useClient();
    const login = await call(LOGIN, { method: "POST", body: { allinoneUserId: "user-001" } });
    const { token } = login.body;
    const send = () =>
      call("/api/allinone/inventory/sync", {
        method: "POST",
        token,
        body: { userId: "user-001", item },
      });
    const [first, second] = [await send(), await send()];
    expect(first.body).toMatchObject({ success: true, syncId: expect.any(String) });
    expect(second.body.syncId).toBe(first.body.syncId);
    expect((await call("/api/allinone/inventory", { token })).body.items).toEqual([]);
  });
});

describe("GAME", () => {
  it("reads the shared surface from its own origin", async () => {
    const { call, base } = await useClient();
    const headers = { origin: base };
    expect((await call("/api/shared/wallet/user-001", { headers })).body.gameCoins).toBe(1000);
    expect((await call("/api/shared/marketplace", { headers })).body.items.length).toBeGreaterThan(
      0,
    );
  });

  it.each([
    ["/api/wallet/reward", { userId: "user-001", amount: 100, currency: "gameCoins" }],
    ["/api/wallet/deduct", { userId: "user-001", amount: 100, currency: "gameCoins" }],
    ["/api/wallet/init", { userId: "user-001" }],
    ["/api/adventures/items/use", { playerId: "user-001", itemId: "adv-1" }],
  ])("may not call %s without a trusted caller's credential", async (path, body) => {
    const { call } = await useClient();
    const reply = await call(path, { method: "POST", body });
    expect([401, 403]).toContain(reply.status);
    expect((await call("/api/shared/wallet/user-001")).body.gameCoins).toBe(1000);
  });
});
