/** Sessions end with their reason, and an assertion that is refused says why where it may. */
import { SignJWT, type JWTPayload } from "jose";
import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { rotatePlatformSecret } from "../../src/identity/platforms/secret-changes.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import type { TestDatabase } from "../support/database.ts";
import { BY_TEST, TEST_KEY_SOURCE } from "../support/platforms.ts";
import { buildOnce, startServer } from "../support/server-process.ts";
import { share } from "../support/test-end.ts";

const LOGIN = "/api/allinone/auth/login";
const SECRET = "a secret of a platform that is long enough";
const SECRETS = { NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET}` };
const PRODUCTION = { NEWDAY_MODE: "production", ...SECRETS };

const nowS = () => Math.floor(Date.now() / 1000);

function assertion(claims: Record<string, unknown> = {}): Promise<string> {
  const usual = {
    jti: crypto.randomUUID(),
    sub: "user-001",
    iss: "allinone",
    aud: "newday",
    iat: nowS(),
    exp: nowS() + 120,
  };
  return new SignJWT({ ...usual, ...claims } as JWTPayload)
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(SECRET));
}

async function login({ app }: TestApp, payload: object) {
  return app.inject({ method: "POST", url: LOGIN, payload: { userId: "user-001", ...payload } });
}

async function statusOf({ app }: TestApp, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await app.inject({ url: "/api/allinone/auth/me", headers })).statusCode;
}

describe("H4: the first proof ends every session without one", () => {
  it("on the process that saw it and on others, and v1 and transfers too", async () => {
    const one = await useTestApp({ env: SECRETS });
    const two = await useTestApp({ database: one.database, env: SECRETS });
    const tokens: string[] = [];
    for (let n = 0; n < 3; n += 1) tokens.push((await login(n ? one : two, {})).json().token);
    for (const token of tokens)
      expect([await statusOf(one, token), await statusOf(two, token)]).toEqual([200, 200]);
    const proven = await login(one, { assertion: await assertion() });
    expect(proven.statusCode).toBe(200);
    for (const token of tokens) {
      expect(await statusOf(one, token)).toBe(401);
      expect((await login(one, { token })).statusCode).toBe(401);
      const headers = { authorization: `Bearer ${token}`, "idempotency-key": "k" };
      const payload = { from: "user-001", to: "user-002", currency: "game_coins", amount: "1" };
      const paid = await one.app.inject({
        method: "POST",
        url: "/api/v1/transfers",
        headers,
        payload,
      });
      expect(paid.statusCode).toBe(401);
    }
    await expect.poll(() => statusOf(two, String(tokens[0])), { timeout: 5_000 }).toBe(401);
    expect(await statusOf(two, proven.json().token)).toBe(200);
  });

  it("leaves the sessions of a user who has none without a proof alone", async () => {
    const test = await useTestApp({ env: SECRETS });
    const first = (await login(test, { assertion: await assertion() })).json().token;
    const second = (await login(test, { assertion: await assertion() })).json().token;
    expect([await statusOf(test, first), await statusOf(test, second)]).toEqual([200, 200]);
  });

  it("also against a login without a proof that began before it", async () => {
    const test = await useTestApp({ env: SECRETS });
    for (let round = 0; round < 8; round += 1) {
      const userId = `user-${round}`;
      const replies = await Promise.all([
        login(test, { userId }),
        login(test, { userId, assertion: await assertion({ sub: userId }) }),
        login(test, { userId }),
      ]);
      const [before, proven, after] = replies.map(
        (reply) => reply.json().token as string | undefined,
      );
      expect(replies[1]?.statusCode).toBe(200);
      expect(await statusOf(test, proven ?? "")).toBe(200);
      for (const token of [before, after]) if (token) expect(await statusOf(test, token)).toBe(401);
    }
  });
});

describe("H4: production refuses what a sandbox let in", () => {
  it("on every surface, for every holder of the token", async () => {
    const sandbox = await useTestApp({ env: SECRETS });
    const { token } = (await login(sandbox, {})).json();
    const { token: proven } = (
      await login(sandbox, { userId: "user-002", assertion: await assertion({ sub: "user-002" }) })
    ).json();
    const production = await useTestApp({ database: sandbox.database, env: PRODUCTION });
    expect(await statusOf(production, token)).toBe(401);
    expect((await login(production, { token })).statusCode).toBe(401);
    const verify = await production.app.inject({
      method: "POST",
      url: "/api/allinone/auth/verify",
      payload: { token },
    });
    expect([verify.statusCode, verify.json().details.reason]).toEqual([401, "unverified"]);
    const headers = { authorization: `Bearer ${token}` };
    expect(
      (await production.app.inject({ url: "/api/v1/wallets/user-001", headers })).statusCode,
    ).toBe(401);
    expect(await statusOf(production, proven)).toBe(200);
  });

  it("for good: the start of production ends them, and no sandbox takes them up again", async () => {
    const sandbox = await useTestApp({ env: SECRETS });
    const { token } = (await login(sandbox, {})).json();
    expect(await statusOf(sandbox, token)).toBe(200);
    buildOnce();
    await startServer({ DATABASE_URL: sandbox.database.url, ...PRODUCTION }).base;
    await expect.poll(() => statusOf(sandbox, token), { timeout: 5_000 }).toBe(401);
  });
});

describe("H4: a session ends with the secret that proved it", () => {
  const BOTH = {
    NEWDAY_MODE: "production",
    NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET},moon=${SECRET}`,
  };
  const withdraw = ({ db }: TestDatabase, name: string) =>
    rotatePlatformSecret(db, BY_TEST, TEST_KEY_SOURCE, { name, keepOldForMs: 0 });

  it("on every surface and process, when the secret is withdrawn; another platform's stays", async () => {
    const test = await useTestApp({ env: BOTH });
    const other = await useTestApp({ database: test.database, env: BOTH });
    const { token } = (await login(test, { assertion: await assertion() })).json();
    const moon = { platform: "moon", assertion: await assertion({ iss: "moon" }) };
    const { token: kept } = (await login(test, moon)).json();
    expect([await statusOf(other, token), await statusOf(other, kept)]).toEqual([200, 200]);
    await withdraw(test.database, "allinone");
    for (const after of [test, other]) {
      await expect.poll(() => statusOf(after, token), { timeout: 5_000 }).toBe(401);
      expect(await statusOf(after, kept)).toBe(200);
      expect((await login(after, { token })).statusCode).toBe(401);
      const verify = await after.app.inject({
        method: "POST",
        url: "/api/allinone/auth/verify",
        payload: { token },
      });
      expect([verify.statusCode, verify.json().details.reason]).toEqual([401, "secret_removed"]);
      const headers = { authorization: `Bearer ${token}` };
      const wallet = await after.app.inject({ url: "/api/v1/wallets/user-001", headers });
      expect(wallet.statusCode).toBe(401);
    }
    // The environment still has the withdrawn secret: a restart does not bring it back.
    const restarted = await useTestApp({ database: test.database, env: BOTH });
    expect(await statusOf(restarted, token)).toBe(401);
    expect((await login(restarted, { assertion: await assertion() })).statusCode).toBe(401);
  });

  it("in a sandbox too; a session without a proof goes on", async () => {
    const test = await useTestApp({ env: SECRETS });
    const { token: proven } = (await login(test, { assertion: await assertion() })).json();
    const { token: legacy } = (await login(test, { userId: "user-002" })).json();
    await withdraw(test.database, "allinone");
    await expect.poll(() => statusOf(test, proven), { timeout: 5_000 }).toBe(401);
    expect(await statusOf(test, legacy)).toBe(200);
  });

  it("of an earlier release ends with the last secret of its platform", async () => {
    const test = await useTestApp({ env: PRODUCTION });
    const { token } = (await login(test, { assertion: await assertion() })).json();
    await test.database.db.query("update newday.sessions set secret_mark = null");
    expect(await statusOf(test, token)).toBe(200);
    await test.database.db.query("update newday.platform_secrets set withdrawn_at = now()");
    await expect.poll(() => statusOf(test, token), { timeout: 5_000 }).toBe(401);
  });

  it("keeps no secret beside it", async () => {
    const test = await useTestApp({ env: PRODUCTION });
    await login(test, { assertion: await assertion() });
    const [row] = await test.database.db.query<{ mark: string }>(
      "select encode(secret_mark, 'hex') as mark from newday.sessions",
    );
    expect(row?.mark).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("C3, M8: clocks differ, and a refused assertion has a reason", () => {
  const sandbox = share(() => useTestApp({ env: SECRETS }));
  const production = share(() => useTestApp({ env: PRODUCTION }));

  it.each([
    ["one second ahead", () => ({ iat: nowS() + 1 })],
    ["a fraction", () => ({ iat: Date.now() / 1000 + 0.7 })],
    ["all a minute ahead", () => ({ iat: nowS() + 55, exp: nowS() + 355 })],
    ["five minutes of life with fractions", () => ({ iat: nowS(), exp: nowS() + 300.9 })],
    ["a minute late", () => ({ iat: nowS() - 200, exp: nowS() - 50 })],
  ])("accepts an assertion whose time is %s", async (_, claims) => {
    const reply = await login(production(), { assertion: await assertion(claims()) });
    expect(reply.statusCode).toBe(200);
  });

  it.each([
    ["two minutes ahead", () => ({ iat: nowS() + 120 }), /"iat"/],
    ["expired", () => ({ iat: nowS() - 200, exp: nowS() - 70 }), /"exp"/],
    ["too long a life", () => ({ exp: nowS() + 301 }), /"exp".*300 s/],
    ["another audience", () => ({ aud: "moon" }), /"aud"/],
    ["another platform", () => ({ iss: "steam" }), /"iss"/],
    ["no nonce", () => ({ jti: undefined }), /"jti"/],
    ["a text as time", () => ({ iat: "now" }), /"iat"/],
    ["a time beyond numbers", () => ({ exp: 1e300 }), /"exp"/],
  ])("tells a sandbox, and the log only in production: %s", async (_, claims, reason) => {
    const told = await login(sandbox(), { assertion: await assertion(claims()) });
    expect([told.statusCode, told.json().details.reason]).toEqual([
      401,
      expect.stringMatching(reason),
    ]);
    const lines: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (chunk: string | Uint8Array) => lines.push(String(chunk)) > 0;
    const sent = { assertion: await assertion(claims()) };
    const silent = await login(production(), sent).finally(() => {
      process.stderr.write = write;
    });
    expect([silent.statusCode, silent.json().details.reason]).toEqual([401, undefined]);
    const logged = lines
      .filter((line) => line.includes("login refused"))
      .map((line) => JSON.parse(line));
    expect(logged).toEqual([
      expect.objectContaining({ platform: "allinone", reason: expect.stringMatching(reason) }),
    ]);
  });

  it("says the reason of a broken signature and of a platform without a secret", async () => {
    const broken = `${(await assertion()).slice(0, -4)}AAAA`;
    expect((await login(sandbox(), { assertion: broken })).json().details.reason).toMatch(
      /signature/,
    );
    const other = await login(sandbox(), {
      platform: "newday",
      assertion: await assertion({ iss: "newday" }),
    });
    expect(other.json().details.reason).toMatch(/no secret of the platform newday/);
  });
});

describe("L2: claims of any type are 401, never 500", () => {
  const production = share(() => useTestApp({ env: PRODUCTION }));
  const odd = [null, "", 7, true, {}, [], "a\u0000b", "\u0007", "\ud800", "x".repeat(129), ["a"]];
  it.each(odd.map((jti) => [jti]))("jti %j", async (jti) => {
    const reply = await login(production(), { assertion: await assertion({ jti }) });
    expect(reply.statusCode).toBe(401);
  });

  it.each(odd.map((sub) => [sub]))("sub %j", async (sub) => {
    const reply = await login(production(), { assertion: await assertion({ sub }) });
    expect([401, 403]).toContain(reply.statusCode);
  });

  it.each(
    odd.flatMap((value) => [
      [{ iss: value }],
      [{ aud: value }],
      [{ exp: value }],
      [{ iat: value }],
    ]),
  )("%j", async (claims) => {
    const reply = await login(production(), { assertion: await assertion(claims) });
    expect(reply.statusCode).toBe(401);
  });
});

describe("2.4: display names change", () => {
  async function named(test: TestApp, token: string): Promise<string> {
    const headers = { authorization: `Bearer ${token}` };
    return (await test.app.inject({ url: "/api/allinone/auth/me", headers })).json().username;
  }

  it("at a later login that the platform signs", async () => {
    const test = await useTestApp({ env: SECRETS });
    const username = (name: string) => ({ allinoneUsername: name });
    await login(test, { ...username("Ada"), assertion: await assertion() });
    const { token, username: shown } = (
      await login(test, { ...username("艾达"), assertion: await assertion() })
    ).json();
    expect([shown, await named(test, token)]).toEqual(["艾达", "艾达"]);
    const nameless = await login(test, { assertion: await assertion() });
    expect(nameless.json().username).toBe("艾达");
  });

  it("by PUT of a wallet", async () => {
    const test = await useTestApp();
    const { key } = await createPlatformKey(test.database.db, {
      platform: "allinone",
      scopes: ["wallets:write"],
    });
    const put = (payload: object) =>
      test.app.inject({
        method: "PUT",
        url: "/api/v1/wallets/user-001",
        headers: { authorization: `Bearer ${key}` },
        payload,
      });
    expect((await put({})).statusCode).toBe(201);
    for (const displayName of ["Ada", "艾达"]) {
      expect((await put({ displayName })).statusCode).toBe(200);
      expect((await put({})).statusCode).toBe(200);
      const [row] = await test.database.db.query("select display_name from newday.users");
      expect(row).toEqual({ display_name: displayName });
    }
  });

  it("without a proof only while the user has none", async () => {
    const test = await useTestApp();
    expect((await login(test, {})).json().username).toBe("Player");
    expect((await login(test, { username: "Ada" })).json().username).toBe("Ada");
    expect((await login(test, { username: "Mallory" })).json().username).toBe("Ada");
  });

  it("never for a player of the game, who has a nickname there", async () => {
    const test = await useTestApp({ env: SECRETS });
    await test.database.db.query(
      `insert into public.players (id, nickname, preferences) values ('user-001', '青鸟', '{"platform":"direct"}')`,
    );
    for (const username of ["A", "B"]) {
      const reply = await login(test, { username, assertion: await assertion() });
      expect(reply.json().username).toBe("青鸟");
    }
  });
});
