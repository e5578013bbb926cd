/** G1: production with a compatibility login for one platform, whose browser clients cannot sign. */
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { setPlatform, type PlatformValues } from "../../src/identity/platforms/platform-changes.ts";
import { revokeAllUnverifiedSessions } from "../../src/identity/session-queries.ts";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { BALANCE, caller, PURCHASE, TRANSFER, type Caller } from "../support/market.ts";
import { BY_TEST, TEST_KEY, TEST_KEY_SOURCE } from "../support/platforms.ts";
import { onTestFinished } from "../support/test-end.ts";

const SECRET = "a secret of a platform that is long enough";
const PRODUCTION = {
  NEWDAY_MODE: "production",
  NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET}`,
  ...TEST_KEY,
};
const ACCEPTED = "anyone may act as any unverified user of this platform";
const CAP = 100n;

async function useProduction(): Promise<TestApp> {
  const test = await useTestApp({ env: PRODUCTION });
  onTestFinished(() => expectSound(test.database.db));
  return test;
}

/** As `newday platform set allinone`. */
async function change({ database, services }: TestApp, values: PlatformValues): Promise<void> {
  const wanted = { ...values, name: "allinone", keepOldForMs: 0 };
  await setPlatform(database.db, BY_TEST, TEST_KEY_SOURCE, wanted);
  services.credentials.evictAll(); // as the trigger's notification does
}

function switchOn(test: TestApp, cap = CAP): Promise<void> {
  const login = { loginPolicy: "compatibility", compatibilityCap: cap } as const;
  return change(test, { ...login, compatibilityAccepted: ACCEPTED });
}

async function tryLogin({ app }: TestApp, payload: object) {
  const url = "/api/allinone/auth/login";
  const reply = await app.inject({ method: "POST", url, payload });
  return { status: reply.statusCode, body: reply.json() };
}

async function logIn(test: TestApp, userId: string): Promise<Caller> {
  return caller(test, userId, (await tryLogin(test, { allinoneUserId: userId })).body.token);
}

async function assertionOf(sub: string): Promise<string> {
  return new SignJWT({ jti: crypto.randomUUID(), sub, iss: "allinone", aud: "newday" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(SECRET));
}

function pay(from: Caller, to: string, amount: bigint) {
  const body = { from: from.userId, to, currency: "game_coins", amount: `${amount}` };
  return from.post("/api/v1/transfers", body, { "idempotency-key": crypto.randomUUID() });
}

async function firstOffer(user: Caller): Promise<string> {
  return (await user.get("/api/allinone/market/items?platform=newday")).body.items[0].id;
}

it("is off by default, and switched on by cap and sentence alone", async () => {
  const test = await useProduction();
  expect((await tryLogin(test, { allinoneUserId: "user-001" })).status).toBe(403);
  const field = (name: string) => ({ code: "invalid_field", details: { field: name } });
  await expect(change(test, { loginPolicy: "compatibility" })).rejects.toMatchObject(
    field("compatibility-cap"),
  );
  const capped = { loginPolicy: "compatibility", compatibilityCap: CAP } as const;
  await expect(change(test, capped)).rejects.toMatchObject(field("accept"));
  await expect(change(test, { ...capped, compatibilityAccepted: "yes" })).rejects.toMatchObject(
    field("accept"),
  );
  await switchOn(test);
  await expect(change(test, { compatibilityCap: 10_000n })).rejects.toMatchObject(field("accept"));
  expect((await tryLogin(test, { allinoneUserId: "user-001" })).status).toBe(200);
  expect((await test.app.inject("/api/health")).json().permits).toEqual({
    loginWithoutProof: false,
    compatibilityLogins: ["allinone"],
  });
});

it("opens no user of another platform, none who was verified, no player, and ends with the first proof", async () => {
  const test = await useProduction();
  await switchOn(test);
  for (const platform of ["newday", "direct"])
    expect((await tryLogin(test, { userId: "user-002", platform })).status).toBe(403);
  const early = await logIn(test, "user-001");
  expect((await early.get(BALANCE)).status).toBe(200);
  const assertion = await assertionOf("user-001");
  expect((await tryLogin(test, { allinoneUserId: "user-001", assertion })).status).toBe(200);
  expect((await early.get(BALANCE)).status).toBe(401);
  expect((await tryLogin(test, { allinoneUserId: "user-001" })).status).toBe(403);
});

it("its sessions outlive a start, and end when it is switched off", async () => {
  const test = await useProduction();
  await switchOn(test);
  const user = await logIn(test, "user-001");
  expect(await revokeAllUnverifiedSessions(test.database.db)).toBe(0);
  expect((await user.get(BALANCE)).status).toBe(200);
  const { body } = await user.get("/api/v1/sessions");
  expect(body.data).toMatchObject([{ platform: "allinone", proven: false }]);
  await change(test, { loginPolicy: "hmac" });
  expect((await user.get(BALANCE)).status).toBe(401);
});

describe("the cap of a compatibility login", () => {
  it("bounds the total of all payments, over sessions, surfaces and kinds, and marks them", async () => {
    const test = await useProduction();
    await openWallets(test.services, ["user-001", "user-002"]);
    await switchOn(test);
    const user = await logIn(test, "user-001");
    const listing = { itemId: await firstOffer(user), currencyType: "gameCoins" };
    const bought = await user.post(PURCHASE, listing);
    expect(bought.status).toBe(200);
    const spent = BigInt(bought.body.totalAmount);
    expect((await pay(user, "user-002", 40n)).status).toBe(201);
    const again = await logIn(test, "user-001");
    const left = CAP - spent - 40n;
    const over = await pay(again, "user-002", left + 1n);
    expect([over.status, over.body.code]).toEqual([403, "unproven_limit"]);
    expect((await pay(again, "user-002", left)).status).toBe(201);
    for (const refused of [
      await pay(again, "user-002", 1n),
      await again.post(PURCHASE, listing),
      await again.post(
        "/api/v1/holds",
        { from: "user-001", currency: "game_coins", amount: "1" },
        { "idempotency-key": "hold" },
      ),
    ])
      expect(refused.status).toBe(403);

    const path = "/api/v1/wallets/user-001/accounts/game_coins/statement";
    const { data } = (await again.get(path)).body;
    const marks = data.map(({ kind, unverified }: Record<string, unknown>) => [kind, unverified]);
    expect(marks).toEqual([
      ["transfer", true],
      ["transfer", true],
      ["market_purchase", true],
      ["open_wallet", false],
    ]);
  });

  it("lets the partner's pages buy, export and list", async () => {
    const test = await useProduction();
    await switchOn(test);
    const user = await logIn(test, "diagnostic-test-1");
    expect((await user.get(BALANCE)).body.gameCoins).toBe(1000);
    const bought = await user.post(PURCHASE, {
      itemId: await firstOffer(user),
      currencyType: "gameCoins",
    });
    expect(bought.status).toBe(200);
    const sent = { itemId: bought.body.item.id, targetPlatform: "allinone", quantity: 1 };
    expect((await user.post(TRANSFER, sent)).body.success).toBe(true);
    expect((await user.post(TRANSFER, sent)).body.alreadyTransferred).toBe(true);
  });
});
