import { expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { useV1 } from "../http/v1/support.ts";

async function useLimits() {
  const v1 = await useV1();
  const { key: operator } = await createPlatformKey(v1.database.db, {
    platform: "newday",
    role: "operator",
    scopes: scopesFor("operator"),
  });
  const alice = await v1.login("alice");
  const set = (body: object, as: string = v1.key) =>
    v1.call("POST", "/limits", {
      as,
      body: {
        scope: "user",
        userId: "alice",
        currency: "game_coins",
        window: "day",
        maximum: "100",
        reason: "a new user",
        ...body,
      },
    });
  const pay = (amount: string, query = "", as = alice) =>
    v1.call("POST", `/transfers${query}`, {
      as,
      body: { from: "alice", to: "bob", currency: "game_coins", amount },
    });
  return { v1, operator, alice, set, pay };
}

it("a dry run shows what is left before a limit refuses, and a refusal when it passes", async () => {
  const { v1, alice, set, pay } = await useLimits();
  const limit = await set({});
  expect(limit).toMatchObject({
    status: 201,
    body: { scope: "user", userId: "alice", maximum: "100", used: "0", left: "100", version: 1 },
  });
  await set({ window: "rolling", seconds: 3600, kind: "transfer", maximum: "60" });
  await pay("50");
  const dry = await pay("10", "?dryRun=true");
  expect(dry).toMatchObject({ status: 200, body: { dryRun: true } });
  expect(dry.body.headroom).toMatchObject([
    { policy: `limit:${limit.body.id}`, window: "day", used: "50", left: "50" },
    { window: "rolling", maximum: "60", used: "50", left: "10" },
  ]);
  const beyond = await pay("11");
  expect(beyond).toMatchObject({
    status: 422,
    body: { code: "spending_limit_exceeded", window: "rolling", left: "10", version: 1 },
  });
  const passes = Date.parse(beyond.body.passesAt) - Date.now();
  expect(passes).toBeGreaterThan(3_500_000);
  expect(passes).toBeLessThan(3_700_000);
  const listingId = "nd_market_magnifier";
  const shop = await v1.call("POST", "/purchases?dryRun=true", {
    as: alice,
    body: { userId: "alice", listingId },
  });
  expect(shop.body.headroom).toMatchObject([{ window: "day", left: "50" }]);
  expect((await pay("11", "?dryRun=true")).body.code).toBe("spending_limit_exceeded");
  const own = await v1.call("GET", "/limits", { as: alice, key: null });
  expect(own.body.data).toHaveLength(2);
  const others = await v1.call("GET", "/limits?userId=bob", { as: alice, key: null });
  expect(others.body.code).toBe("wallet_not_found");
});

it("a limit of a platform shows its use to the platform, and what each user has left to the user", async () => {
  const { v1, alice, set, pay } = await useLimits();
  await set({ scope: "platform", userId: undefined, maximum: "500" });
  await set({ scope: "each", userId: undefined, maximum: "200" });
  await pay("150");
  expect((await pay("51")).body).toMatchObject({ scope: "each", left: "50" });
  const all = await v1.call("GET", "/limits", { key: null });
  expect(all.body.data).toMatchObject([
    { scope: "platform", used: "150", left: "350" },
    { scope: "each", maximum: "200" },
  ]);
  const own = await v1.call("GET", "/limits", { as: alice, key: null });
  expect(own.body.data).toMatchObject([{ used: "150" }, { used: "150", left: "50" }]);
});

it("a platform removes no limit of an operator, and every change is logged with its reason", async () => {
  const { v1, operator, set, pay } = await useLimits();
  const theirs = await set({ maximum: "5", reason: "under review" }, operator);
  expect(theirs.body).toMatchObject({ owner: "operator", platform: "allinone" });
  const remove = (as: string) =>
    v1.call("POST", `/limits/${theirs.body.id}/remove`, { as, body: { reason: "no longer" } });
  expect(await remove(v1.key)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  expect((await pay("6")).body.code).toBe("spending_limit_exceeded");
  await set({ maximum: "4", reason: "stricter" }, operator);
  expect((await remove(operator)).status).toBe(201);
  expect((await pay("6")).status).toBe(201);
  const path = `/limits/${theirs.body.id}/changes`;
  expect((await v1.call("GET", path, { as: operator, key: null })).body.code).toBe(
    "policy_not_found",
  );
  const own = await set({});
  const log = await v1.call("GET", `/limits/${own.body.id}/changes`, { key: null });
  expect(log.body.data).toMatchObject([
    { caller: "platform:allinone", reason: "a new user", before: null, after: { maximum: "100" } },
  ]);
});

it("refuses a limit that says nothing or binds another platform", async () => {
  const { v1, set } = await useLimits();
  const fields = [
    [{ userId: undefined }, "userId"],
    [{ scope: "each" }, "userId"],
    [{ window: "rolling" }, "seconds"],
    [{ seconds: 60 }, "seconds"],
    [{ maximum: "-1" }, "maximum"],
    [{ reason: "\u200b" }, "reason"],
    [{ scope: "platform", userId: undefined, platform: "newday" }, "platform"],
  ] as const;
  for (const [body, field] of fields) expect((await set(body)).body.field).toBe(field);
  expect((await set({ userId: "absent" })).body.code).toBe("wallet_not_found");
  await set({});
  expect((await set({})).body.code).toBe("already_so");
  const as = await v1.login("alice");
  expect((await set({}, as)).status).toBe(403);
});
