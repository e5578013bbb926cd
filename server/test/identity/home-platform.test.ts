/** A user whom one of the first three platforms opened, and another one verified later, belongs to the latter everywhere. */
import { expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { countAll } from "../../src/integrity/economy/count-economy.ts";
import { proveIssuance } from "../../src/ledger/policies/prove-issuance.ts";
import { searchUsers } from "../../src/operators/users/search-users.ts";
import { secretOf, signAssertion } from "../support/assertions.ts";
import { useV1 } from "../http/v1/support.ts";

it("is the platform of the proof, for keys, limits, budgets and search, also where the wallet was cached", async () => {
  const v1 = await useV1("pg18", { NEWDAY_PLATFORM_SECRETS: `allinone=${secretOf("allinone")}` });
  const { db } = v1.database;
  const keyOf = async (platform: string) =>
    (await createPlatformKey(db, { platform, scopes: scopesFor("platform") })).key;
  const direct = await keyOf("direct");
  await v1.call("PUT", "/wallets/dora", { as: direct, body: {} });
  await v1.call("PUT", "/wallets/dan", { as: direct, body: {} });
  const limit = { scope: "each", currency: "game_coins", window: "day", reason: "a bound" };
  await v1.call("POST", "/limits", { as: direct, body: { ...limit, maximum: "1" } });
  const pay = (as: string, to: string, amount: string) =>
    v1.call("POST", "/transfers", {
      as,
      body: { from: "dora", to, currency: "game_coins", amount },
    });
  const seen = async (as: string) =>
    (await v1.call("GET", "/wallets/dora", { as, key: null })).status;
  const held = async (platform: string) => {
    const { currencies } = await proveIssuance(db);
    const coins = currencies.find(({ currency }) => currency === "game_coins");
    return coins?.platforms.find((one) => one.platform === platform)?.held ?? 0n;
  };
  const found = async () => {
    const users = await searchUsers(db, { part: "dora", after: undefined, limit: 5 });
    return users.map(({ userId, platform }) => [userId, platform]);
  };
  expect([await seen(direct), await seen(v1.key), await found()]).toEqual([
    200,
    404,
    [["dora", "direct"]],
  ]);
  expect((await pay(direct, "dan", "2")).body.code).toBe("spending_limit_exceeded");
  await countAll(db);

  const assertion = await signAssertion("allinone", "dora");
  const opened = await v1.call("POST", "/sessions", { as: null, body: { assertion } });
  expect([opened.status, opened.body.platform]).toEqual([201, "allinone"]);
  await expect.poll(() => seen(direct)).toBe(404);
  expect([await seen(v1.key), await found()]).toEqual([200, [["dora", "allinone"]]]);
  expect((await pay(v1.key, "alice", "2")).status).toBe(201);
  await v1.call("POST", "/limits", { body: { ...limit, maximum: "3" } });
  expect((await pay(v1.key, "alice", "4")).body).toMatchObject({
    code: "spending_limit_exceeded",
    used: "0",
  });
  expect([await held("direct"), await held("allinone")]).toEqual([0n, 4_000n]);
  await countAll(db);
  const counted = await db.query(
    `select platform, held::text from newday.economy_totals
      where currency = 1 and held > 0`,
  );
  expect(counted).toEqual([{ platform: "allinone", held: "4000" }]);
});
