/** What a frozen user tries against a server in production mode, and what is tried with their things. */
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { useTestApp } from "../support/app.ts";
import { caller, INVENTORY } from "../support/market.ts";
import { addTestPlatform, TEST_KEY } from "../support/platforms.ts";
import { useV1, type TestV1 } from "../http/v1/support.ts";

const SECRET = "a secret of a platform that is long enough";
const ENV = {
  ...TEST_KEY,
  NEWDAY_MODE: "production",
  NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET}`,
};
const FREEZE = "/users/alice/freeze";
const UNFREEZE = "/users/alice/unfreeze";
const REASON = { reason: "sold coins for money" };

async function logIn({ app }: Pick<TestV1, "app">, userId: string) {
  const assertion = await new SignJWT({ jti: crypto.randomUUID(), sub: userId })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer("allinone")
    .setAudience("newday")
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(SECRET));
  return caller({ app }, userId).post("/api/allinone/auth/login", { userId, assertion });
}

/** Alice with a stack of three and a listing of one, and keys of an operator and of another platform. */
async function useFrozenAlice() {
  const test = await useV1("pg18", ENV);
  const { db } = test.database;
  const operator = await createPlatformKey(db, {
    platform: "newday",
    role: "operator",
    scopes: scopesFor("operator"),
  });
  await addTestPlatform(db, "acme");
  const other = await createPlatformKey(db, { platform: "acme", scopes: scopesFor("platform") });
  const grant = { userId: "alice", name: "potion", type: "consumable", rarity: "common" };
  const granted = await test.call("POST", "/items/grants", { body: { ...grant, quantity: 4 } });
  const itemId: string = granted.body.item.id;
  const listing = { itemId, quantity: 1, prices: { game_coins: "10" } };
  const listed = await test.call("POST", "/listings", { body: listing });
  const token: string = (await logIn(test, "alice")).body.token;
  return { ...test, operator: operator.key, other: other.key, itemId, listed, grant, token };
}

const PAY = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
const LEGS = [
  { userId: "bob", currency: "game_coins", amount: "-1" },
  { userId: "alice", currency: "game_coins", amount: "1" },
];

describe("A frozen user in production", () => {
  it("has no session in any process, and every surface says who, why and until when", async () => {
    const test = await useFrozenAlice();
    const second = await useTestApp({ database: test.database, env: ENV });
    const here = caller(test, "alice", test.token);
    const there = caller(second, "alice", test.token);
    expect([await here.get(INVENTORY), await there.get(INVENTORY)]).toMatchObject([
      { status: 200 },
      { status: 200 },
    ]);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const frozen = await test.call("POST", FREEZE, { body: { ...REASON, until } });
    expect(frozen).toMatchObject({ status: 201, body: { platform: { ...REASON, until } } });
    await expect.poll(async () => (await there.get(INVENTORY)).status).toBe(403);
    expect(await here.get(INVENTORY)).toMatchObject({
      status: 403,
      body: { success: false, errorCode: "USER_FROZEN" },
    });
    const v1 = await test.call("GET", "/wallets/alice", { as: test.token });
    expect(v1.body).toMatchObject({ code: "user_frozen", frozenBy: "platform", ...REASON, until });
    const login = await logIn(test, "alice");
    expect(login.status).toBe(403);
    expect(JSON.stringify(login.body)).toContain(REASON.reason);
    expect((await test.call("POST", UNFREEZE, { body: REASON })).status).toBe(201);
    await expect.poll(async () => (await there.get(INVENTORY)).status).toBe(200);
    expect((await here.get(INVENTORY)).status).toBe(200);
  });

  it("moves nothing by the platform's key, and nothing of theirs is bought", async () => {
    const { call, key, other, itemId, listed, grant } = await useFrozenAlice();
    const held = await call("POST", "/holds", {
      body: { ...PAY, amount: "5" },
    });
    const onSale = async () => (await call("GET", "/listings?sellerId=alice")).body.data;
    expect(await onSale()).toHaveLength(1);
    expect((await call("POST", FREEZE, { body: REASON })).status).toBe(201);
    expect(await onSale()).toEqual([]);
    const listingId: string = listed.body.id;
    const seen = async (as: string) => (await call("GET", `/listings/${listingId}`, { as })).body;
    expect((await seen(key)).status).toBe("frozen");
    expect((await seen(other)).code).toBe("item_not_found");
    const item = `/items/${itemId}`;
    const tries: [string, object][] = [
      ["/transfers", PAY],
      ["/transfers", { ...PAY, from: "bob", to: "alice" }],
      ["/transfers/legs", { legs: LEGS }],
      ["/holds", { ...PAY, amount: "5" }],
      [`/holds/${held.body.id}/captures`, {}],
      [`${item}/gifts`, { to: "bob" }],
      [`${item}/exports`, { platform: "allinone" }],
      ["/listings", { itemId, quantity: 1, prices: { game_coins: "1" } }],
      ["/items/grants", { ...grant, quantity: 1 }],
      ["/purchases", { userId: "bob", listingId }],
      ["/purchases", { userId: "alice", listingId: "nd_market_magnifier" }],
    ];
    for (const [path, body] of tries) {
      const reply = await call("POST", path, { body });
      expect([path, reply.status, reply.body.code]).toEqual([path, 403, "user_frozen"]);
      expect(JSON.stringify(reply.body)).not.toContain(REASON.reason);
    }
    expect((await call("POST", `/holds/${held.body.id}/void`, { body: {} })).status).toBe(201);
    const cancelled = await call("POST", `/listings/${listingId}/cancel`, { body: {} });
    expect(cancelled.status).toBe(201);
    expect((await call("POST", UNFREEZE, { body: REASON })).status).toBe(201);
    expect((await call("POST", "/transfers", { body: PAY })).status).toBe(201);
    expect((await call("POST", `${item}/gifts`, { body: { to: "bob" } })).status).toBe(201);
  });

  it("is frozen and freed by each side for itself, by no other platform", async () => {
    const { call, operator, other } = await useFrozenAlice();
    expect((await call("POST", FREEZE, { as: other, body: REASON })).status).toBe(404);
    expect((await call("GET", FREEZE, { as: other })).status).toBe(404);
    expect((await call("POST", FREEZE, { as: operator, body: REASON })).status).toBe(201);
    const lifted = await call("POST", UNFREEZE, { body: REASON });
    expect(lifted.body.code).toBe("already_so");
    expect((await call("POST", "/transfers", { body: PAY })).body).toMatchObject({
      code: "user_frozen",
      frozenBy: "operator",
    });
    expect((await call("GET", FREEZE)).body).toMatchObject({
      userId: "alice",
      platform: null,
      operator: { debits: true, credits: true, ...REASON, until: null },
    });
    const twice = { as: operator, body: REASON, key: "unfreeze-once" };
    const replies = [await call("POST", UNFREEZE, twice), await call("POST", UNFREEZE, twice)];
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
  });
});
