import { describe, expect, it } from "vitest";
import { useV1 } from "./support.ts";

const WANTED = { from: "game_coins", to: "allinone_coins", amount: "100" };

describe("exchange", () => {
  it("quotes and exchanges the coin pair one to one", async () => {
    const { call, login } = await useV1();
    const as = await login("alice");
    const quote = await call("POST", "/quotes", { as, body: WANTED });
    expect(quote).toMatchObject({ status: 200, body: { given: "100", received: "100" } });
    const { rate, expiresAt } = quote.body;
    const body = { userId: "alice", ...WANTED, quote: { rate, expiresAt } };
    const reply = await call("POST", "/exchanges", { as, body });
    expect(reply.status).toBe(201);
    expect(reply.body.result).toEqual({ given: "100", received: "100" });
    const account = await call("GET", "/wallets/alice/accounts/allinone_coins", { as });
    expect(account.body.balance).toBe("100");
  });

  it.each([
    [
      { rate: { numerator: "2", denominator: "1" }, expiresAt: "2099-01-01T00:00:00Z" },
      "quote_changed",
    ],
    [
      { rate: { numerator: "1", denominator: "1" }, expiresAt: "2020-01-01T00:00:00Z" },
      "quote_expired",
    ],
  ])("refuses the forged or late quote %j", async (quote, code) => {
    const { call } = await useV1();
    const reply = await call("POST", "/exchanges", { body: { userId: "alice", ...WANTED, quote } });
    expect([reply.status, reply.body.code]).toEqual([409, code]);
  });

  it("refuses a quote that ends later than the server offers, and repeats one that it gave", async () => {
    const { call } = await useV1();
    const rate = { numerator: "1", denominator: "1" };
    const endless = { rate, expiresAt: "2099-01-01T00:00:00Z" };
    const body = { userId: "alice", ...WANTED };
    const forged = await call("POST", "/exchanges", { body: { ...body, quote: endless } });
    expect([forged.status, forged.body.code]).toEqual([400, "invalid_field"]);
    expect(forged.body).toMatchObject({ field: "quote.expiresAt" });
    const given = (await call("POST", "/quotes", { body: WANTED })).body;
    const quote = { rate: given.rate, expiresAt: given.expiresAt };
    for (const amount of ["100", "50"]) {
      const reply = await call("POST", "/exchanges", { body: { ...body, amount, quote } });
      expect([reply.status, reply.body.result.received]).toEqual([201, amount]);
    }
  });

  it("refuses a pair that is not offered", async () => {
    const { call } = await useV1();
    const pair = { from: "cash", to: "game_coins", amount: "1" };
    for (const [path, body] of [
      ["/quotes", pair],
      ["/exchanges", { userId: "alice", ...pair }],
    ] as const) {
      const reply = await call("POST", path, { body });
      expect([reply.status, reply.body.code]).toEqual([400, "exchange_not_offered"]);
    }
  });
});

describe("mint", () => {
  it("issues and burns the platform's own currency", async () => {
    const { call } = await useV1();
    const body = { userId: "alice", currency: "allinone_coins", amount: "500" };
    const minted = await call("POST", "/mints", { body });
    expect(minted.status).toBe(201);
    expect(minted.body.entries[1]).toMatchObject({ userId: "alice", balanceAfter: "500" });
    const burnt = await call("POST", "/burns", { body: { ...body, amount: "200" } });
    expect(burnt.body.entries[0]).toMatchObject({ userId: "alice", balanceAfter: "300" });
    const tooMuch = await call("POST", "/burns", { body });
    expect([tooMuch.status, tooMuch.body.code]).toEqual([422, "insufficient_funds"]);
  });

  it("refuses to issue another platform's currency", async () => {
    const { call } = await useV1();
    const body = { userId: "alice", currency: "game_coins", amount: "500" };
    const reply = await call("POST", "/mints", { body });
    expect([reply.status, reply.body.code]).toEqual([403, "mint_not_allowed"]);
  });
});
