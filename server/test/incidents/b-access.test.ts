/** docs/incidents.md B: access. Each test is named after its incident. */
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { useClient } from "../support/client.ts";

const LOGIN = "/api/allinone/auth/login";
const FROM_DISK = { origin: "null" };

describe("access", () => {
  it("B1: says which build is live, in health and in a header of every reply", async () => {
    const { call } = await useClient();
    const reply = await call("/api/health");
    expect(reply.body).toMatchObject({ version: expect.any(String), build: "test" });
    expect(reply.body.schemaVersion).toBeGreaterThan(0);
    expect((await call("/nowhere")).headers.get("x-newday-build")).toBe("test");
  });

  it.each(["/api/allinone/wallet/balance", "/api/shared/marketplace", "/nowhere"])(
    "B2: puts CORS headers on %s, whatever its answer",
    async (path) => {
      const { call } = await useClient(FROM_DISK);
      expect((await call(path)).headers.get("access-control-allow-origin")).toBe("*");
      expect((await call(path, { method: "OPTIONS" })).status).toBe(204);
    },
  );

  it.each(["http://localhost:3001", "http://localhost:5173", "https://joan-allinone.github.io"])(
    "B3: serves the real client at %s, which no list names",
    async (origin) => {
      const { call } = await useClient({ origin });
      const reply = await call("/api/shared/wallet/user-001");
      expect(reply.headers.get("access-control-allow-origin")).toBe("*");
    },
  );

  it("B4: needs no cookie and no credentials header", async () => {
    const { call } = await useClient(FROM_DISK);
    const login = await call(LOGIN, { method: "POST", body: { allinoneUserId: "user-001" } });
    expect(login.headers.get("set-cookie")).toBeNull();
    expect(login.headers.get("access-control-allow-credentials")).toBeNull();
  });

  it("B5: answers GET market/list like market/items, and 405 with Allow elsewhere", async () => {
    const { call } = await useClient();
    const list = await call("/api/allinone/market/list");
    const items = await call("/api/allinone/market/items");
    expect(list.status).toBe(200);
    expect(list.body.items).toEqual(items.body.items);
    const wrong = await call("/api/allinone/market/items", { method: "DELETE" });
    expect([wrong.status, wrong.body.errorCode]).toEqual([405, "METHOD_NOT_ALLOWED"]);
    expect(wrong.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });

  it.each([
    { allinoneUserId: "u1", allinoneUsername: "A" },
    { userId: "u1", username: "A" },
    { playerId: "u1", playerName: "A" },
    { userId: "u1", nickname: "A", platform: "direct" },
    { allinoneUserId: "u1", allinoneEmail: "a@b.c" },
  ])("B6: takes the login body %j", async (body) => {
    const { call } = await useClient();
    expect((await call(LOGIN, { method: "POST", body })).status).toBe(200);
  });

  it("B6: names the field that a login lacks", async () => {
    const { call } = await useClient();
    const { body } = await call(LOGIN, { method: "POST", body: { username: "A" } });
    expect(body.missingFields).toEqual(["userId/allinoneUserId"]);
    expect(body.message).toContain("userId/allinoneUserId");
  });

  it("B7, B8: gives one token to the readers of the root and to those of `data`", async () => {
    const { call } = await useClient(FROM_DISK);
    const { body } = await call(LOGIN, { method: "POST", body: { allinoneUserId: "u1" } });
    expect(body.token).toBe(body.data.token);
    expect(body.userId).toBe("u1");
  });

  it("B9: serves what needs no login, and says 401 and not 500 where one is missing", async () => {
    const { call } = await useClient();
    for (const path of ["/api/shared/marketplace", "/api/shared/wallet/u1", "/api/health"])
      expect((await call(path)).status).toBe(200);
    for (const path of ["inventory", "wallet/balance"])
      expect((await call(`/api/allinone/${path}`)).body.errorCode).toBe("INVALID_TOKEN");
  });

  it("B10: a token outlives the process that gave it", async () => {
    const first = await useClient();
    const { body } = await first.call(LOGIN, { method: "POST", body: { allinoneUserId: "u1" } });
    await first.app.close();
    const second = await useClient({}, { database: first.database });
    const reply = await second.call("/api/allinone/wallet/balance", { token: body.token });
    expect([reply.status, reply.body.userId]).toEqual([200, "u1"]);
  });

  it("B11: states the end of a token in milliseconds, seven days away", async () => {
    const { call } = await useClient();
    const { body } = await call(LOGIN, { method: "POST", body: { allinoneUserId: "u1" } });
    const days = (body.expiresAt - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.99);
    expect(days).toBeLessThanOrEqual(7);
  });

  it("B12: another name is still the same user", async () => {
    const { call } = await useClient();
    const log = (name: string) =>
      call(LOGIN, { method: "POST", body: { allinoneUserId: "u1", allinoneUsername: name } });
    const item = { itemId: "i1", name: "剑", type: "weapon", rarity: "rare", quantity: 1 };
    const { token } = (await log("青鸟")).body;
    await call("/api/allinone/inventory/add", { method: "POST", token, body: item });
    const other = (await log("Bluebird")).body;
    const { body } = await call("/api/allinone/inventory", { token: other.token });
    expect(body.items).toHaveLength(1);
  });

  it("B13: speaks JSON on every status and answers HEAD", async () => {
    const { call } = await useClient();
    for (const [path, method] of [
      ["/nowhere", "GET"],
      ["/api/shared/wallet/system", "GET"],
      [LOGIN, "GET"],
      [LOGIN, "POST"],
    ] as const)
      expect((await call(path, { method })).headers.get("content-type")).toMatch(
        /^application\/json/,
      );
    expect((await call("/api/allinone", { method: "HEAD" })).status).toBe(200);
  });
});

describe("A1 to A10, as far as the server answers for them", () => {
  it("A2: a refusal by the database is told by a code and a request id, never by its SQL", async () => {
    const { app, database } = await useTestApp();
    await database.db.query(
      "alter table newday.ledger_wallets add constraint poison check (user_id <> 'unlisted') not valid",
    );
    const reply = await app.inject("/api/shared/wallet/unlisted");
    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toMatchObject({
      errorCode: "SERVER_ERROR",
      requestId: expect.any(String),
    });
    expect(reply.body).not.toMatch(/poison|insert|violates/i);
  });
});
