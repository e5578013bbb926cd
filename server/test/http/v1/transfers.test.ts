import { describe, expect, it } from "vitest";
import { share } from "../../support/test-end.ts";
import { useV1 } from "./support.ts";

const PAY = { from: "alice", to: "bob", currency: "game_coins", amount: "100" };

/** For requests that are refused. */
const shared = share(() => useV1());

describe("201", () => {
  it("moves money and answers entries with the balances after", async () => {
    const { call } = await useV1();
    const reply = await call("POST", "/transfers", {
      body: { ...PAY, reference: "order-42", metadata: { level: 3 } },
    });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      kind: "transfer",
      reference: "order-42",
      metadata: { level: 3 },
      entries: [
        { userId: "alice", currency: "game_coins", amount: "-100", balanceAfter: "900" },
        { userId: "bob", currency: "game_coins", amount: "100", balanceAfter: "1100" },
      ],
      replayed: false,
      dryRun: false,
    });
  });

  it("keeps a reason, which both sides read in the transfer, the statement and the exports", async () => {
    const { call, login } = await useV1();
    const [reason, reference] = ["奖金：春季赛", "r1"];
    const body = { ...PAY, reason, reference };
    const paid = await call("POST", "/transfers", { body, key: "k1" });
    expect([paid.status, paid.body.reason]).toEqual([201, reason]);
    expect((await call("POST", "/transfers", { body, key: "k1" })).body.reason).toBe(reason);
    const other = await call("POST", "/transfers", { body: { ...body, reason: "x" }, key: "k1" });
    expect(other.body.code).toBe("idempotency_conflict");
    const as = await login("bob");
    const read = await call("GET", `/transfers/${paid.body.id}`, { as });
    expect(read.body).toMatchObject({ reason, reference });
    const path = "/wallets/bob/accounts/game_coins/statement";
    const first = { reason, reference, amount: "100" };
    expect((await call("GET", path, { as })).body.data[0]).toMatchObject(first);
    const file = await call("GET", `${path}/export?format=json`, { as });
    expect(file.body.data[0]).toMatchObject(first);
    const csv = String((await call("GET", `${path}/export?format=csv`, { as })).body);
    expect(csv.split("\r\n")[1]).toContain(`,${reason},`);
  });

  it("takes a reason for legs, bulks, transfers up to a maximum and refunds", async () => {
    const { call } = await useV1();
    const { amount: maximum, ...pair } = PAY;
    const legs = [
      { userId: "alice", currency: "game_coins", amount: "-1" },
      { userId: "bob", currency: "game_coins", amount: "1" },
    ];
    const upTo = await call("POST", "/transfers/up-to", {
      body: { ...pair, maximum, reason: "a" },
    });
    const split = await call("POST", "/transfers/legs", { body: { legs, reason: "b" } });
    const transfers = [{ ...PAY, reason: "c" }, PAY];
    const bulk = await call("POST", "/transfers/bulk", { body: { mode: "atomic", transfers } });
    expect(bulk.status).toBe(200);
    const path = `/transfers/${upTo.body.id}/refunds`;
    const refund = await call("POST", path, { body: { reason: "d" } });
    expect([upTo, split, refund].map(({ body }) => body.reason)).toEqual(["a", "b", "d"]);
    const { data } = (await call("GET", "/wallets/alice/accounts/game_coins/statement")).body;
    const reasons = data.map(({ reason = "" }: { reason?: string }) => reason);
    expect(reasons.slice(0, 5)).toEqual(["d", "", "c", "b", "a"]);
  });

  it("lets a user pay from its own wallet and shows no balance of the payee", async () => {
    const { call, login } = await useV1();
    const reply = await call("POST", "/transfers", { as: await login("alice"), body: PAY });
    expect(reply.status).toBe(201);
    expect(reply.body.entries).toEqual([
      expect.objectContaining({ userId: "alice", balanceAfter: "900" }),
      { userId: "bob", currency: "game_coins", amount: "100" },
    ]);
  });

  it("replays the first answer under the same key and says so", async () => {
    const { call } = await useV1();
    const first = await call("POST", "/transfers", { body: PAY, key: "k1" });
    const second = await call("POST", "/transfers", { body: PAY, key: "k1" });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.headers["idempotency-replayed"]).toBeUndefined();
    expect(second.headers["idempotency-replayed"]).toBe("true");
    expect(second.body).toEqual({ ...first.body, replayed: true });
  });
});

describe("200", () => {
  it("says what a dry run would do, without a key, and does nothing", async () => {
    const { call } = await useV1();
    for (let run = 0; run < 2; run++) {
      const reply = await call("POST", "/transfers?dryRun=true", { body: PAY, key: null });
      expect(reply.status).toBe(200);
      expect(reply.body).toMatchObject({ dryRun: true, entries: [{ balanceAfter: "900" }, {}] });
    }
  });
});

describe("400", () => {
  it.each([
    ["a number", { amount: 100 }, "invalid_amount", "amount"],
    ["a fraction", { amount: "1.5" }, "invalid_amount", "amount"],
    ["zero", { amount: "0" }, "invalid_amount", "amount"],
    ["below zero", { amount: "-5" }, "invalid_amount", "amount"],
    ["an exponent", { amount: "1e9" }, "invalid_amount", "amount"],
    ["beyond a bigint", { amount: "9999999999999999999" }, "invalid_amount", "amount"],
    ["a currency in capitals", { currency: "GOLD" }, "invalid_field", "currency"],
    ["an unknown currency", { currency: "gold" }, "invalid_currency", "currency"],
    ["a reserved user", { from: "system" }, "invalid_user_id", "from"],
    ["another platform's mint", { from: "system:newday:mint" }, "invalid_user_id", "from"],
    ["an unknown field", { amounts: "1" }, "invalid_field", "amounts"],
    ["a missing field", { to: undefined }, "missing_fields", "to"],
    ["an impossible time", { effectiveAt: "2026-13-01T00:00:00Z" }, "invalid_field", "effectiveAt"],
    ["a reason with markup", { reason: "<b>" }, "invalid_field", "reason"],
    ["an empty reason", { reason: "" }, "invalid_field", "reason"],
    ["a long reason", { reason: "x".repeat(256) }, "invalid_field", "reason"],
    ["nested metadata", { metadata: { a: { b: 1 } } }, "invalid_field", "metadata.a"],
  ])("refuses %s and changes nothing", async (_what, change, code, field) => {
    const { call } = shared();
    const reply = await call("POST", "/transfers", { body: { ...PAY, ...change } });
    expect([reply.status, reply.body.code, reply.body.field]).toEqual([400, code, field]);
    expect(reply.headers["content-type"]).toContain("application/problem+json");
    expect(reply.body).toMatchObject({
      type: `/docs/errors/${code}`,
      requestId: expect.any(String),
    });
  });

  it("refuses a write without a key", async () => {
    const { call } = shared();
    const reply = await call("POST", "/transfers", { body: PAY, key: null });
    expect([reply.status, reply.body.code]).toEqual([400, "idempotency_key_required"]);
  });

  it.each([
    "X-Idempotency-Key",
    "X-Idempotency",
    "Idempotency_Key",
    "idempotencykey",
    "Idempotancy-Key",
  ])("refuses the header %s by its name, even beside a right one", async (name) => {
    const { call } = shared();
    for (const key of [null, "k1"]) {
      const reply = await call("POST", "/transfers", { body: PAY, key, headers: { [name]: "k" } });
      expect([reply.status, reply.body.code]).toEqual([400, "idempotency_key_misplaced"]);
      expect(reply.body.field.toLowerCase()).toContain(name.toLowerCase());
    }
  });

  it.each(["idempotencyKey", "idempotency_key"])(
    "refuses a key in the body as %s",
    async (name) => {
      const { call } = shared();
      const reply = await call("POST", "/transfers", { body: { ...PAY, [name]: "k" } });
      expect([reply.status, reply.body.code]).toEqual([400, "idempotency_key_misplaced"]);
    },
  );

  it.each(["x".repeat(256), "ключ", "a\tb"])("refuses the key %j", async (key) => {
    const { call } = shared();
    const reply = await call("POST", "/transfers", { body: PAY, key });
    expect([reply.status, reply.body.code]).toEqual([400, "idempotency_key_invalid"]);
  });
});

describe("401", () => {
  it.each([null, "nd_key_unknown", `nd_key_${"A".repeat(43)}`, "nd_token_unknown"])(
    "refuses the credential %s before it reads the body",
    async (as) => {
      const { call } = shared();
      const reply = await call("POST", "/transfers", { as, body: "not json" });
      expect([reply.status, reply.body.code]).toEqual([401, "invalid_token"]);
    },
  );
});

describe("404", () => {
  it.each([
    ["another user", { from: "bob", to: "alice" }, "from"],
    ["an unknown user", { to: "nobody" }, "to"],
  ])("hides %s from a user", async (_what, change, field) => {
    const { call, login } = shared();
    const as = await login("alice");
    const reply = await call("POST", "/transfers", { as, body: { ...PAY, ...change } });
    expect([reply.status, reply.body.code, reply.body.field]).toEqual([
      404,
      "wallet_not_found",
      field,
    ]);
  });
});

describe("409", () => {
  it("refuses another request under the same key", async () => {
    const { call } = await useV1();
    await call("POST", "/transfers", { body: PAY, key: "k1" });
    const reply = await call("POST", "/transfers", { body: { ...PAY, amount: "101" }, key: "k1" });
    expect([reply.status, reply.body.code]).toEqual([409, "idempotency_conflict"]);
  });
});

describe("403", () => {
  it("confines a login without proof to small amounts", async () => {
    const { call, login } = shared();
    const body = { ...PAY, amount: "1001" };
    const reply = await call("POST", "/transfers", { as: await login("alice"), body });
    expect([reply.status, reply.body.code]).toEqual([403, "unproven_limit"]);
  });
});

describe("422", () => {
  it("refuses what the payer does not have, and freezes that under the key", async () => {
    const { call } = await useV1();
    const body = { ...PAY, amount: "5000" };
    const first = await call("POST", "/transfers", { body, key: "k1" });
    expect(first.status).toBe(422);
    expect(first.body).toMatchObject({
      code: "insufficient_funds",
      available: "1000",
      required: "5000",
      replayed: false,
    });
    const second = await call("POST", "/transfers", { body, key: "k1" });
    expect(second.body).toMatchObject({ code: "insufficient_funds", replayed: true });
    expect(second.headers["idempotency-replayed"]).toBe("true");
  });

  it("refuses a transfer to oneself", async () => {
    const { call } = shared();
    const reply = await call("POST", "/transfers", { body: { ...PAY, to: "alice" } });
    expect([reply.status, reply.body.code]).toEqual([422, "same_account"]);
  });
});
