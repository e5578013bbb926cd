/**
 * H5: starter coins are pressed for another user. 200 wallets, opened by a platform's key and by anonymous reads,
 * try every path on which money or items change hands; nothing arrives.
 */
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import {
  caller,
  logInAsExternalUser,
  potion,
  ADD,
  LIST,
  PURCHASE,
  TRANSFER,
} from "../support/market.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { onTestFinished } from "../support/test-end.ts";
import { callerOf, type TestV1 } from "../http/v1/support.ts";

const SECRET = "a secret of a platform that is long enough";
const SECRETS = { NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET}` };
const MODES = {
  sandbox: SECRETS,
  production: { NEWDAY_MODE: "production", ...SECRETS },
};
/** By a key, and as many by anonymous reads. */
const WALLETS_EACH = 100;
const COIN = "game_coins";
const COLLECTOR = "collector";

interface Attack extends TestApp {
  readonly call: TestV1["call"];
  /** Opened for the attack; the collector is not among them. */
  readonly victims: readonly string[];
}

async function useAttack(mode: keyof typeof MODES): Promise<Attack> {
  const test = await useTestApp({ env: MODES[mode] });
  onTestFinished(() => expectSound(test.database.db));
  const scopes = scopesFor("platform").filter((scope) => scope !== "mint");
  const { key } = await createPlatformKey(test.database.db, { platform: "allinone", scopes });
  const call = callerOf(test, key);
  const byKey = numbered("by-key");
  const byRead = numbered("by-read");
  const opened = await Promise.all([
    ...[COLLECTOR, ...byKey].map((userId) => call("PUT", `/wallets/${userId}`, { key: null })),
    ...byRead.map((userId) => readShared(test, userId)),
  ]);
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([200, 201]));
  return { ...test, call, victims: [...byKey, ...byRead] };
}

function numbered(name: string): string[] {
  return Array.from({ length: WALLETS_EACH }, (_, index) => `${name}-${index}`);
}

async function readShared({ app }: Pick<TestApp, "app">, userId: string) {
  const reply = await app.inject({ url: `/api/shared/wallet/${userId}` });
  return { status: reply.statusCode, body: reply.json() };
}

async function assertionOf(sub: string): Promise<string> {
  return new SignJWT({ jti: crypto.randomUUID(), sub, iss: "allinone", aud: "newday" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(SECRET));
}

async function prove({ app }: Pick<TestApp, "app">, userId: string): Promise<string> {
  const payload = { allinoneUserId: userId, assertion: await assertionOf(userId) };
  const reply = await app.inject({ method: "POST", url: "/api/allinone/auth/login", payload });
  return reply.json().token;
}

/** Coins that any user may send, and items that any user may pass on. */
async function movable({ database: { db } }: Pick<TestApp, "database">) {
  const [row] = await db.query<{ coins: bigint; items: bigint }>(
    `select (select coalesce(sum(a.balance - a.locked), 0)::bigint from newday.accounts a
        join newday.ledger_wallets w on w.number = a.id >> 16 where w.role is null) as coins,
      (select count(*) from newday.items where not locked and obtained_from = 'marketplace') as items`,
  );
  return row;
}

/** The cheapest listing of the official shop. */
async function shopListing({ call }: Pick<Attack, "call">): Promise<string> {
  const { body } = await call("GET", "/catalogue?sort=price_asc&currency=game_coins&limit=1");
  return body.data[0].id;
}

function codesOf(replies: readonly { readonly body: { readonly code?: string } }[]) {
  return new Set(replies.map(({ body }) => body.code));
}

describe.each(["sandbox", "production"] as const)("H5 in %s", (mode) => {
  it("collects no coin by transfers, bulk, legs, holds, exchange or a purchase of own junk", async () => {
    const { call, victims, ...test } = await useAttack(mode);
    const to = COLLECTOR;
    const each = (path: string, bodyOf: (userId: string) => object, among = victims) =>
      Promise.all(among.map((userId) => call("POST", path, { body: bodyOf(userId) })));

    const transfers = await each("/transfers", (from) => ({
      from,
      to,
      currency: COIN,
      amount: "1000",
    }));
    expect(codesOf(transfers)).toEqual(new Set(["coins_locked"]));
    const some = victims.filter((_, index) => index % 20 === 0);
    const one = { currency: COIN, amount: "1" };
    const paths = await Promise.all([
      each("/transfers", (from) => ({ from, to, ...one }), some),
      each("/holds", (from) => ({ from, to, ...one }), some),
      each(
        "/exchanges",
        (userId) => ({ userId, from: COIN, to: "allinone_coins", amount: "1" }),
        some,
      ),
    ]);
    expect(codesOf(paths.flat())).toEqual(new Set(["coins_locked"]));
    const upTo = await each(
      "/transfers/up-to",
      (from) => ({ from, to, currency: COIN, maximum: "1000" }),
      some,
    );
    expect(codesOf(upTo)).toEqual(new Set(["nothing_to_move"]));
    const bulk = some.map((from) => ({ from, to, ...one }));
    for (const sent of ["atomic", "independent"])
      expect(
        (await call("POST", "/transfers/bulk", { body: { mode: sent, transfers: bulk } })).body,
      ).not.toMatchObject({
        posted: bulk.length,
      });
    const legs = [
      ...some.map((userId) => ({ userId, currency: COIN, amount: "-1" })),
      { userId: to, currency: COIN, amount: `${some.length}` },
    ];
    expect((await call("POST", "/transfers/legs", { body: { legs } })).body.code).toBe(
      "coins_locked",
    );

    const junk = { userId: to, name: "junk", type: "material", quantity: 50 };
    const granted = await call("POST", "/items/grants", { body: junk });
    const listing = await call("POST", "/listings", {
      body: { itemId: granted.body.item.id, quantity: 50, prices: { [COIN]: "100" } },
    });
    const bought = await each(
      "/purchases",
      (userId) => ({ userId, listingId: listing.body.id }),
      some,
    );
    expect(codesOf(bought)).toEqual(new Set(["coins_locked"]));

    const price = { currency: COIN, amount: "10" };
    const item = { name: "junk", type: "material" };
    const own = await call("POST", "/stock", { body: { item, price } });
    expect(own.status).toBe(201);
    const pressed = await each(
      "/purchases",
      (userId) => ({ userId, listingId: own.body.id, currency: COIN, price: "10" }),
      some,
    );
    expect(codesOf(pressed)).toEqual(new Set(["coins_locked"]));
    expect((await call("GET", `/stock/${own.body.id}`)).body.sold).toBe(0);

    expect(await movable(test)).toEqual({ coins: 0n, items: 0n });
    expect((await call("GET", `/wallets/${to}/accounts/${COIN}`)).body).toMatchObject({
      balance: "1000",
      locked: "1000",
      available: "0",
    });
  });

  it("passes on nothing that the shop sold for starter coins", async () => {
    const { call, victims, ...test } = await useAttack(mode);
    const [userId = ""] = victims;
    const listingId = await shopListing({ call });
    const bought = await call("POST", "/purchases", { body: { userId, listingId, quantity: 2 } });
    expect(bought.status).toBe(201);
    const { itemId } = bought.body;
    const account = (await call("GET", `/wallets/${userId}/accounts/${COIN}`)).body;
    expect(account.locked).toBe(account.balance);
    const item = (await call("GET", `/items/${itemId}`)).body;
    expect(item).toMatchObject({ userId, locked: true, quantity: 2 });

    const recipe = (prices: object) => ({
      name: "from junk",
      inputs: [{ definitionId: item.definitionId, quantity: 1 }],
      prices,
      outputs: [{ item: { name: "made of it", type: "material" }, quantity: 1 }],
    });
    await call("PUT", "/recipes/paid", { key: null, body: recipe({ [COIN]: "1" }) });
    await call("PUT", "/recipes/free", { key: null, body: recipe({}) });
    const crafted = await call("POST", "/recipes/free/crafts", { body: { userId } });
    expect(crafted.status).toBe(201);
    const made = crafted.body.made[0].itemId;
    const refused = [
      await call("POST", `/items/${itemId}/gifts`, { body: { to: COLLECTOR } }),
      await call("POST", "/listings", { body: { itemId, prices: { [COIN]: "1" } } }),
      await call("POST", `/items/${itemId}/exports`, { body: { platform: "moon" } }),
      await call("POST", `/items/${made}/gifts`, { body: { to: COLLECTOR } }),
      await call("POST", "/listings", { body: { itemId: made, prices: { [COIN]: "1" } } }),
      await call("POST", `/items/${made}/exports`, { body: { platform: "moon" } }),
    ];
    expect(refused.map(({ body }) => body.code)).toEqual(refused.map(() => "item_locked"));
    const paid = await call("POST", "/recipes/paid/crafts", { body: { userId } });
    expect(paid.body.code).toBe("coins_locked");
    const refund = await call("POST", `/transfers/${bought.body.transferId}/refunds`, { body: {} });
    expect(refund.body.code).toBe("transfer_not_found");
    expect(await movable(test)).toEqual({ coins: 0n, items: 0n });

    const exported = await call("POST", `/items/${itemId}/exports`, {
      body: { platform: "allinone" },
    });
    expect(exported.body.item).toMatchObject({ state: "exported", locked: true });
    const returned = await call("POST", `/items/${itemId}/returns`, { body: {} });
    expect(returned.body.item).toMatchObject({ state: "owned", locked: true });
  });

  it("lets a verified user pass on what is left, and the items too", async () => {
    const { call, victims, app } = await useAttack(mode);
    const [userId = "", other = ""] = victims;
    const listingId = await shopListing({ call });
    const { itemId } = (await call("POST", "/purchases", { body: { userId, listingId } })).body;
    await prove({ app }, userId);
    const account = (await call("GET", `/wallets/${userId}/accounts/${COIN}`)).body;
    expect(account).toMatchObject({ locked: "0", available: account.balance });
    const amount = account.balance as string;
    const paid = await call("POST", "/transfers", {
      body: { from: userId, to: COLLECTOR, currency: COIN, amount },
    });
    expect(paid.status).toBe(201);
    const given = await call("POST", `/items/${itemId}/gifts`, { body: { to: COLLECTOR } });
    expect(given.body.item).toMatchObject({ userId: COLLECTOR, locked: false });

    await prove({ app }, other);
    const granted = (await call("GET", `/wallets/${other}/accounts/${COIN}`)).body;
    expect(granted).toMatchObject({
      balance: "1000",
      locked: "0",
      available: "1000",
      version: "1",
    });
  });

  it("shows 1000 / 0 / 0 to a reader and posts no grant for it", async () => {
    const test = await useTestApp({ env: MODES[mode] });
    for (const isNewWallet of [true, false])
      expect((await readShared(test, "only-looked-at")).body).toMatchObject({
        gameCoins: 1000,
        cashBalance: 0,
        computingPower: 0,
        isNewWallet,
      });
    const [row] = await test.database.db.query(
      "select count(*) as grants from newday.transfers where kind = 'starter_grant'",
    );
    expect(row).toEqual({ grants: 0n });
  });
});

describe("H5 by logins without a proof", () => {
  it("gives, lists and pays nothing away on the older surfaces", async () => {
    const test = await useTestApp();
    onTestFinished(() => expectSound(test.database.db));
    const [poor, rich] = await Promise.all([
      logInAsExternalUser(test, "poor-1"),
      logInAsExternalUser(test, "rich-1"),
    ]);
    const market = await poor.get("/api/allinone/market/items?platform=newday");
    const bought = await poor.post(PURCHASE, {
      itemId: market.body.items[0].id,
      currencyType: "gameCoins",
    });
    expect(bought.status).toBe(200);
    const itemId = bought.body.item.id as string;
    const attempts = [
      await poor.post(TRANSFER, { itemId, targetUserId: "rich-1", quantity: 1 }),
      await poor.post(LIST, {
        itemId,
        name: bought.body.item.name,
        platform: "newday",
        itemType: bought.body.item.type,
        price: { gameCoins: 1 },
      }),
    ];
    expect(attempts.map(({ status, body }) => [status, body.code])).toEqual(
      attempts.map(() => [403, "ITEM_LOCKED"]),
    );
    const listed = await rich.post(LIST, {
      name: "集成测试道具",
      platform: "newday",
      itemType: "material",
      price: { gameCoins: 900 },
    });
    expect(listed.status).toBe(201);
    const junk = await poor.post(PURCHASE, {
      itemId: listed.body.item.id,
      currencyType: "gameCoins",
    });
    expect([junk.status, junk.body.code]).toEqual([403, "COINS_LOCKED"]);
    const reward = await caller(test, "poor-1").post("/api/wallet/reward", {
      userId: "rich-1",
      amount: 1000,
      currency: "gameCoins",
    });
    expect(reward.status).toBe(401);
    const away = await poor.post(TRANSFER, { itemId, targetPlatform: "allinone", quantity: 1 });
    expect(away.status).toBe(200);
    expect((await poor.post(ADD, potion({ itemId }))).status).toBe(409);
  });
});

describe("the budget of starter grants", () => {
  it("refuses by name when it is spent, and spends own coins all the same", async () => {
    const { call, victims, database } = await useAttack("sandbox");
    await database.db.query(
      "update newday.platforms set starter_budget_per_day = 2000 where name = 'allinone'",
    );
    const listingId = await shopListing({ call });
    const buy = (userId: string) =>
      call("POST", "/purchases", { key: `buy ${userId}`, body: { userId, listingId } });
    const replies = await Promise.all(victims.slice(0, 5).map(buy));
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201, 201, 409, 409, 409,
    ]);
    const refused = replies.filter(({ status }) => status === 409);
    expect(codesOf(refused)).toEqual(new Set(["starter_budget_spent"]));

    // The key is free: the same request is posted once the budget is there.
    await database.db.query(
      "update newday.platforms set starter_budget_per_day = 9000 where name = 'allinone'",
    );
    const again = await Promise.all(victims.slice(0, 5).map(buy));
    expect(again.map(({ status }) => status)).toEqual(again.map(() => 201));
  });

  it("shows what would hold: an unfunded claim is available to nothing", async () => {
    const test = await useAttack("sandbox");
    const { call, victims, database } = test;
    const [unverified = "", verified = ""] = victims;
    await prove(test, verified);
    const set = (budget: number) =>
      database.db.query(
        "update newday.platforms set starter_budget_per_day = $1 where name = 'allinone'",
        [budget],
      );
    const read = async (userId: string) => {
      const { body, headers } = await call("GET", `/wallets/${userId}/accounts/${COIN}`);
      const { balance, available, locked, unfunded } = body;
      return { shown: { balance, available, locked, unfunded }, etag: headers["etag"] };
    };
    await set(2_000);
    const before = await read(unverified);
    expect(before.shown).toEqual({
      balance: "1000",
      available: "0",
      locked: "1000",
      unfunded: "0",
    });
    await set(0);
    const after = await read(unverified);
    expect(after.shown).toEqual({ balance: "1000", available: "0", locked: "0", unfunded: "1000" });
    expect(after.etag).not.toBe(before.etag);
    const listed = (await call("GET", `/wallets/${unverified}`)).body.accounts;
    expect(listed).toContainEqual(expect.objectContaining(after.shown));
    const listingId = await shopListing({ call });
    const refused = await call("POST", "/purchases", { body: { userId: unverified, listingId } });
    expect(refused.body.code).toBe("starter_budget_spent");
    // Their grant was posted with the proof.
    expect((await read(verified)).shown).toMatchObject({ available: "1000", unfunded: "0" });
    expect((await readShared(test, unverified)).body).toMatchObject({ gameCoins: 1000 });
  });
});
