import { describe, expect, it } from "vitest";
import { useV1 } from "./support.ts";

const SOME_ID = "01900000-0000-7000-8000-000000000000";

interface Quoted {
  readonly id: string;
  readonly rate: object;
  readonly expiresAt: string;
}

function asSent({ id, rate, expiresAt }: Quoted) {
  return { id, rate, expiresAt };
}

const WANTED = { from: "game_coins", to: "allinone_coins", amount: "100" };

describe("exchange", () => {
  it("quotes and exchanges the coin pair one to one", async () => {
    const { call, login } = await useV1();
    const as = await login("alice");
    const quote = await call("POST", "/quotes", { as, body: WANTED });
    expect(quote).toMatchObject({ status: 200, body: { given: "100", received: "100" } });
    const body = { userId: "alice", ...WANTED, quote: asSent(quote.body) };
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
    const body = { userId: "alice", ...WANTED, quote: { id: SOME_ID, ...quote } };
    const reply = await call("POST", "/exchanges", { body });
    expect([reply.status, reply.body.code]).toEqual([409, code]);
  });

  it("refuses a quote that ends later than the server offers", async () => {
    const { call } = await useV1();
    const rate = { numerator: "1", denominator: "1" };
    const quote = { id: SOME_ID, rate, expiresAt: "2099-01-01T00:00:00Z" };
    const body = { userId: "alice", ...WANTED, quote };
    const forged = await call("POST", "/exchanges", { body });
    expect([forged.status, forged.body.code]).toEqual([400, "invalid_field"]);
    expect(forged.body).toMatchObject({ field: "quote.expiresAt" });
  });

  it("uses a quote once, whatever keys two requests bring, and replays the first", async () => {
    const { call } = await useV1();
    const quote = asSent((await call("POST", "/quotes", { body: WANTED })).body);
    const body = { userId: "alice", ...WANTED, quote };
    const racers = await Promise.all(
      ["one", "two", "three", "four"].map((key) => call("POST", "/exchanges", { key, body })),
    );
    const posted = racers.filter(({ status }) => status === 201);
    expect(posted).toHaveLength(1);
    const refused = racers.filter(({ status }) => status !== 201).map((reply) => reply.body);
    for (const problem of refused)
      expect(problem).toMatchObject({ code: "quote_used", status: 409, field: "quote.id" });
    const winner = ["one", "two", "three", "four"][racers.findIndex((one) => one.status === 201)];
    const again = await call("POST", "/exchanges", { key: winner ?? "", body });
    expect([again.status, again.body.replayed]).toEqual([201, true]);
    expect(again.body.transferId).toBe(posted[0]?.body.transferId);
    const other = { ...body, amount: "50" };
    const changed = await call("POST", "/exchanges", { key: winner ?? "", body: other });
    expect([changed.status, changed.body.code]).toEqual([409, "idempotency_conflict"]);
    const account = await call("GET", "/wallets/alice/accounts/allinone_coins");
    expect(account.body.balance).toBe("100");
  });

  it("says at a dry run what became of a quote or a key that was used", async () => {
    const { call } = await useV1();
    const quote = asSent((await call("POST", "/quotes", { body: WANTED })).body);
    const body = { userId: "alice", ...WANTED, quote };
    const dry = (key: string | null, sent: object = body) =>
      call("POST", "/exchanges?dryRun=true", { key, body: sent });
    for (const key of [null, "one"])
      expect(await dry(key)).toMatchObject({
        status: 200,
        body: { dryRun: true, replayed: false },
      });
    const first = await call("POST", "/exchanges", { key: "one", body });
    expect(first.status).toBe(201);
    for (const key of [null, "two"])
      expect((await dry(key)).body).toMatchObject({ code: "quote_used", field: "quote.id" });
    const { id, entries } = first.body;
    const known = await dry("one");
    expect(known).toMatchObject({
      status: 200,
      body: { id, entries, dryRun: true, replayed: true },
    });
    const other = await dry("one", { ...body, quote: undefined });
    expect([other.status, other.body.code]).toEqual([409, "idempotency_conflict"]);
    expect((await call("GET", "/wallets/alice/accounts/game_coins")).body.balance).toBe("900");
  });

  it("uses up the quote of a refused request, and changes nothing", async () => {
    const { call } = await useV1();
    const quote = asSent((await call("POST", "/quotes", { body: WANTED })).body);
    const body = { userId: "alice", ...WANTED, amount: "1001", quote };
    const poor = await call("POST", "/exchanges", { key: "poor", body });
    expect([poor.status, poor.body.code]).toEqual([422, "insufficient_funds"]);
    const replayed = await call("POST", "/exchanges", { key: "poor", body });
    expect([replayed.status, replayed.body.code]).toEqual([422, "insufficient_funds"]);
    const later = await call("POST", "/exchanges", { body: { ...body, amount: "1" } });
    expect([later.status, later.body.code]).toEqual([409, "quote_used"]);
    expect((await call("GET", "/wallets/alice/accounts/game_coins")).body.balance).toBe("1000");
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

  it("refuses more than the account may hold, and blames the account that is paid", async () => {
    const { call } = await useV1();
    const amount = `${2n ** 63n - 1n}`;
    const body = { userId: "alice", currency: "allinone_coins", amount };
    const reply = await call("POST", "/mints", { body });
    expect([reply.status, reply.body.code]).toEqual([409, "balance_limit"]);
  });

  it("refuses to issue another platform's currency", async () => {
    const { call } = await useV1();
    const body = { userId: "alice", currency: "game_coins", amount: "500" };
    const reply = await call("POST", "/mints", { body });
    expect([reply.status, reply.body.code]).toEqual([403, "mint_not_allowed"]);
  });
});
