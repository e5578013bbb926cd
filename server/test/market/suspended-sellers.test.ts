/** A market whose sellers are suspended is read as cheaply as one without them (docs/platforms.md). */
import { expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { suspendPlatform } from "../../src/identity/platforms/platform-changes.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { useV1 } from "../http/v1/support.ts";
import { useCostMeter } from "../support/costs.ts";
import { grantStack } from "../support/market.ts";
import { addTestPlatform, BY_TEST, TEST_KEY, TEST_KEY_SOURCE } from "../support/platforms.ts";

const OFFERS = 30;
const PAGE = 10;
const LISTS = [
  `/api/v1/listings?limit=${PAGE}`,
  `/api/allinone/market/items?limit=${PAGE}`,
  "/api/shared/marketplace",
];

it("lists those of other sellers alone, with no more statements and no more rows", async () => {
  const meter = useCostMeter();
  const v1 = await useV1("pg18", TEST_KEY, meter.watch);
  const { db } = v1.database;
  await addTestPlatform(db, "moon");
  const { key: moon } = await createPlatformKey(db, {
    platform: "moon",
    scopes: scopesFor("platform"),
  });
  await v1.call("PUT", "/wallets/ada", { as: moon, body: {} });
  for (const [as, seller] of [
    [v1.key, "alice"],
    [moon, "moon:ada"],
  ] as const) {
    const itemId = await grantStack(v1, seller, { quantity: OFFERS });
    for (let n = 0; n < OFFERS; n += 1)
      await v1.call("POST", "/listings", { as, body: { itemId, prices: { game_coins: "5" } } });
  }
  const headers = { authorization: `Bearer ${v1.key}` };
  const read = async (url: string) => {
    let sellers: string[] = [];
    const costs = await meter.measure(async () => {
      const reply = await v1.app.inject({ url, headers });
      sellers = [...reply.body.matchAll(/"(?:sellerId|seller_id)":"([^"]*)"/g)].flatMap(
        ([, id]) => id ?? [],
      );
      return reply;
    });
    return { sellers: new Set(sellers), statements: costs.statements, rows: costs.rows };
  };
  const readAll = async () => {
    const all = [];
    // The second read of each, with the credentials cached.
    for (const url of LISTS) all.push((await read(url)) && (await read(url)));
    return all;
  };
  const before = await readAll();
  expect(before.map(({ sellers }) => sellers.has("moon:ada"))).toEqual(LISTS.map(() => true));
  await suspendPlatform(db, { ...BY_TEST, reason: "a test" }, TEST_KEY_SOURCE, "moon");
  await expect.poll(async () => (await read(LISTS[0] ?? "")).sellers.has("moon:ada")).toBe(false);
  const after = await readAll();
  for (const [at, { sellers, statements, rows }] of after.entries()) {
    expect([LISTS[at], sellers.has("moon:ada"), sellers.has("alice")]).toEqual([
      LISTS[at],
      false,
      true,
    ]);
    expect(statements).toBeLessThanOrEqual(before[at]?.statements ?? 0);
    expect(rows).toBeLessThanOrEqual(before[at]?.rows ?? 0);
  }
});
