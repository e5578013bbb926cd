/** What a platform tries with the names of other platforms' users, on a server in production. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { setMinter } from "../../src/ledger/currencies/define-currencies.ts";
import { setSpendingLimit } from "../../src/ledger/policies/set-limit.ts";
import { expectSound } from "../support/ledger.ts";
import { openForFile } from "../support/test-end.ts";
import { useLinks, type TestLinks } from "../support/links.ts";

let test: TestLinks;
let close: () => Promise<void>;
const keys = { allinone: "", moon: "", operator: "" };

beforeAll(async () => {
  close = await openForFile(async () => {
    test = await useLinks();
  });
  const { db } = test.database;
  keys.allinone = await test.keyOf("allinone");
  keys.moon = await test.keyOf("moon");
  const operator = { platform: "newday", role: "operator" } as const;
  keys.operator = (await createPlatformKey(db, { ...operator, scopes: scopesFor("operator") })).key;
  for (const as of [keys.allinone, keys.moon])
    for (const name of ["victim", "friend", "ada"])
      await test.call("PUT", `/wallets/${name}`, { as, body: {} });
  const context = { operator: "ops", reason: "a season", dryRun: false };
  await setMinter(db, context, { code: "game_coins", platform: "allinone", allowed: true });
  for (const userId of ["victim", "ada", "moon:victim", "moon:ada"]) {
    const body = { userId, currency: "game_coins", amount: "100" };
    await test.call("POST", "/mints", { as: keys.operator, body });
  }
}, 60_000);

afterAll(async () => {
  await expectSound(test.database.db);
  await close();
});

const LIMIT = {
  scope: "user",
  currency: "game_coins",
  maximum: "0",
  window: "day",
  reason: "a review",
};
const COIN = { currency: "game_coins", amount: "1" };

function setLimit(as: string, userId: string, values: object = {}) {
  return test.call("POST", "/limits", { as, body: { ...LIMIT, userId, ...values } });
}

function removeLimit(as: string, id: string) {
  return test.call("POST", `/limits/${id}/remove`, { as, body: { reason: "no longer" } });
}

function pay(as: string, from: string) {
  return test.call("POST", "/transfers", { as, body: { ...COIN, from, to: "friend" } });
}

describe("a spending limit", () => {
  it("bounds the user whom the caller named, not one of the same name elsewhere", async () => {
    const limit = await setLimit(keys.moon, "victim");
    expect(limit).toMatchObject({
      status: 201,
      body: { userId: "moon:victim", platform: "moon", owner: "platform:moon" },
    });
    expect((await pay(keys.allinone, "victim")).status).toBe(201);
    expect((await pay(keys.moon, "victim")).body.code).toBe("spending_limit_exceeded");
    expect((await setLimit(keys.moon, "allinone:victim")).status).toBe(404);
    expect((await setLimit(keys.moon, "moon:victim")).body.code).toBe("already_so");
    const twice = await setLimit(keys.moon, "allinone:allinone:victim");
    expect(twice.body).toMatchObject({ code: "invalid_user_id", field: "userId" });
    expect((await removeLimit(keys.allinone, limit.body.id)).status).toBe(404);
    expect((await removeLimit(keys.moon, limit.body.id)).status).toBe(201);
    expect((await pay(keys.moon, "victim")).status).toBe(201);
  });

  it("is removed by an operator, also when a platform has set it", async () => {
    const { body } = await setLimit(keys.moon, "ada");
    expect((await removeLimit(keys.operator, body.id)).status).toBe(201);
    expect((await pay(keys.moon, "ada")).status).toBe(201);
  });

  it("that another platform has set is removed by the platform of its user", async () => {
    // As servers of before stored it.
    const wallet = await test.services.directory.findWallet("ada");
    const stored = { owner: "platform:moon", platform: "moon", kind: null, seconds: null } as const;
    const wanted = { ...LIMIT, ...stored, scope: "user", window: "day", maximum: 0n } as const;
    const terms = { caller: "platform:moon" };
    await setSpendingLimit(test.services, { ...wanted, wallet: wallet ?? null }, terms);
    expect((await pay(keys.allinone, "ada")).body.code).toBe("spending_limit_exceeded");
    const path = "/limits?userId=ada";
    const [limit] = (await test.call("GET", path, { as: keys.allinone })).body.data;
    expect((await removeLimit(keys.allinone, limit.id)).status).toBe(201);
    expect((await pay(keys.allinone, "ada")).status).toBe(201);
    const { body } = await setLimit(keys.operator, "ada");
    expect(await removeLimit(keys.allinone, body.id)).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
  });
});

it("an id behind two prefixes is refused, so that no platform opens another's user", async () => {
  for (const [as, userId] of [
    [keys.allinone, "allinone:moon:new"],
    [keys.moon, "allinone:moon:new"],
    [keys.allinone, "allinone:allinone:new"],
  ] as const) {
    const opened = await test.call("PUT", `/wallets/${userId}`, { as, body: {} });
    expect(opened.body).toMatchObject({ code: "invalid_user_id", field: "userId" });
  }
  expect((await test.logIn("moon", "new")).body.userId).toBe("moon:new");
});

it("planned listings are shown to their own seller alone", async () => {
  const item = { userId: "ada", name: "potion", type: "consumable" };
  const granted = await test.call("POST", "/items/grants", { as: keys.allinone, body: item });
  const startsAt = new Date(Date.now() + 3_600_000).toISOString();
  const listing = { itemId: granted.body.item.id, prices: { game_coins: "7" }, startsAt };
  const listed = await test.call("POST", "/listings", { as: keys.allinone, body: listing });
  expect(listed.status).toBe(201);
  const planned = (as: string, sellerId: string) =>
    test.call("GET", `/listings?upcoming=true&sellerId=${sellerId}`, { as });
  const [own, other] = [await test.tokenOf("allinone", "ada"), await test.tokenOf("moon", "ada")];
  for (const said of ["ada", "allinone:ada"])
    expect((await planned(own, said)).body.data).toHaveLength(1);
  for (const as of [other, keys.moon])
    expect((await planned(as, "allinone:ada")).body.code).toBe("wallet_not_found");
  expect((await planned(other, "ada")).body.data).toEqual([]);
});
