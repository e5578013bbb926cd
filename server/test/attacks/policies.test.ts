/** What is tried against budgets, limits and consents on two production servers that share one database. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { setMinter } from "../../src/ledger/currencies/define-currencies.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { expectSound } from "../support/ledger.ts";
import { addTestPlatform, TEST_KEY } from "../support/platforms.ts";
import { spawnServer, type ServerProcess } from "../support/spawn-server.ts";

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- a client reads whatever came
  readonly body: any;
}

let database: TestDatabase;
let servers: ServerProcess[] = [];
let bases: string[] = [];
const keys = { allinone: "", moon: "", operator: "" };

beforeAll(async () => {
  database = await createTestDatabase({ template: "adopted" });
  const { db, url } = database;
  await addTestPlatform(db, "moon");
  const platformKey = async (platform: string, role: "platform" | "operator" = "platform") =>
    (await createPlatformKey(db, { platform, role, scopes: scopesFor(role) })).key;
  keys.allinone = await platformKey("allinone");
  keys.moon = await platformKey("moon");
  keys.operator = await platformKey("newday", "operator");
  const context = { operator: "ops", reason: "a season", dryRun: false };
  await setMinter(db, context, { code: "game_coins", platform: "allinone", allowed: true });
  const settings = { ...TEST_KEY, NEWDAY_MODE: "production", DATABASE_URL: url };
  servers = [spawnServer(settings), spawnServer(settings)];
  bases = await Promise.all(servers.map(({ base }) => base));
  for (const [key, userId] of [
    [keys.allinone, "alice"],
    [keys.allinone, "bob"],
    [keys.moon, "moon:ada"],
  ] as const)
    await ask(key, "PUT", `/wallets/${userId}`, {});
  const grant = { currency: "game_coins", amount: "10000" };
  for (const userId of ["alice", "bob"])
    await ask(keys.operator, "POST", "/mints", { userId, ...grant });
}, 120_000);

afterAll(async () => {
  for (const { child } of servers) child.kill("SIGTERM");
  await Promise.all(servers.map(({ exited }) => exited));
  await expectSound(database.db);
  await database.drop();
});

let asked = 0;

/** Asks the two servers in turn. */
async function ask(key: string, method: string, path: string, body?: object): Promise<Answer> {
  asked += 1;
  const reply = await fetch(`${bases[asked % 2]}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      "idempotency-key": `attack-${asked}`,
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: reply.status, body: await reply.json() };
}

function post(key: string, path: string, body: object): Promise<Answer> {
  return ask(key, "POST", path, body);
}

function codesOf(answers: readonly Answer[]): ReadonlySet<string> {
  return new Set(answers.flatMap(({ status, body }) => (status === 201 ? [] : [`${body.code}`])));
}

function countPosted(answers: readonly Answer[]): number {
  return answers.filter(({ status }) => status === 201).length;
}

const COINS = { currency: "game_coins" };

describe("two production servers", () => {
  it("issue no more than a platform's budget together, and none before it has one", async () => {
    const mint = () => post(keys.allinone, "/mints", { userId: "bob", ...COINS, amount: "7" });
    expect((await mint()).body).toMatchObject({ code: "issuance_budget_exceeded", maximum: "0" });
    // The operator sets budgets by command only; no key can widen its own.
    await database.db.transaction(async (tx) => {
      await tx.query("set local newday.posting = 'on'");
      await tx.query(
        `insert into newday.issuance_budgets
            (account, platform, currency, per_day, since_version, day)
          select (number << 16) | 1, 'allinone', 'game_coins', 100, 0, date_trunc('day', now(), 'UTC')
          from newday.ledger_wallets where user_id = 'system:allinone:mint'`,
      );
    });
    const answers = await Promise.all(Array.from({ length: 40 }, mint));
    expect(countPosted(answers)).toBe(14);
    expect([...codesOf(answers)]).toEqual(["issuance_budget_exceeded"]);
    const proof = await ask(keys.moon, "GET", "/issuance");
    const coin = proof.body.data.find((one: { currency: string }) => one.currency === "game_coins");
    expect(coin).toMatchObject({ balanced: true });
    expect(coin.platforms).toContainEqual(
      expect.objectContaining({ platform: "allinone", issued: "98" }),
    );
  });

  it("pay no more than a consent and a limit permit together, alone, on hold and in bulks", async () => {
    const consent = {
      platform: "moon",
      ...COINS,
      perDay: "100",
      verbs: ["transfer", "hold"],
      reason: "a visit",
    };
    const pay = { from: "allinone:alice", to: "moon:ada", ...COINS, amount: "7" };
    expect((await post(keys.moon, "/transfers", pay)).body.code).toBe("wallet_not_found");
    expect((await post(keys.moon, "/wallets/allinone:alice/consents", consent)).status).toBe(404);
    expect((await post(keys.allinone, "/wallets/alice/consents", consent)).status).toBe(201);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => post(keys.moon, n % 3 ? "/transfers" : "/holds", pay)),
    );
    expect(countPosted(answers)).toBe(14);
    expect([...codesOf(answers)]).toEqual(["consent_exceeded"]);
    const limit = { scope: "user", userId: "bob", ...COINS, window: "month", maximum: "50" };
    await post(keys.allinone, "/limits", { ...limit, reason: "under review" });
    const transfers = Array.from({ length: 10 }, () => ({ ...pay, from: "bob", to: "alice" }));
    const bulks = await Promise.all(
      [1, 2].map(() => post(keys.allinone, "/transfers/bulk", { mode: "independent", transfers })),
    );
    expect(bulks.reduce((sum, { body }) => sum + Number(body.posted), 0)).toBe(7);
  });

  it("let a consent reach nothing else of its user, and end with its revocation", async () => {
    const own = await post(keys.allinone, "/holds", { from: "alice", ...COINS, amount: "3" });
    const legs = [
      { userId: "allinone:alice", ...COINS, amount: "-1" },
      { userId: "moon:ada", ...COINS, amount: "1" },
    ];
    const item = { userId: "alice", name: "potion", type: "consumable" };
    const granted = await post(keys.allinone, "/items/grants", item);
    const tries: [string, object][] = [
      ["/transfers/legs", { legs }],
      ["/transfers", { from: "allinone:alice", to: "allinone:bob", ...COINS, amount: "1" }],
      ["/burns", { userId: "allinone:alice", ...COINS, amount: "1" }],
      [`/holds/${own.body.id}/captures`, { to: "moon:ada" }],
      [`/holds/${own.body.id}/void`, {}],
      [`/items/${granted.body.item.id}/gifts`, { to: "moon:ada" }],
      ["/purchases", { userId: "allinone:alice", listingId: "nd_market_magnifier" }],
      [
        "/exchanges",
        { userId: "allinone:alice", from: "game_coins", to: "allinone_coins", amount: "1" },
      ],
      ["/wallets/allinone:alice/consents/revoke", { platform: "moon", ...COINS, reason: "mine" }],
      [
        "/limits",
        {
          scope: "user",
          userId: "allinone:alice",
          ...COINS,
          window: "day",
          maximum: "0",
          reason: "x",
        },
      ],
    ];
    const answers = await Promise.all(tries.map(([path, body]) => post(keys.moon, path, body)));
    expect(answers.map(({ status }) => status)).toEqual(tries.map(() => 404));
    const more = { platform: "moon", ...COINS, perDay: "500", verbs: ["transfer"], reason: "more" };
    await post(keys.allinone, "/wallets/alice/consents", more);
    const pay = { from: "allinone:alice", to: "moon:ada", ...COINS, amount: "1" };
    const paying = Promise.all(
      Array.from({ length: 30 }, () => post(keys.moon, "/transfers", pay)),
    );
    const revoked = await post(keys.allinone, "/wallets/alice/consents/revoke", {
      platform: "moon",
      ...COINS,
      reason: "enough",
    });
    expect(revoked.body.state).toBe("revoked");
    // Whatever was in flight, nothing is paid after the answer, on either server.
    for (let turn = 0; turn < 2; turn += 1)
      expect((await post(keys.moon, "/transfers", pay)).body.code).toBe("consent_required");
    await paying;
  });
});
