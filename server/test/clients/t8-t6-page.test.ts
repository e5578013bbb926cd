/** T8 `test-newday-integration.html` and T6 `test-newday-api-diagnosis.html`, opened from disk. */
import { describe, expect, it } from "vitest";
import { useClient, type TestClient } from "../support/client.ts";

const FROM_DISK = { origin: "null" };
const GET_ALL = "/api/allinone/inventory";

async function login({ call }: TestClient, id: string): Promise<string> {
  const body = { allinoneUserId: id, allinoneUsername: "TestUser" };
  const reply = await call("/api/allinone/auth/login", { method: "POST", body });
  expect(reply.status).toBe(200);
  return reply.body.data.token;
}

describe("T8", () => {
  it("runs its eight tests green, and again on a second press", async () => {
    const client = await useClient(FROM_DISK);
    for (const press of [1, 2]) await runT8(client, press);
  });

  async function runT8(client: TestClient, press: number): Promise<void> {
    const { call } = client;
    const market = await call("/api/shared/marketplace?gameSource=New%20Day");
    expect([market.status, (market.body.items || market.body.data).length > 0]).toEqual([
      200,
      true,
    ]);
    const wallet = await call("/api/shared/wallet/test-user-id");
    expect([wallet.status, wallet.body.isNewWallet]).toEqual([200, press === 1]);
    const token = await login(client, "test-user-id");
    const balance = await call("/api/allinone/wallet/balance", { token });
    const shown = balance.body.balance || balance.body.data;
    expect(shown.cash || shown.cashBalance || 0).toBe(0);
    const before = shown.gameCoins;
    expect((await call(GET_ALL, { token })).status).toBe(200);
    const list = await call("/api/allinone/market/list", { token });
    const [first] = list.body.items || list.body.data;
    expect(first).toBeDefined();
    const purchase = await call("/api/allinone/market/purchase", {
      method: "POST",
      token,
      body: { itemId: first.id, currencyType: "gameCoins", quantity: 1 },
    });
    expect([purchase.status, purchase.body.success]).toEqual([200, true]);
    expect(purchase.body.transactionId).toEqual(expect.any(String));
    const inventory = await call(GET_ALL, { token });
    const [item] = inventory.body.items || inventory.body.data;
    const transfer = await call("/api/allinone/market/transfer", {
      method: "POST",
      token,
      body: { itemId: item.id, targetPlatform: "allinone", quantity: 1 },
    });
    expect([transfer.status, transfer.body.success]).toEqual([200, true]);
    const after = await call("/api/allinone/wallet/balance", { token });
    expect(after.body.gameCoins).toBe(before - purchase.body.totalAmount);
  }
});

describe("T6", () => {
  it("runs its six tests green with a new id", async () => {
    const client = await useClient(FROM_DISK);
    const id = `diagnostic-test-${Date.now()}`;
    expect((await client.call("/api/shared/marketplace?gameSource=New+Day")).status).toBe(200);
    const wallet = await client.call(`/api/shared/wallet/${id}`);
    expect(wallet.body).toMatchObject({ isNewWallet: true, wallet: { gameCoins: 1000 } });
    const token = await login(client, id);
    for (const path of ["wallet/balance", "inventory", "market/list"])
      expect((await client.call(`/api/allinone/${path}`, { token })).status).toBe(200);
  });

  it("prints every refusal as a text", async () => {
    const client = await useClient(FROM_DISK);
    const reply = await client.call(GET_ALL);
    expect([reply.status, typeof reply.body.error]).toEqual([401, "string"]);
    expect(reply.headers.get("access-control-allow-origin")).toBe("*");
  });
});
