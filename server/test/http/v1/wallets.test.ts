import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../../src/identity/platform-keys.ts";
import { useV1 } from "./support.ts";
import { claimUser } from "../../../src/identity/claim-user.ts";
import { addTestPlatform } from "../../support/platforms.ts";

const COINS = "/wallets/alice/accounts/game_coins";

describe("200 and 201", () => {
  it("opens a wallet once, and shows the starter grant as locked coins", async () => {
    const { call } = await useV1();
    const body = { displayName: "Dave" };
    const first = await call("PUT", "/wallets/dave", { body, key: null });
    const second = await call("PUT", "/wallets/dave", { key: null });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(first.body).toMatchObject({
      userId: "dave",
      platform: "allinone",
      accounts: expect.arrayContaining([
        expect.objectContaining({
          currency: "game_coins",
          balance: "1000",
          locked: "1000",
          available: "0",
        }),
      ]),
    });
  });

  it("opens wallets of another platform under its name and hides everybody else's from it", async () => {
    const { call, database } = await useV1();
    await addTestPlatform(database.db, "acme");
    const wanted = { platform: "acme", scopes: ["wallets:read", "wallets:write"] };
    const { key } = await createPlatformKey(database.db, wanted);
    expect((await call("PUT", "/wallets/acme:u1", { as: key })).status).toBe(201);
    expect((await call("GET", "/wallets/acme:u1", { as: key })).status).toBe(200);
    expect((await call("GET", "/wallets/alice", { as: key })).status).toBe(404);
    expect((await call("GET", "/wallets/acme:u1")).status).toBe(404);
    const alice = await call("PUT", "/wallets/alice", { as: key });
    expect([alice.status, alice.body.userId]).toEqual([201, "acme:alice"]);
    const foreign = await call("PUT", "/wallets/allinone:alice", { as: key });
    expect([foreign.status, foreign.body.code]).toEqual([400, "invalid_user_id"]);
  });

  it("lets a user read only its own wallet", async () => {
    const { call, login } = await useV1();
    const as = await login("alice");
    expect((await call("GET", "/wallets/alice", { as })).body.userId).toBe("alice");
    expect((await call("GET", "/wallets/bob", { as })).status).toBe(404);
  });

  it("answers the balance as it was at a time", async () => {
    const { call } = await useV1();
    const before = (await call("GET", COINS)).body;
    const opened = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const pay = { from: "alice", to: "bob", currency: "game_coins", amount: "100" };
    await call("POST", "/transfers", { body: pay });
    const then = await call("GET", `${COINS}/balance?at=${opened}`);
    expect(then.body).toEqual({ currency: "game_coins", balance: before.balance, at: opened });
    const epoch = await call("GET", `${COINS}/balance?at=1970-01-01T00:00:00Z`);
    expect(epoch.body.balance).toBe("0");
    expect((await call("GET", COINS)).body).toMatchObject({ balance: "900", version: "2" });
  });
});

describe("304 and 412", () => {
  it("answers 304 while nothing has changed", async () => {
    const { call } = await useV1();
    for (const path of ["/wallets/alice", COINS]) {
      const first = await call("GET", path);
      const headers = { "if-none-match": String(first.headers["etag"]) };
      expect((await call("GET", path, { headers })).status).toBe(304);
    }
  });

  it("posts with If-Match only while the account is as it was read", async () => {
    const { call } = await useV1();
    const etag = String((await call("GET", COINS)).headers["etag"]);
    const body = { from: "alice", to: "bob", currency: "game_coins", amount: "100" };
    const headers = { "if-match": etag };
    expect((await call("POST", "/transfers", { body, headers })).status).toBe(201);
    const stale = await call("POST", "/transfers", { body, headers });
    expect([stale.status, stale.body.code]).toEqual([412, "precondition_failed"]);
    // C5: a proxy that compresses replies makes the ETag weak, or adds the encoding to it.
    const now = String((await call("GET", COINS)).headers["etag"]);
    const weak = { "if-match": `W/${now}` };
    expect((await call("POST", "/transfers", { body, headers: weak })).status).toBe(201);
    expect((await call("POST", "/transfers", { body, headers: weak })).status).toBe(412);
    const later = String((await call("GET", COINS)).headers["etag"]);
    const suffixed = { "if-match": `${later.slice(0, -1)}-gzip"` };
    expect((await call("POST", "/transfers", { body, headers: suffixed })).status).toBe(201);
    const nonsense = await call("POST", "/transfers", { body, headers: { "if-match": '"x"' } });
    expect(nonsense.status).toBe(412);
  });
});

describe("403", () => {
  it("names the scope that a key lacks", async () => {
    const { call, database } = await useV1();
    const { key } = await createPlatformKey(database.db, {
      platform: "allinone",
      scopes: ["wallets:read"],
    });
    const reply = await call("PUT", "/wallets/dave", { as: key });
    expect([reply.status, reply.body.code, reply.body.scope]).toEqual([
      403,
      "scope_missing",
      "wallets:write",
    ]);
  });

  it("keeps users away from what is for platforms", async () => {
    const { call, login } = await useV1();
    const reply = await call("PUT", "/wallets/dave", { as: await login("alice") });
    expect([reply.status, reply.body.code]).toEqual([403, "forbidden"]);
  });
});

describe("409", () => {
  it("never takes over a native player or another platform's user", async () => {
    const { call, database } = await useV1();
    await database.db.query(
      `insert into public.players (id, nickname, preferences) values ('p1', 'P', '{"platform":"newday"}')`,
    );
    const reply = await call("PUT", "/wallets/p1");
    expect([reply.status, reply.body.code]).toEqual([409, "wallet_exists"]);
  });
});

describe("409 for a user that another platform has just brought", () => {
  it("is told to the second caller, however close together they were", async () => {
    const { database } = await useV1();
    const { db } = database;
    const first = await db.connect("first");
    await first.query("begin");
    await claimUser(first, {
      userId: "bob",
      platform: { name: "newday", hasBareIds: true },
      displayName: "Bob",
    });
    const second = claimUser(db, {
      userId: "bob",
      platform: { name: "allinone", hasBareIds: true },
      displayName: "Bob",
    });
    const refused = expect(second).rejects.toMatchObject({ code: "wallet_exists" });
    await expect
      .poll(() =>
        db.query(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock'
            and query like 'insert into newday.users%' and datname = current_database()`,
        ),
      )
      .toHaveLength(1);
    await first.query("commit");
    await refused;
    await first.close();
  });
});

describe("409 for an unclaimed wallet", () => {
  it("keeps it with AllinONE, whose bare ids always meant its users", async () => {
    const { call, app, database } = await useV1();
    await app.inject("/api/shared/wallet/walk-in");
    const wanted = { platform: "direct", scopes: ["wallets:write", "wallets:read"] };
    const { key } = await createPlatformKey(database.db, wanted);
    const taken = await call("PUT", "/wallets/walk-in", { as: key });
    expect([taken.status, taken.body.code]).toEqual([409, "wallet_exists"]);
    expect((await call("GET", "/wallets/walk-in", { as: key })).status).toBe(404);
    expect((await call("PUT", "/wallets/walk-in")).status).toBe(200);
  });
});

describe("429", () => {
  it("answers a flood in production with a problem and Retry-After", async () => {
    const { app } = await useV1("pg18", {
      NEWDAY_MODE: "production",
      NEWDAY_PLATFORM_SECRETS: `allinone=${"s".repeat(40)}`,
    });
    let last = await app.inject("/api/v1/currencies");
    for (let sent = 1; sent < 2_000 && last.statusCode === 200; sent++)
      last = await app.inject("/api/v1/currencies");
    expect(last.statusCode).toBe(429);
    expect(last.headers["content-type"]).toContain("application/problem+json");
    expect(last.headers["retry-after"]).toBeDefined();
    expect(last.json<{ code: string }>().code).toBe("rate_limited");
  });
});

describe("freezing and closing", () => {
  it("freezes each direction, and unfreezes", async () => {
    const { call } = await useV1();
    const pay = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
    const body = { debits: true, credits: false };
    const frozen = await call("POST", `${COINS}/freeze`, { body });
    expect(frozen).toMatchObject({
      status: 201,
      body: { frozen: { debits: true, credits: false } },
    });
    const refused = await call("POST", "/transfers", { body: pay });
    expect([refused.status, refused.body.code]).toEqual([403, "account_frozen"]);
    await call("POST", `${COINS}/freeze`, { body: { debits: false, credits: false } });
    expect((await call("POST", "/transfers", { body: pay })).status).toBe(201);
  });

  it("closes only an empty account, and reopens it", async () => {
    const { call } = await useV1();
    expect((await call("POST", `${COINS}/close`)).body.code).toBe("account_not_empty");
    const all = { from: "alice", to: "bob", currency: "game_coins", maximum: "9999" };
    const drained = await call("POST", "/transfers/up-to", { body: all });
    expect(drained.body.result).toEqual({ amount: "1000" });
    expect((await call("POST", `${COINS}/close`)).body.closed).toBe(true);
    const pay = { from: "bob", to: "alice", currency: "game_coins", amount: "1" };
    const refused = await call("POST", "/transfers", { body: pay });
    expect([refused.status, refused.body.code]).toEqual([409, "account_closed"]);
    expect((await call("POST", `${COINS}/reopen`)).body.closed).toBe(false);
    const empty = await call("POST", "/transfers/up-to", { body: all });
    expect([empty.status, empty.body.code]).toEqual([409, "nothing_to_move"]);
  });
});
