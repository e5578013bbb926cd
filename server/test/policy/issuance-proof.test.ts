import { expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { setMinter } from "../../src/ledger/currencies/define-currencies.ts";
import { setIssuanceBudget } from "../../src/ledger/policies/set-budget.ts";
import { proveIssuance } from "../../src/ledger/policies/prove-issuance.ts";
import { useV1 } from "../http/v1/support.ts";

const OPERATOR = { operator: "ops", dryRun: false };

async function useSharedCoin() {
  const v1 = await useV1();
  const { db } = v1.database;
  await setMinter(db, OPERATOR, { code: "game_coins", platform: "allinone", allowed: true });
  const mint = (userId: string, amount: string) =>
    v1.call("POST", "/mints", { body: { userId, currency: "game_coins", amount } });
  const setBudget = (perDay: bigint | null, total: bigint | null) =>
    setIssuanceBudget(v1.services, OPERATOR, {
      platform: "allinone",
      currency: "game_coins",
      perDay,
      total,
      reason: "a season",
    });
  const { key: operatorKey } = await createPlatformKey(db, {
    platform: "newday",
    role: "operator",
    scopes: scopesFor("operator"),
  });
  return { v1, db, mint, setBudget, operatorKey };
}

it("a guest issues a shared currency within its budget only, and every refusal has its numbers", async () => {
  const { v1, mint, setBudget } = await useSharedCoin();
  const first = await mint("alice", "1");
  expect(first).toMatchObject({
    status: 422,
    body: {
      code: "issuance_budget_exceeded",
      policy: "budget:allinone:game_coins",
      version: 0,
      maximum: "0",
      passesAt: null,
    },
  });
  await setBudget(100n, 150n);
  expect((await mint("alice", "80")).status).toBe(201);
  const today = await mint("bob", "21");
  expect(today.body).toMatchObject({
    window: "day",
    used: "80",
    left: "20",
    required: "21",
    version: 1,
  });
  expect(Date.parse(today.body.passesAt)).toBeGreaterThan(Date.now());
  await setBudget(1_000n, 150n);
  const total = await mint("bob", "71");
  expect(total.body).toMatchObject({
    window: "total",
    used: "80",
    left: "70",
    version: 2,
    passesAt: null,
  });
  const bulk = await v1.call("POST", "/mints", {
    body: { userId: "bob", currency: "game_coins", amount: "70" },
  });
  expect(bulk.status).toBe(201);
});

it("the books prove issued = held + sunk, of each platform and of the currency", async () => {
  const { v1, db, mint, setBudget, operatorKey } = await useSharedCoin();
  await setBudget(null, 500n);
  await mint("alice", "300");
  await v1.call("POST", "/burns", {
    body: { userId: "alice", currency: "game_coins", amount: "120" },
  });
  const { asOf, currencies } = await proveIssuance(db);
  expect(asOf.getTime()).toBeLessThanOrEqual(Date.now());
  const coin = currencies.find(({ currency }) => currency === "game_coins");
  expect(coin).toMatchObject({ issued: 3_300n, sunk: 120n, held: 3_180n });
  for (const { issued, fromOthers, held, sunk } of coin?.platforms ?? [])
    expect(issued + fromOthers).toBe(held + sunk);
  const shown = await v1.call("GET", "/issuance", { key: null });
  expect(shown.status).toBe(200);
  const row = shown.body.data.find(
    ({ currency }: { currency: string }) => currency === "game_coins",
  );
  expect(row).toMatchObject({ issued: "3300", sunk: "120", held: "3180", balanced: true });
  expect(row.platforms).toMatchObject([
    {
      platform: "allinone",
      issued: "300",
      sunk: "120",
      held: "3180",
      fromOthers: "3000",
      budget: { version: 1, perDay: null, total: "500", issued: "300" },
    },
    { platform: "newday", issued: "3000", fromOthers: "-3000", budget: null },
  ]);
  const operator = await v1.call("GET", "/issuance", { as: operatorKey, key: null });
  expect(operator.body.data.length).toBeGreaterThanOrEqual(1);
  const user = await v1.call("GET", "/issuance", { as: await v1.login("alice"), key: null });
  expect(user.status).toBe(403);
});
