/** What logins without a proof, and logins of a linked identity, try in production. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { setPlatform } from "../../src/identity/platforms/platform-changes.ts";
import { useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { caller } from "../support/market.ts";
import { BY_TEST, TEST_KEY_SOURCE } from "../support/platforms.ts";
import { openForFile } from "../support/test-end.ts";
import { fund, linksOn, useLinks, type TestLinks } from "../support/links.ts";

let test: TestLinks;
let close: () => Promise<void>;

beforeAll(async () => {
  close = await openForFile(async () => {
    test = await useLinks();
  });
  await setPlatform(test.database.db, BY_TEST, TEST_KEY_SOURCE, {
    name: "allinone",
    keepOldForMs: 0,
    loginPolicy: "compatibility",
    compatibilityCap: 100n,
    compatibilityAccepted: "anyone may act as any unverified user of this platform",
  });
  test.services.credentials.evictAll(); // as the trigger's notification does
}, 60_000);

afterAll(async () => {
  await expectSound(test.database.db);
  await close();
});

const CONSENT = {
  platform: "moon",
  currency: "game_coins",
  perDay: "1000000",
  verbs: ["transfer", "hold"],
  reason: "play",
};

function consent(on: TestLinks, as: string, userId: string) {
  return on.call("POST", `/wallets/${userId}/consents`, { as, body: CONSENT });
}

async function logInWithoutProof(on: TestLinks, userId: string): Promise<string> {
  const login = { allinoneUserId: userId };
  return (await caller(on, "").post("/api/allinone/auth/login", login)).body.token;
}

it("a login without a proof grants no consent and exports no person, in production and in a sandbox", async () => {
  const sandbox = linksOn(await useTestApp({ database: test.database }));
  for (const [on, userId] of [
    [test, "victim"],
    [sandbox, "visitor"],
  ] as const) {
    const as = await logInWithoutProof(on, userId);
    for (const refused of [
      await consent(on, as, userId),
      await on.call("GET", `/users/${userId}/export`, { as }),
    ]) {
      expect(refused).toMatchObject({ status: 403, body: { code: "forbidden" } });
      expect(refused.body.detail).toContain("without a proof");
      expect(refused.body.remedy).toContain("assertion");
    }
    const { body } = await on.call("GET", `/wallets/${userId}/consents`, { as });
    expect(body.data).toEqual([]);
  }
  const verified = await test.tokenOf("allinone", "victim");
  expect((await consent(test, verified, "victim")).status).toBe(201);
  expect((await test.call("GET", "/users/victim/export", { as: verified })).status).toBe(200);
});

it("a login of a linked identity grants no consent that would outlive the link", async () => {
  await fund(test, "owner");
  const owner = await test.tokenOf("allinone", "owner");
  expect((await test.link(owner, "moon", "guest")).status).toBe(201);
  const guest = await test.tokenOf("moon", "guest");
  const refused = await consent(test, guest, "owner");
  expect(refused).toMatchObject({ status: 403, body: { code: "forbidden" } });
  expect(refused.body.detail).toContain("moon:guest");
  expect((await consent(test, owner, "owner")).status).toBe(201);
  const { platform, currency, reason } = CONSENT;
  const revoked = await test.call("POST", "/wallets/owner/consents/revoke", {
    as: guest,
    body: { platform, currency, reason },
  });
  expect(revoked.body.state).toBe("revoked");
});

it("a login of a linked identity ends its own sessions alone, on every surface", async () => {
  const owner = await test.tokenOf("allinone", "host");
  await test.link(owner, "moon", "visitor");
  const isLive = async (as: string) => (await test.call("GET", "/sessions", { as })).status === 200;
  const idOf = async (as: string): Promise<string> => {
    const { data } = (await test.call("GET", "/sessions", { as })).body;
    return data.find(({ current }: { current: boolean }) => current).id;
  };
  const [first, second] = [
    await test.tokenOf("moon", "visitor"),
    await test.tokenOf("moon", "visitor"),
  ];
  const end = (as: string, path: string) => test.call("DELETE", `/sessions${path}`, { as });
  expect((await end(first, `/${await idOf(owner)}`)).body).toEqual({ ended: 0 });
  expect((await end(first, `/${await idOf(second)}`)).body).toEqual({ ended: 1 });
  await test.tokenOf("moon", "visitor");
  expect((await end(first, "?userId=host")).body).toEqual({ ended: 2 });
  const third = await test.tokenOf("moon", "visitor");
  const logout = caller(test, "host", third).post("/api/allinone/auth/logout", {
    everywhere: true,
  });
  expect((await logout).body).toMatchObject({ userId: "host", ended: 1 });
  expect([await isLive(owner), await isLive(first), await isLive(third)]).toEqual([
    true,
    false,
    false,
  ]);
  const last = await test.tokenOf("moon", "visitor");
  expect((await end(owner, "")).body).toEqual({ ended: 2 });
  expect(await isLive(last)).toBe(false);
});
