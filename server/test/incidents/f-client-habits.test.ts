/** docs/incidents.md F: habits of the clients that the server must survive. */
import { describe, expect, it } from "vitest";
import { useClient, type TestClient } from "../support/client.ts";

const LOGIN = "/api/allinone/auth/login";

async function tokenOf({ call }: TestClient, userId: string): Promise<string> {
  return (await call(LOGIN, { method: "POST", body: { allinoneUserId: userId } })).body.token;
}

describe("client habits", () => {
  it("F1: never answers a fault with 200, because the client would show it as zero coins", async () => {
    const client = await useClient();
    const token = await tokenOf(client, "u1");
    await client.database.db.query("alter table newday.accounts rename to accounts_away");
    for (const path of ["/api/allinone/wallet/balance", "/api/shared/wallet/u1"]) {
      const reply = await client.call(path, { token });
      expect(reply.status).toBeGreaterThanOrEqual(500);
      expect(reply.body.success).toBe(false);
    }
  });

  it("F2: says whose data every private answer is, and a logged-out token opens nothing", async () => {
    const client = await useClient();
    const token = await tokenOf(client, "u1");
    const balance = await client.call("/api/allinone/wallet/balance", { token });
    expect(balance.body.userId).toBe("u1");
    await client.call("/api/allinone/auth/logout", { method: "POST", token });
    expect((await client.call("/api/allinone/wallet/balance", { token })).status).toBe(401);
  });

  it("F3: refuses a made-up local token", async () => {
    const { call } = await useClient();
    const token = "local_user-001_1769263347091";
    expect((await call("/api/allinone/inventory", { token })).status).toBe(401);
  });

  it("F4: a repeated import is one item, a repeated export one transfer", async () => {
    const client = await useClient();
    const token = await tokenOf(client, "u1");
    const send = (path: string, body: object) =>
      client.call(`/api/allinone/${path}`, { method: "POST", token, body });
    const item = { itemId: "i1", name: "剑", type: "weapon", rarity: "rare", quantity: 1 };
    const imports = await Promise.all(Array.from({ length: 4 }, () => send("inventory/add", item)));
    expect(imports.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 409, 409, 409,
    ]);
    const [{ id }] = (await client.call("/api/allinone/inventory", { token })).body.items;
    const move = { itemId: id, targetPlatform: "allinone", quantity: 1 };
    const exports = await Promise.all(
      Array.from({ length: 4 }, () => send("market/transfer", move)),
    );
    expect(exports.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(exports.map(({ body }) => body.transferId)).size).toBe(1);
  });

  it("F5: knows no `current-user-id` but the one of the token", async () => {
    const client = await useClient();
    const token = await tokenOf(client, "u1");
    const reply = await client.call("/api/shared/marketplace", {
      method: "POST",
      token,
      body: {
        userId: "current-user-id",
        name: "剑",
        description: "",
        category: "weapon",
        rarity: "rare",
        price: 10,
        currency: "gameCoins",
        gameSource: "New Day",
      },
    });
    expect([reply.status, reply.body.errorCode]).toEqual([403, "FORBIDDEN"]);
  });

  it("F6: answers a JSON object in place of a token with 401", async () => {
    const { call } = await useClient();
    const headers = { authorization: 'Bearer {"token":"nd_token_x","username":"x"}' };
    expect((await call("/api/allinone/inventory", { headers })).status).toBe(401);
  });

  it("F7: refuses a price of 0.5 with a code and lists nothing", async () => {
    const client = await useClient();
    const token = await tokenOf(client, "u1");
    const before = (await client.call("/api/allinone/market/items")).body.total;
    const reply = await client.call("/api/allinone/market/list", {
      method: "POST",
      token,
      body: { name: "剑", platform: "newday", itemType: "weapon", price: { gameCoins: 0.5 } },
    });
    expect([reply.status, reply.body.errorCode]).toEqual([400, "INVALID_PRICE"]);
    expect((await client.call("/api/allinone/market/items")).body.total).toBe(before);
  });

  it("F8: never shows a token in an answer but to the one who logs in", async () => {
    const client = await useClient();
    const token = await tokenOf(client, "u1");
    for (const path of ["/api/allinone/auth/me", "/api/allinone/inventory", "/metrics"]) {
      const reply = await fetch(client.base + path, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(await reply.text()).not.toContain(token);
    }
  });
});
