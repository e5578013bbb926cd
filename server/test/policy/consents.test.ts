import { expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { secretOf, signAssertion } from "../support/assertions.ts";
import { suspendPlatform } from "../../src/identity/platforms/platform-changes.ts";
import { BY_TEST, TEST_KEY_SOURCE } from "../support/platforms.ts";
import { useV1, type TestV1 } from "../http/v1/support.ts";

/** AllinONE's alice, bob and carol have 1000 coins each; `moon` is a second platform, with ada. */
async function useTwoPlatforms() {
  const v1 = await useV1("pg18", { NEWDAY_PLATFORM_SECRETS: `allinone=${secretOf("allinone")}` });
  const { db } = v1.database;
  await db.query("insert into newday.platforms (name, login_policy) values ('moon', 'none')");
  const { key: moon } = await createPlatformKey(db, {
    platform: "moon",
    scopes: scopesFor("platform"),
  });
  await v1.call("PUT", "/wallets/moon:ada", { as: moon, body: {} });
  const assertion = await signAssertion("allinone", "alice");
  const alice = (await v1.call("POST", "/sessions", { as: null, body: { assertion } })).body.token;
  const consent = (body: object, as: string = v1.key, user = "alice") =>
    v1.call("POST", `/wallets/${user}/consents`, {
      as,
      body: {
        platform: "moon",
        currency: "game_coins",
        perDay: "100",
        verbs: ["transfer"],
        reason: "a visit",
        ...body,
      },
    });
  const pay = (as: string, from: string, to: string, amount: string) =>
    v1.call("POST", "/transfers", { as, body: { from, to, currency: "game_coins", amount } });
  const hold = (as: string, from: string, to: string, amount: string) =>
    v1.call("POST", "/holds", { as, body: { from, to, currency: "game_coins", amount } });
  return { v1, db, moon, alice, consent, pay, hold };
}

/** A wallet may have starter coins of its own. */
async function coinsOf(v1: TestV1, userId: string, as: string): Promise<string> {
  const reply = await v1.call("GET", `/wallets/${userId}/accounts/game_coins`, { as, key: null });
  return reply.body.balance;
}

it("without a consent users of other platforms stay hidden, from keys and users alike", async () => {
  const { v1, moon, alice, pay, hold } = await useTwoPlatforms();
  for (const [as, from, to] of [
    [moon, "allinone:alice", "moon:ada"],
    [v1.key, "alice", "moon:ada"],
    [alice, "alice", "moon:ada"],
    [moon, "allinone:alice", "allinone:bob"],
    [moon, "moon:ada", "allinone:alice"],
  ] as const)
    for (const ask of as === alice ? [pay] : [pay, hold])
      expect((await ask(as, from, to, "1")).body.code).toBe("wallet_not_found");
});

it("with one, either platform and the user pay within it, and refusals have the numbers", async () => {
  const { v1, moon, alice, consent, pay, hold } = await useTwoPlatforms();
  const before = Number(await coinsOf(v1, "moon:ada", moon));
  const granted = await consent({}, alice);
  expect(granted).toMatchObject({
    status: 201,
    body: { state: "open", perDay: "100", left: "100", verbs: ["transfer"], version: 1 },
  });
  expect((await pay(moon, "allinone:alice", "moon:ada", "40")).status).toBe(201);
  expect((await pay(alice, "alice", "moon:ada", "30")).status).toBe(201);
  expect((await pay(v1.key, "alice", "moon:ada", "20")).status).toBe(201);
  const beyond = await pay(moon, "allinone:alice", "moon:ada", "11");
  expect(beyond).toMatchObject({
    status: 422,
    body: {
      code: "consent_exceeded",
      policy: "consent:alice:moon:game_coins",
      version: 1,
      maximum: "100",
      used: "90",
      left: "10",
      required: "11",
    },
  });
  expect(Date.parse(beyond.body.passesAt)).toBeGreaterThan(Date.now());
  expect((await hold(moon, "allinone:alice", "moon:ada", "5")).body).toMatchObject({
    code: "consent_required",
    verb: "hold",
  });
  // To no other user, in no other currency, and nothing of bob's.
  expect((await pay(moon, "allinone:alice", "allinone:bob", "1")).body.code).toBe(
    "wallet_not_found",
  );
  expect((await pay(moon, "allinone:bob", "moon:ada", "1")).body.code).toBe("wallet_not_found");
  const bulk = await v1.call("POST", "/transfers/bulk", {
    as: moon,
    body: {
      mode: "independent",
      transfers: Array.from({ length: 4 }, () => ({
        from: "allinone:alice",
        to: "moon:ada",
        currency: "game_coins",
        amount: "4",
      })),
    },
  });
  expect(bulk.body).toMatchObject({ posted: 2, refused: 2 });
  expect(await coinsOf(v1, "moon:ada", moon)).toBe(`${before + 98}`);
  const listed = await v1.call("GET", "/consents", { as: moon, key: null });
  expect(listed.body.data).toMatchObject([{ userId: "alice", spentToday: "98", left: "2" }]);
});

it("a consent opens no account, no item and no statement of the user", async () => {
  const { v1, moon, consent } = await useTwoPlatforms();
  await consent({ verbs: ["transfer", "hold"] });
  for (const path of [
    "/wallets/allinone:alice",
    "/wallets/allinone:alice/accounts/game_coins",
    "/wallets/allinone:alice/accounts/game_coins/entries",
    "/wallets/allinone:alice/items",
    "/wallets/allinone:alice/consents",
    "/limits?userId=allinone:alice",
  ])
    expect((await v1.call("GET", path, { as: moon, key: null })).status).toBe(404);
  const grant = await consent({ perDay: "900" }, moon, "allinone:alice");
  expect(grant.body.code).toBe("wallet_not_found");
  const self = await consent({ platform: "allinone" });
  expect(self.body).toMatchObject({ code: "invalid_field", field: "platform" });
  expect((await consent({ platform: "nowhere" })).body.code).toBe("invalid_field");
});

it("holds across platforms reserve, capture and give back, by the platform that opened them", async () => {
  const { v1, moon, consent, hold } = await useTwoPlatforms();
  await consent({ verbs: ["hold"] });
  const opened = await hold(moon, "allinone:alice", "moon:ada", "80");
  expect(opened.status).toBe(201);
  expect((await hold(moon, "allinone:alice", "moon:ada", "21")).body.code).toBe("consent_exceeded");
  const captured = await v1.call("POST", `/holds/${opened.body.id}/captures`, {
    as: moon,
    body: { amount: "50" },
  });
  expect(captured.status).toBe(201);
  // 30 are given back; the payer's own platform ends a hold, too.
  const second = await hold(moon, "allinone:alice", "moon:ada", "50");
  expect(second.status).toBe(201);
  const voided = await v1.call("POST", `/holds/${second.body.id}/void`, { body: {} });
  expect(voided.status).toBe(201);
  expect((await hold(moon, "allinone:alice", "moon:ada", "50")).status).toBe(201);
  const refund = await v1.call("POST", `/transfers/${captured.body.id}/refunds`, {
    as: moon,
    body: {},
  });
  expect(refund.status).toBe(201);
});

it("revoked, it holds for the very next payment, and every change is logged", async () => {
  const { v1, moon, alice, consent, pay } = await useTwoPlatforms();
  await consent({});
  await pay(moon, "allinone:alice", "moon:ada", "60");
  const revoked = await v1.call("POST", "/wallets/alice/consents/revoke", {
    as: alice,
    body: { platform: "moon", currency: "game_coins", reason: "enough" },
  });
  expect(revoked.body).toMatchObject({ state: "revoked", left: "0", version: 2 });
  expect((await pay(moon, "allinone:alice", "moon:ada", "1")).body).toMatchObject({
    code: "consent_required",
    policy: "consent:alice:moon:game_coins",
    version: 2,
  });
  // A new grant on the same day goes on counting.
  await consent({ perDay: "70" });
  expect((await pay(moon, "allinone:alice", "moon:ada", "11")).body).toMatchObject({
    used: "60",
    version: 3,
  });
  const log = await v1.call("GET", "/wallets/alice/consents/changes", { key: null });
  expect(log.body.data).toMatchObject([
    { reason: "a visit", caller: "platform:allinone", before: { state: "revoked" } },
    { reason: "enough", caller: "user:alice", after: { state: "revoked" } },
    { reason: "a visit", before: null, after: { perDay: "100", verbs: ["transfer"] } },
  ]);
});

it("payments across platforms go both ways, each with its payer's consent", async () => {
  const { v1, moon, consent, pay } = await useTwoPlatforms();
  await consent({});
  await pay(moon, "allinone:alice", "moon:ada", "100");
  expect((await pay(moon, "moon:ada", "allinone:alice", "10")).body.code).toBe("wallet_not_found");
  const back = await consent({ platform: "allinone" }, moon, "moon:ada");
  expect(back.status).toBe(201);
  expect((await pay(v1.key, "moon:ada", "alice", "10")).status).toBe(201);
  expect((await pay(moon, "moon:ada", "allinone:bob", "10")).status).toBe(201);
});

it("repeated requests answer their first outcome while the payer's platform is suspended", async () => {
  const { v1, db, moon, consent } = await useTwoPlatforms();
  await consent({ verbs: ["transfer", "hold"], perDay: "30" });
  const payment = {
    from: "allinone:alice",
    to: "moon:ada",
    currency: "game_coins",
    amount: "4",
  };
  const beyond = { ...payment, amount: "100" };
  const asked: [path: string, body: object, status: number][] = [
    ["/transfers", payment, 201],
    ["/transfers", beyond, 422],
    ["/transfers/up-to", { ...payment, amount: undefined, maximum: "3" }, 201],
    ["/holds", payment, 201],
    ["/holds", beyond, 422],
    ["/transfers/bulk", { mode: "independent", transfers: [payment, beyond, payment] }, 200],
    ["/transfers/bulk", { mode: "atomic", transfers: [payment, payment] }, 200],
    ["/transfers/bulk", { mode: "atomic", transfers: [payment, beyond] }, 200],
  ];
  const ask = async ([path, body]: (typeof asked)[number], at: number) =>
    v1.call("POST", path, { as: moon, body, key: `repeated ${at}` });
  const told = ({ status, body }: Awaited<ReturnType<typeof ask>>) => ({
    status,
    code: body.code,
    id: body.id ?? body.holdId,
    items: body.items?.map(({ status: of, id, code }: Record<string, string>) => [of, id, code]),
  });
  const first = [];
  for (const [at, one] of asked.entries()) first.push(await ask(one, at));
  expect(first.map(({ status }) => status)).toEqual(asked.map(([, , status]) => status));
  await suspendPlatform(db, { ...BY_TEST, reason: "a test" }, TEST_KEY_SOURCE, "allinone");
  const probe = () => v1.call("POST", "/transfers", { as: moon, body: payment });
  await expect.poll(async () => (await probe()).body.code).toBe("platform_suspended");
  for (const [at, one] of asked.entries()) {
    const again = await ask(one, at);
    const was = first[at];
    expect([at, again.body.replayed ?? true, told(again)]).toEqual([at, true, was && told(was)]);
  }
});
