import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fingerprintOf } from "../../../src/engine/identifiers.ts";
import { transferMoney } from "../../../src/ledger/transfers/transfer-money.ts";
import { ownAccountOf } from "../../../src/ledger/wallets/wallet-accounts.ts";
import { useTestApp } from "../../support/app.ts";
import { transferOf } from "../../support/ledger.ts";
import { share } from "../../support/test-end.ts";
import { callerOf, useV1 } from "./support.ts";

const PAY = { from: "alice", to: "bob", currency: "game_coins", amount: "600" };
const SMALL = { ...PAY, amount: "100" };
/** As the engine has it: operations of all callers that wait or are being posted. */
const QUEUE_MAX = 20_000;
/** Of this process: hashing the body once for each item took ten seconds, once for all takes 0.1. */
const CPU_MAX_MS = 4_000;

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

  it.each(["independent", "atomic"])("has one key for the whole %s body", async (mode) => {
    const { call } = await useV1();
    const send = (transfers: object[]) =>
      call("POST", "/transfers/bulk", { body: { mode, transfers }, key: "whole" });
    expect((await send([SMALL, SMALL])).body).toMatchObject({ posted: 2, replayed: false });
    for (const other of [[SMALL, SMALL, SMALL], [SMALL], [SMALL, { ...SMALL, amount: "9" }]]) {
      const reply = await send(other);
      expect([reply.status, reply.body.code]).toEqual([409, "idempotency_conflict"]);
    }
    expect((await send([SMALL, SMALL])).body).toMatchObject({ posted: 2, replayed: true });
    const wallet = await call("GET", "/wallets/alice/accounts/game_coins");
    expect(wallet.body.balance).toBe("800");
  });

  it("M2: completes an independent body that a 503 cut off halfway, each item once", async () => {
    const v1 = await useV1();
    const { engine } = v1.services;
    const transfers = Array.from({ length: 1_000 }, () => ({ ...PAY, amount: "1" }));
    const options = { body: { mode: "independent", transfers }, key: "half" };
    const { operations } = engine.counters();
    const asked = v1.call("POST", "/transfers/bulk", options);
    // The mark and the first piece; the engine refuses a later piece as it does when it is overloaded.
    while (engine.counters().operations < operations + 201) await setImmediate();
    await engine.drain();
    const cutOff = await asked;
    expect([cutOff.status, cutOff.body.code]).toEqual([503, "shutting_down"]);
    const [before] = await v1.database.db.query<{ count: number }>(
      "select count(*)::int from newday.transfers where kind = 'transfer' and fingerprint is not null",
    );
    expect(before?.count).toBeGreaterThanOrEqual(200);
    expect(before?.count).toBeLessThan(1_000);
    const next = await useTestApp({ database: v1.database });
    const call = callerOf(next, v1.key);
    const completed = await call("POST", "/transfers/bulk", options);
    expect(completed.body).toMatchObject({ posted: 1_000, refused: 0, replayed: false });
    expect(completed.headers["idempotency-replayed"]).toBeUndefined();
    const results = completed.body.results as { transfer: { id: string; replayed: boolean } }[];
    expect(new Set(results.map(({ transfer }) => transfer.id)).size).toBe(1_000);
    expect(results.filter(({ transfer }) => transfer.replayed)).toHaveLength(before?.count ?? 0);
    const wallet = await call("GET", "/wallets/bob/accounts/game_coins");
    expect(wallet.body.balance).toBe("2000");
    const again = await call("POST", "/transfers/bulk", options);
    const ids = again.body.results.map(({ transfer }: { transfer: { id: string } }) => transfer.id);
    expect(ids).toEqual(results.map(({ transfer }) => transfer.id));
    expect(again.body.replayed).toBe(true);
  });

  it("M2: completes an independent body that a full queue cut off halfway", async () => {
    const { call, services } = await useV1();
    const { engine, directory } = services;
    const payer = ownAccountOf(await directory.walletNumber("alice"), "game_coins");
    const payee = ownAccountOf(await directory.walletNumber("bob"), "game_coins");
    const transfers = Array.from({ length: 1_000 }, () => ({ ...PAY, amount: "1" }));
    const options = { body: { mode: "independent", transfers }, key: "crowded" };
    const { operations } = engine.counters();
    let isAnswered = false;
    const asked = call("POST", "/transfers/bulk", options).finally(() => (isAnswered = true));
    const isHalfway = () =>
      engine.counters().operations > operations + 200 && engine.queueDepth() % 200 > 0;
    // A piece goes in two batches; once the first is done, the queue has room for less than the next piece.
    while (!isHalfway() && !isAnswered) await setImmediate();
    const room = QUEUE_MAX - engine.queueDepth();
    // One unit that waits for the same accounts, and is refused because its first member lacks funds.
    const crowd = Array.from({ length: room }, () => transferOf(payer, payee, 1_000_000n));
    const crowded = engine.submitMany(crowd, "atomic");
    const cutOff = await asked;
    expect([cutOff.status, cutOff.body.code]).toEqual([503, "overloaded"]);
    await crowded;
    const completed = await call("POST", "/transfers/bulk", options);
    expect(completed.body).toMatchObject({ posted: 1_000, refused: 0, replayed: false });
    const results = completed.body.results as { transfer: { replayed: boolean } }[];
    const replayed = results.filter(({ transfer }) => transfer.replayed).length;
    expect(replayed % 200).toBe(0);
    expect(replayed).toBeGreaterThan(0);
    expect(replayed).toBeLessThan(1_000);
  });

  it("M2: says whether a repeated body posted anything anew", async () => {
    const { call } = await useV1();
    const transfers = [SMALL, { ...SMALL, to: "later" }];
    const options = { body: { mode: "independent", transfers }, key: "later" };
    const first = await call("POST", "/transfers/bulk", options);
    expect(first.body).toMatchObject({ posted: 1, refused: 1, replayed: false });
    const repeated = await call("POST", "/transfers/bulk", options);
    expect(repeated.body).toMatchObject({ posted: 1, refused: 1, replayed: true });
    await call("PUT", "/wallets/later", { body: {} });
    const completed = await call("POST", "/transfers/bulk", options);
    expect(completed.body).toMatchObject({ posted: 2, refused: 0, replayed: false });
    expect(completed.headers["idempotency-replayed"]).toBeUndefined();
    expect(completed.body.results).toMatchObject([
      { transfer: { replayed: true } },
      { transfer: { replayed: false } },
    ]);
    expect((await call("POST", "/transfers/bulk", options)).body).toMatchObject({ replayed: true });
  });

  it("has items whose stored keys are those of no other request", async () => {
    const { call, database } = await useV1();
    const body = { mode: "independent", transfers: [SMALL, SMALL] };
    await call("POST", "/transfers/bulk", { body, key: "zz" });
    const single = await call("POST", "/transfers", { body: SMALL, key: "zz#0" });
    expect([single.status, single.body.replayed]).toEqual([201, false]);
    const bulk = { ...body, transfers: [SMALL] };
    expect((await call("POST", "/transfers/bulk", { body: bulk, key: "yy#1" })).status).toBe(200);
    const item = await call("POST", "/transfers", { body: SMALL, key: "yy#1#0" });
    expect([item.status, item.body.replayed]).toEqual([201, false]);
    const again = await call("POST", "/transfers", { body: SMALL, key: "zz#0" });
    expect([again.status, again.body.replayed]).toEqual([201, true]);
    const [marks] = await database.db.query<{ count: number }>(
      "select count(distinct id)::int as count from newday.transfers where kind = 'use_once'",
    );
    expect(marks?.count).toBe(2);
  });

  it("replays a key of an item's form that a release before stored beside the items", async () => {
    const { call, services, login } = await useV1();
    await login("alice");
    const path = "/api/v1/transfers";
    const fingerprint = fingerprintOf({ method: "POST", path, part: "", body: SMALL });
    const [from, to] = await Promise.all(
      ["alice", "bob"].map(async (userId) => {
        return ownAccountOf(await services.directory.walletNumber(userId), "game_coins");
      }),
    );
    const terms = { caller: "platform:allinone", idempotency: { key: "v1:old#1", fingerprint } };
    const transfer = { from: from ?? 0n, to: to ?? 0n, amount: 100n };
    const { outcome } = await transferMoney(services, transfer, terms);
    const reply = await call("POST", "/transfers", { body: SMALL, key: "old#1" });
    expect(reply.body).toMatchObject({ id: outcome.transferId, replayed: true });
  });

  it("hashes the largest legal body once, not once for each item", async () => {
    const { call } = await useV1();
    const metadata = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`member-${index}`, "x".repeat(48)]),
    );
    const transfers = Array.from({ length: 1_000 }, () => ({ ...PAY, amount: "1", metadata }));
    const body = JSON.stringify({ mode: "independent", transfers });
    expect(body.length).toBeGreaterThan(800_000);
    const before = process.cpuUsage();
    const reply = await call("POST", "/transfers/bulk", { body });
    const { user } = process.cpuUsage(before);
    expect(reply.body).toMatchObject({ posted: 1_000 });
    expect(user / 1_000).toBeLessThan(CPU_MAX_MS);
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
  const shared = share(() => useV1());
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
    const { call } = shared();
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

  it("finds a transfer for its parties only", async () => {
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
