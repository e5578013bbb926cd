/** What is left of a suspended platform to other platforms, and holds under consents that were revoked. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { resumePlatform, suspendPlatform } from "../../src/identity/platforms/platform-changes.ts";
import { setMinter } from "../../src/ledger/currencies/define-currencies.ts";
import { expectSound } from "../support/ledger.ts";
import { BY_TEST, TEST_KEY_SOURCE } from "../support/platforms.ts";
import { openForFile } from "../support/test-end.ts";
import { useLinks, type TestLinks } from "../support/links.ts";

let test: TestLinks;
let close: () => Promise<void>;
const keys = { moon: "", steam: "", operator: "" };
const COINS = { currency: "game_coins" };
const WEEK_MS = 7 * 86_400_000;

beforeAll(async () => {
  close = await openForFile(async () => {
    test = await useLinks();
  });
  const { db } = test.database;
  keys.moon = await test.keyOf("moon");
  keys.steam = await test.keyOf("steam");
  const operator = { platform: "newday", role: "operator", scopes: scopesFor("operator") } as const;
  keys.operator = (await createPlatformKey(db, operator)).key;
  const context = { operator: "ops", reason: "a season", dryRun: false };
  await setMinter(db, context, { code: "game_coins", platform: "allinone", allowed: true });
  for (const [as, userId] of [
    [keys.moon, "moon:ada"],
    [keys.steam, "steam:sam"],
  ] as const) {
    await test.call("PUT", `/wallets/${userId}`, { as, body: {} });
    await test.call("POST", "/mints", {
      as: keys.operator,
      body: { userId, ...COINS, amount: "100" },
    });
  }
  const consent = { platform: "steam", ...COINS, perDay: "50", verbs: ["transfer", "hold"] };
  const body = { ...consent, reason: "play" };
  await test.call("POST", "/wallets/moon:ada/consents", { as: keys.moon, body });
}, 60_000);

afterAll(async () => {
  await expectSound(test.database.db);
  await close();
});

const PULL = { from: "moon:ada", to: "steam:sam", ...COINS, amount: "1" };

it("a suspended platform sells nothing, and no other platform pulls from its users", async () => {
  const { db } = test.database;
  const stock = {
    item: { name: "月光剑", type: "weapon" },
    price: { ...COINS, amount: "10" },
    buyers: "all",
  };
  const sold = await test.call("POST", "/stock", { as: keys.moon, body: stock });
  expect(sold.status).toBe(201);
  const listingId: string = sold.body.id;
  const purchase = { userId: "steam:sam", listingId, ...COINS, price: "10" };
  const asked = (as: string) => ({
    list: () => test.call("GET", "/stock?platform=moon", { as }),
    one: () => test.call("GET", `/stock/${listingId}`, { as }),
    buy: () => test.call("POST", "/purchases", { as, body: purchase }),
    pull: () => test.call("POST", "/transfers", { as, body: PULL }),
    hold: () => test.call("POST", "/holds", { as, body: PULL }),
  });
  const { list, one, buy, pull, hold } = asked(keys.steam);
  expect([(await buy()).status, (await pull()).status]).toEqual([201, 201]);
  await suspendPlatform(db, { ...BY_TEST, reason: "an attack" }, TEST_KEY_SOURCE, "moon");
  await expect.poll(async () => (await buy()).body.code).toBe("platform_suspended");
  expect((await list()).body.data).toEqual([]);
  expect((await one()).body.code).toBe("item_not_found");
  for (const refused of [await pull(), await hold()])
    expect(refused).toMatchObject({
      status: 403,
      body: { code: "platform_suspended", platform: "moon" },
    });
  expect((await asked(keys.operator).list()).body.data).toHaveLength(1);
  expect((await asked(keys.operator).one()).status).toBe(200);
  await resumePlatform(db, BY_TEST, TEST_KEY_SOURCE, "moon");
  await expect.poll(async () => (await buy()).status).toBe(201);
  expect((await list()).body.data).toHaveLength(1);
  expect((await pull()).status).toBe(201);
});

it("a hold under a consent ends after seven days at most", async () => {
  const hold = (as: string, expiresAt?: Date) =>
    test.call("POST", "/holds", {
      as,
      body: { ...PULL, ...(expiresAt && { expiresAt: expiresAt.toISOString() }) },
    });
  const inMs = (ms: number) => new Date(Date.now() + ms);
  const opened = await hold(keys.steam);
  const end = Date.parse(opened.body.expiresAt);
  expect(Math.abs(end - Date.now() - WEEK_MS)).toBeLessThan(60_000);
  const tomorrow = inMs(86_400_000);
  expect((await hold(keys.steam, tomorrow)).body.expiresAt).toBe(tomorrow.toISOString());
  expect((await hold(keys.steam, inMs(WEEK_MS + 60_000))).body).toMatchObject({
    code: "invalid_field",
    field: "expiresAt",
  });
  const body = { from: "moon:ada", ...COINS, amount: "1" };
  const own = await test.call("POST", "/holds", { as: keys.moon, body });
  expect(own.body.expiresAt).toBeNull();
});

const held = async (as: string, id: string) =>
  (await test.call("GET", `/holds/${id}`, { as, key: null })).body;

it("captures of holds from before a suspension are refused until it ends, and repeated ones answer alike", async () => {
  const { db } = test.database;
  const hold = async (body: object = PULL) => {
    const { id } = (await test.call("POST", "/holds", { as: keys.steam, body })).body;
    return String(id);
  };
  const capture = (id: string, key: string) =>
    test.call("POST", `/holds/${id}/captures`, { as: keys.steam, body: {}, key });
  const pull = (key: string) =>
    test.call("POST", "/transfers", { as: keys.steam, body: PULL, key });
  const [taken, open, given] = [await hold(), await hold(), await hold()];
  const firsts = [await capture(taken, "taken"), await pull("pulled")];
  expect(firsts.map(({ status }) => status)).toEqual([201, 201]);
  await suspendPlatform(db, { ...BY_TEST, reason: "an attack" }, TEST_KEY_SOURCE, "moon");
  // A new key each time: one that was posted before the suspension was seen repeats its outcome.
  const pullAnew = async () => (await pull(randomUUID())).body.code;
  await expect.poll(pullAnew).toBe("platform_suspended");
  expect((await capture(open, "open")).body).toMatchObject({ code: "platform_suspended" });
  const again = [await capture(taken, "taken"), await pull("pulled")];
  expect(again.map(({ body }) => body)).toEqual(
    firsts.map(({ body }) => ({ ...body, replayed: true })),
  );
  // The money goes back to its owner at any time.
  const voided = await test.call("POST", `/holds/${given}/void`, { as: keys.steam, body: {} });
  expect(voided.body.state).toBe("voided");
  await resumePlatform(db, BY_TEST, TEST_KEY_SOURCE, "moon");
  await expect.poll(async () => (await capture(open, "open")).status).toBe(201);
});

it("a suspended platform captures nothing; its holds end by the payer's side or by themselves", async () => {
  const { db } = test.database;
  const { id } = (await test.call("POST", "/holds", { as: keys.steam, body: PULL })).body;
  await suspendPlatform(db, { ...BY_TEST, reason: "an attack" }, TEST_KEY_SOURCE, "steam");
  const capture = () =>
    test.call("POST", `/holds/${id}/captures`, { as: keys.steam, body: {}, key: null });
  await expect.poll(async () => (await capture()).body.code).toBe("platform_suspended");
  expect(await held(keys.moon, id)).toMatchObject({ state: "open", remaining: "1" });
  const voided = await test.call("POST", `/holds/${id}/void`, { as: keys.moon, body: {} });
  expect(voided.body.state).toBe("voided");
  await resumePlatform(db, BY_TEST, TEST_KEY_SOURCE, "steam");
});

it("a revocation gives back what is on hold; an open consent's hold is no user's to void", async () => {
  const ada = await test.tokenOf("moon", "ada");
  const hold = async (as: string, body: object = PULL) =>
    String((await test.call("POST", "/holds", { as, body })).body.id);
  const ids = [await hold(keys.steam), await hold(keys.steam)];
  const ownBody = { from: "moon:ada", ...COINS, amount: "1" };
  const own = await hold(keys.moon, ownBody);
  const part = { amount: "1", final: false };
  const voidAs = (as: string, id: string) =>
    test.call("POST", `/holds/${id}/void`, { as, body: {} });
  for (const id of [...ids, own])
    expect((await voidAs(ada, id)).body).toMatchObject({ code: "forbidden", field: "id" });
  expect((await voidAs(await test.tokenOf("moon", "eve"), ids[0] ?? "")).status).toBe(404);
  const revoke = () =>
    test.call("POST", "/wallets/moon:ada/consents/revoke", {
      as: ada,
      body: { platform: "steam", ...COINS, reason: "enough" },
    });
  expect((await revoke()).body.state).toBe("revoked");
  for (const id of ids)
    expect(await held(ada, id)).toMatchObject({ state: "voided", remaining: "0" });
  expect((await held(ada, own)).state).toBe("open");
  const late = await test.call("POST", `/holds/${ids[0]}/captures`, { as: keys.steam, body: part });
  expect(late.body.code).toBe("hold_not_open");
  expect((await revoke()).body.code).toBe("already_so");
});

it("after a consent has ended its holds are captured no more, and the user voids them", async () => {
  const { db } = test.database;
  const ada = await test.tokenOf("moon", "ada");
  const consent = (body: object) =>
    test.call("POST", "/wallets/moon:ada/consents", {
      as: keys.moon,
      body: { platform: "steam", ...COINS, perDay: "50", verbs: ["hold"], reason: "play", ...body },
    });
  await consent({});
  const opened = await test.call("POST", "/holds", {
    as: keys.steam,
    body: { ...PULL, amount: "2" },
  });
  const id: string = opened.body.id;
  await consent({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
  const soon = "update newday.consents set expires_at = now(), revision = revision + 1";
  await db.query(`${soon} where platform = 'steam'`);
  const late = await test.call("POST", `/holds/${id}/captures`, { as: keys.steam, body: {} });
  expect(late.body).toMatchObject({ code: "consent_required", verb: "hold" });
  const voided = await test.call("POST", `/holds/${id}/void`, { as: ada, body: {} });
  expect(voided.body).toMatchObject({ state: "voided", remaining: "0" });
});

it("listings of a suspended platform's users rest: off the market, refused, and there again later", async () => {
  const { db } = test.database;
  const granted = await test.call("POST", "/items/grants", {
    as: keys.moon,
    body: { userId: "moon:ada", name: "月光石", type: "material", quantity: 60 },
  });
  const itemId: string = granted.body.item.id;
  const listing = { itemId, quantity: 50, prices: { game_coins: "1" } };
  const listed = await test.call("POST", "/listings", { as: keys.moon, body: listing });
  const listingId: string = listed.body.id;
  const buy = (key?: string) => {
    const body = { userId: "steam:sam", listingId };
    return test.call("POST", "/purchases", { as: keys.steam, body, ...(key && { key }) });
  };
  const market = async () => {
    const searched = await test.call("GET", "/listings?sellerId=moon:ada", { as: keys.steam });
    const older = await test.app.inject({ url: "/api/allinone/market/items?limit=100" });
    const ids = (older.json() as { items: { id: string }[] }).items.map(({ id }) => id);
    return [searched.body.data.length, ids.some((id) => id.includes(listingId))];
  };
  const one = (as: string) => test.call("GET", `/listings/${listingId}`, { as });
  const first = await buy("bought");
  expect(first.status).toBe(201);
  expect(await market()).toEqual([1, true]);
  await suspendPlatform(db, { ...BY_TEST, reason: "an attack" }, TEST_KEY_SOURCE, "moon");
  await expect.poll(async () => (await buy()).body.code).toBe("platform_suspended");
  expect(await market()).toEqual([0, false]);
  expect((await one(keys.steam)).body.code).toBe("item_not_found");
  expect((await one(keys.operator)).body).toMatchObject({ status: "frozen" });
  expect((await buy("bought")).body).toEqual({ ...first.body, replayed: true });
  await resumePlatform(db, BY_TEST, TEST_KEY_SOURCE, "moon");
  await expect.poll(async () => (await buy()).status).toBe(201);
  expect((await one(keys.moon)).body.status).toBe("active");
});
