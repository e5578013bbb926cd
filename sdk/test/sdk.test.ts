import { describe, expect, it } from "vitest";
import { createClient, isNewDayApiError, NewDayApiError } from "../src/index.ts";
import { openWallets } from "../../server/src/ledger/wallets/open-wallets.ts";
import { useClient } from "../../server/test/support/client.ts";

async function useSdk(userId = "user-001") {
  const server = await useClient();
  await openWallets(server.services, ["user-001", "user-002"]);
  const login = await server.call("/api/allinone/auth/login", {
    method: "POST",
    body: { allinoneUserId: userId },
  });
  return { server, client: createClient({ baseUrl: server.base, token: login.body.token }) };
}

const gift = { from: "user-001", to: "user-002", currency: "game_coins", amount: "25" };

describe("createClient", () => {
  it("reads a wallet with exact amounts as strings", async () => {
    const { client } = await useSdk();
    const wallet = await client.wallets.get("user-001");
    const coins = wallet.accounts.find(({ currency }) => currency === "game_coins");
    expect(coins).toMatchObject({ balance: "1000", available: "1000" });
  });

  it("moves money once, however often the same key is sent", async () => {
    const { client } = await useSdk();
    const write = { idempotencyKey: "gift-1" };
    const first = await client.transfers.post(gift, write);
    const second = await client.transfers.post(gift, write);
    expect([first.replayed, second.replayed, second.id]).toEqual([false, true, first.id]);
    expect((await client.wallets.getAccount("user-001", "game_coins")).balance).toBe("975");
  });

  it("retries a lost answer with the same key and gets the first outcome", async () => {
    const { server } = await useSdk();
    const { body } = await server.call("/api/allinone/auth/login", {
      method: "POST",
      body: { allinoneUserId: "user-001" },
    });
    const keys: (string | null)[] = [];
    const losing: typeof fetch = async (input, init) => {
      const reply = await fetch(input, init);
      keys.push(new Headers(init?.headers).get("idempotency-key"));
      if (keys.length === 1) throw new TypeError("the answer was lost");
      return reply;
    };
    const client = createClient({ baseUrl: server.base, token: body.token, fetch: losing });
    const transfer = await client.transfers.post(gift);
    expect(transfer.replayed).toBe(true);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect((await client.wallets.getAccount("user-001", "game_coins")).balance).toBe("975");
  });

  it("shows what would happen without doing it", async () => {
    const { client } = await useSdk();
    expect(await client.transfers.post(gift, { dryRun: true })).toMatchObject({ dryRun: true });
    expect((await client.wallets.getAccount("user-001", "game_coins")).balance).toBe("1000");
  });

  it("rejects with a stable code, a request id and the server's words", async () => {
    const { client } = await useSdk();
    await client.transfers.post({ ...gift, amount: "600" });
    const error = await client.transfers.post({ ...gift, amount: "600" }).catch((e: unknown) => e);
    expect(isNewDayApiError(error)).toBe(true);
    expect(error).toMatchObject({ code: "insufficient_funds", requestId: expect.any(String) });
  });

  it("gives up on a server that never answers, and says so", async () => {
    let tries = 0;
    const dead: typeof fetch = () => {
      tries += 1;
      return Promise.reject(new TypeError("refused"));
    };
    const client = createClient({ baseUrl: "http://127.0.0.1:9", fetch: dead });
    const error = await client.status.get().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NewDayApiError);
    expect(error).toMatchObject({ code: "no_answer", status: 0, retryable: true });
    expect(tries).toBe(4);
  });

  it("reads the state of the server without a token", async () => {
    const { server } = await useSdk();
    const status = await createClient({ baseUrl: server.base }).status.get();
    expect(status).toMatchObject({ status: "ok", adoption: "adopted", repair: { due: false } });
  });
});
