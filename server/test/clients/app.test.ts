/** APP, the AllinONE web app: preflights everything, reads the root, exports twice on purpose. */
import { describe, expect, it } from "vitest";
import { useClient, type TestClient } from "../support/client.ts";

const ORIGINS = [
  "https://joan-allinone.github.io",
  "http://localhost:3000",
  "http://localhost:3001",
  "http://localhost:5173",
];
/** It sends Content-Type even on GET, so that every call is preflighted. */
const ALWAYS = { origin: "http://localhost:3001", "content-type": "application/json" };

async function logIn({ call }: TestClient, id = "user-1769263347091"): Promise<string> {
  const { body } = await call("/api/allinone/auth/login", {
    method: "POST",
    body: { allinoneUserId: id, allinoneUsername: "龙少🐉" },
  });
  expect(body).toMatchObject({ success: true, userId: id });
  expect(body.expiresAt).toBeGreaterThan(Date.now());
  return body.token;
}

const post = (token: string, body: object) => ({ method: "POST", token, body });

async function importSword({ call }: TestClient, token: string) {
  const { body } = await call(
    "/api/allinone/inventory/add",
    post(token, {
      itemId: "nd_nd_store_weapon_001_1769263347091_a1b2c3",
      name: "[New Day] 黎明之剑",
      description: "",
      itemType: "weapon",
      rarity: "legendary",
      quantity: 1,
      stats: { attack: 150, defense: 20, speed: 10 },
      icon: "sword",
      originalSource: "allinone_official_store",
      allinoneItemId: "inv_77",
    }),
  );
  expect(body).toMatchObject({ success: true });
  return body.item;
}

describe("APP", () => {
  it.each(ORIGINS)("is preflighted and answered from %s", async (origin) => {
    const { call } = await useClient({ origin });
    const preflight = await call("/api/allinone/wallet/balance", {
      method: "OPTIONS",
      headers: {
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization,content-type",
      },
    });
    expect(preflight.status).toBe(204);
    expect(["*", origin]).toContain(preflight.headers.get("access-control-allow-origin"));
    expect(preflight.headers.get("access-control-allow-headers")).toMatch(/Authorization/);
  });

  it("walks its test page: login, balance, inventory, import, list, market, purchase, transfer", async () => {
    const client = await useClient(ALWAYS);
    const { call } = client;
    const token = await logIn(client);
    const { body: balance } = await call("/api/allinone/wallet/balance", { token });
    expect((balance.balance || balance).newDayGameCoins).toBe(1000);
    const sword = await importSword(client, token);
    const { body: inventory } = await call("/api/allinone/inventory", { token });
    expect(inventory.items).toHaveLength(1);
    expect(inventory.items[0]).toMatchObject({
      id: sword.id,
      type: "weapon",
      itemType: "weapon",
      rarity: "legendary",
      quantity: 1,
      stats: { attack: 150, defense: 20, speed: 10 },
      allinoneItemId: "inv_77",
      externalId: expect.stringContaining("a1b2c3"),
      obtainedAt: expect.any(Number),
    });
    const listed = await call(
      "/api/allinone/market/list",
      post(token, {
        name: "集成测试道具",
        description: "集成测试",
        platform: "newday",
        itemType: "consumable",
        price: { gameCoins: 100 },
      }),
    );
    expect([200, 201]).toContain(listed.status);
    expect(listed.body.item).toMatchObject({ name: "集成测试道具", price: { gameCoins: 100 } });
    const { body: market } = await call("/api/allinone/market/items?sortBy=price_asc", { token });
    expect(market.items.map(({ id }: { id: string }) => id)).toContain(listed.body.item.id);
    const { body: bought } = await call(
      "/api/allinone/market/purchase",
      post(token, {
        itemId: (await call("/api/allinone/market/items")).body.items[0].id,
        currencyType: "gameCoins",
      }),
    );
    expect(bought).toMatchObject({ success: true, message: "购买成功" });
    const { body: after } = await call("/api/allinone/inventory", { token });
    expect(after.items.map(({ id }: { id: string }) => id)).toContain(bought.item.id);
  });

  it("exports the same item twice within a second: one transfer, no 404, and a return", async () => {
    const client = await useClient(ALWAYS);
    const token = await logIn(client);
    const sword = await importSword(client, token);
    const send = (targetPlatform: string) =>
      client.call(
        "/api/allinone/market/transfer",
        post(token, { itemId: sword.id, targetPlatform, quantity: 1 }),
      );
    const first = await send("allinone");
    const second = await send("allinone");
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toMatchObject({
      transferId: first.body.transferId,
      alreadyTransferred: true,
    });
    const { body: gone } = await client.call("/api/allinone/inventory", { token });
    expect(gone.items).toEqual([]);
    expect((await send("newday")).status).toBe(200);
    const { body: back } = await client.call("/api/allinone/inventory", { token });
    expect(back.items).toHaveLength(1);
  });

  it("finds an item by its prefixed id, its bare id and its own external id", async () => {
    for (const form of ["id", "bare", "externalId"] as const) {
      const client = await useClient(ALWAYS);
      const token = await logIn(client);
      const sword = await importSword(client, token);
      const itemId = form === "bare" ? sword.id.replace(/^(inv|adv)-/, "") : sword[form];
      const reply = await client.call(
        "/api/allinone/market/transfer",
        post(token, { itemId, targetPlatform: "allinone", quantity: 1 }),
      );
      expect([form, reply.status]).toEqual([form, 200]);
    }
  });

  it("polls balance and inventory from ten tabs without meeting a limit", async () => {
    const client = await useClient(ALWAYS);
    const token = await logIn(client);
    const polls = Array.from({ length: 60 }, (_, index) =>
      client.call(index % 2 ? "/api/allinone/inventory" : "/api/allinone/wallet/balance", {
        token,
      }),
    );
    const statuses = new Set((await Promise.all(polls)).map(({ status }) => status));
    expect([...statuses]).toEqual([200]);
  });
});
