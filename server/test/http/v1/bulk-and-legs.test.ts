import { describe, expect, it } from "vitest";
import { useV1 } from "./support.ts";

const PAY = { from: "alice", to: "bob", currency: "game_coins", amount: "600" };
const SMALL = { ...PAY, amount: "100" };

describe("bulk", () => {
  it("gives each independent item its own outcome, in order, and replays them all", async () => {
    const { call } = await useV1();
    const unknown = { ...SMALL, to: "nobody" };
    const body = { mode: "independent", transfers: [PAY, PAY, unknown, SMALL] };
    const first = await call("POST", "/transfers/bulk", { body, key: "b1" });
    expect(first).toMatchObject({ status: 200, body: { posted: 2, refused: 2, replayed: false } });
    expect(first.body.results).toMatchObject([
      { index: 0, status: "posted", transfer: { entries: [{ balanceAfter: "400" }, {}] } },
      { index: 1, status: "refused", error: { code: "insufficient_funds" } },
      { index: 2, status: "refused", error: { code: "wallet_not_found", field: "transfers.2.to" } },
      { index: 3, status: "posted", transfer: { entries: [{ balanceAfter: "300" }, {}] } },
    ]);
    const again = await call("POST", "/transfers/bulk", { body, key: "b1" });
    expect(again.body).toMatchObject({ posted: 2, refused: 2, replayed: true });
    expect(again.headers["idempotency-replayed"]).toBe("true");
    const wallet = await call("GET", "/wallets/alice/accounts/game_coins");
    expect(wallet.body.balance).toBe("300");
  });

  it("posts an atomic request wholly or not at all", async () => {
    const { call } = await useV1();
    const body = { mode: "atomic", transfers: [SMALL, PAY, PAY] };
    const reply = await call("POST", "/transfers/bulk", { body });
    expect(reply.body).toMatchObject({ posted: 0, refused: 3 });
    expect(reply.body.results.map((one: { error: { code: string } }) => one.error.code)).toEqual([
      "atomic_group_refused",
      "atomic_group_refused",
      "insufficient_funds",
    ]);
    const wallet = await call("GET", "/wallets/alice/accounts/game_coins");
    expect(wallet.body.balance).toBe("1000");
    const unknown = { mode: "atomic", transfers: [SMALL, { ...SMALL, from: "nobody" }] };
    const refused = await call("POST", "/transfers/bulk", { body: unknown });
    expect([refused.status, refused.body.field]).toEqual([404, "transfers.1.from"]);
  });

  it("takes 1,000 items, and refuses 1,001 and a body above 1 MB", async () => {
    const { call } = await useV1();
    const many = (count: number) =>
      Array.from({ length: count }, () => ({ ...PAY, amount: "1", reference: "r".repeat(100) }));
    const body = { mode: "independent", transfers: many(1_000) };
    const reply = await call("POST", "/transfers/bulk", { body });
    expect(reply.body).toMatchObject({ posted: 1_000, refused: 0 });
    const over = await call("POST", "/transfers/bulk", {
      body: { ...body, transfers: many(1_001) },
    });
    expect([over.status, over.body.field]).toEqual([400, "transfers"]);
    const huge = await call("POST", "/transfers/bulk", { body: `"${"x".repeat(1_100_000)}"` });
    expect([huge.status, huge.body.code]).toEqual([413, "payload_too_large"]);
  });

  it("tries a bulk request without posting it", async () => {
    const { call } = await useV1();
    const body = { mode: "atomic", transfers: [SMALL, SMALL] };
    const reply = await call("POST", "/transfers/bulk?dryRun=true", { body, key: null });
    expect(reply.body).toMatchObject({ posted: 2, dryRun: true });
    const wallet = await call("GET", "/wallets/alice/accounts/game_coins");
    expect(wallet.body.balance).toBe("1000");
  });

  it("tells at a dry run what the key of a bulk request was used for", async () => {
    const { call } = await useV1();
    const body = { mode: "independent", transfers: [SMALL, SMALL] };
    await call("POST", "/transfers/bulk", { body, key: "bulk" });
    const path = "/transfers/bulk?dryRun=true";
    const known = await call("POST", path, { body, key: "bulk" });
    expect(known.body).toMatchObject({ posted: 2, dryRun: true, replayed: true });
    const transfers = [SMALL, { ...SMALL, amount: "9" }];
    const other = await call("POST", path, { body: { ...body, transfers }, key: "bulk" });
    const conflict = { status: "refused", error: { code: "idempotency_conflict" } };
    expect(other.body.results).toMatchObject([conflict, conflict]);
  });
});

describe("legs", () => {
  const leg = (userId: string, amount: string, currency = "game_coins") => ({
    userId,
    amount,
    currency,
  });

  it("moves money between many accounts at once", async () => {
    const { call } = await useV1();
    const legs = [leg("alice", "-300"), leg("bob", "100"), leg("carol", "200")];
    const reply = await call("POST", "/transfers/legs", { body: { legs } });
    expect(reply.status).toBe(201);
    const carol = await call("GET", "/wallets/carol/accounts/game_coins");
    expect(carol.body.balance).toBe("1200");
  });

  it.each([
    [
      [
        ["alice", "-300"],
        ["bob", "200"],
      ],
      "unbalanced_legs",
    ],
    [
      [
        ["alice", "0"],
        ["bob", "0"],
      ],
      "invalid_amount",
    ],
    [[["alice", "-1"]], "invalid_field"],
  ] as const)("refuses the legs %j with %s", async (pairs, code) => {
    const { call } = await useV1();
    const legs = pairs.map(([userId, amount]) => leg(userId, amount));
    const reply = await call("POST", "/transfers/legs", { body: { legs } });
    expect([reply.status, reply.body.code]).toEqual([400, code]);
  });
});

describe("refunds", () => {
  it("gives back in parts and never more than the transfer moved", async () => {
    const { call } = await useV1();
    const { id } = (await call("POST", "/transfers", { body: PAY })).body;
    const path = `/transfers/${id}/refunds`;
    const part = await call("POST", path, { body: { amount: "200" } });
    expect(part.body).toMatchObject({ kind: "refund", related: id });
    const tooMuch = await call("POST", path, { body: { amount: "401" } });
    expect([tooMuch.status, tooMuch.body.code]).toEqual([409, "refund_too_large"]);
    const rest = await call("POST", path);
    expect(rest.body.entries[0]).toMatchObject({ userId: "bob", amount: "-400" });
    const wallet = await call("GET", "/wallets/alice/accounts/game_coins");
    expect(wallet.body.balance).toBe("1000");
  });

  it("finds a transfer for those who took part, and for nobody else", async () => {
    const { call, login } = await useV1();
    const posted = await call("POST", "/transfers", { body: { ...PAY, reference: "r1" } });
    const path = `/transfers/${posted.body.id}`;
    expect((await call("GET", path)).body).toEqual({ ...posted.body, replayed: false });
    const bobs = await call("GET", path, { as: await login("bob") });
    expect(bobs.body.entries[0]).toEqual({
      userId: "alice",
      currency: "game_coins",
      amount: "-600",
    });
    expect((await call("GET", path, { as: await login("carol") })).status).toBe(404);
  });

  it("refuses to give back as money what a user was opened with", async () => {
    const { call, database } = await useV1();
    const [row] = await database.db.query<{ id: string }>(
      "select id from newday.transfers where kind = 'open_wallet' limit 1",
    );
    const reply = await call("POST", `/transfers/${row?.id}/refunds`);
    expect(reply.status).toBe(404);
  });
});
