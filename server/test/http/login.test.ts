import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import { addTestPlatform } from "../support/platforms.ts";
import { share } from "../support/test-end.ts";

const LOGIN = "/api/allinone/auth/login";
const SECRET = "a secret of a platform that is long enough";

function login({ app }: TestApp, payload: object) {
  return app.inject({ method: "POST", url: LOGIN, payload });
}

async function assertion(claims: Record<string, unknown> = {}, secret = SECRET): Promise<string> {
  return new SignJWT({
    jti: crypto.randomUUID(),
    sub: "user-001",
    iss: "allinone",
    aud: "newday",
    ...claims,
  })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(secret));
}

function lasting(exp: number): Promise<string> {
  return new SignJWT({
    jti: crypto.randomUUID(),
    sub: "user-001",
    iss: "allinone",
    aud: "newday",
    exp,
  })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .sign(new TextEncoder().encode(SECRET));
}

describe("200", () => {
  it.each([
    { allinoneUserId: "user-001", allinoneUsername: "Ada" },
    { userId: "user-001", username: "Ada", platform: "newday" },
    { playerId: "user-001" },
  ])("takes the body %j and returns the token at both levels", async (payload) => {
    const reply = (await login(await useTestApp(), payload)).json();
    expect(reply).toMatchObject({ success: true, userId: "user-001", isNewUser: true });
    expect(reply.token).toMatch(/^nd_token_[A-Za-z0-9_-]{43}$/);
    expect(reply.data.token).toBe(reply.token);
    expect(reply.expiresAt - Date.now()).toBeGreaterThan(604_700_000);
    expect(reply.username).toBe(
      "allinoneUsername" in payload || "username" in payload ? "Ada" : "Player",
    );
  });

  it("returns the same token for a live one of the same user", async () => {
    const test = await useTestApp();
    const { token } = (await login(test, { allinoneUserId: "user-001" })).json();
    const again = (await login(test, { allinoneUserId: "user-001", token })).json();
    expect(again).toMatchObject({ token, autoLogin: true, isNewUser: false });
  });

  it("leaves at most fifty live sessions, and none that ended long ago", async () => {
    const test = await useTestApp();
    const user = { allinoneUserId: "user-001" };
    const { token } = (await login(test, user)).json();
    await test.database.db.query(
      "update newday.sessions set created_at = now() - interval '99 days', expires_at = now() - interval '92 days'",
    );
    await test.database.db
      .query(`insert into newday.sessions (token_hash, user_id, platform, proven, expires_at)
      select sha256(n::text::bytea), user_id, platform, proven, now() + interval '1 day'
        from newday.sessions, generate_series(1, 60) n`);
    const latest = (await login(test, user)).json();
    const [kept] = await test.database.db.query(`select count(*)::int as all,
      count(*) filter (where revoked_at is null)::int as live from newday.sessions`);
    expect(kept).toEqual({ all: 61, live: 50 });
    const verify = (one: string) =>
      test.app.inject({
        method: "POST",
        url: "/api/allinone/auth/verify",
        payload: { token: one },
      });
    expect((await verify(latest.token)).json().valid).toBe(true);
    expect((await verify(token)).statusCode).toBe(401);
  });

  it("keeps the name of the first login", async () => {
    const test = await useTestApp();
    await login(test, { allinoneUserId: "user-001", allinoneUsername: "🐉龙少" });
    const again = await login(test, { allinoneUserId: "user-001", allinoneUsername: "Other" });
    expect(again.json().username).toBe("🐉龙少");
  });

  it("greets a player of the old server by the name that he has there", async () => {
    const test = await useTestApp();
    await test.database.db.query(
      `insert into public.players (id, nickname, preferences) values
         ('user-003', '青鸟', '{"platform":"direct"}'), ('user-004', '<>', '{"platform":"allinone"}')`,
    );
    const known = await login(test, { allinoneUserId: "user-003", allinoneUsername: "Other" });
    expect(known.json()).toMatchObject({ username: "青鸟", data: { username: "青鸟" } });
    const nameless = await login(test, { allinoneUserId: "user-004", allinoneUsername: "Ada" });
    expect(nameless.json().username).toBe("Ada");
  });

  it("repeats all that verify says of a token under data", async () => {
    const test = await useTestApp();
    const { token } = (await login(test, { allinoneUserId: "user-001" })).json();
    const url = "/api/allinone/auth/verify";
    const reply = (await test.app.inject({ method: "POST", url, payload: { token } })).json();
    expect(reply).toMatchObject({ success: true, valid: true, userId: "user-001" });
    expect(reply).toMatchObject(reply.data);
    expect(reply.data.valid).toBe(true);
  });

  it("makes a token that a second process on the same database accepts, until one of them ends it", async () => {
    const one = await useTestApp();
    const two = await useTestApp({ database: one.database });
    const { token } = (await login(one, { allinoneUserId: "user-001" })).json();
    const headers = { authorization: `Bearer ${token}` };
    expect((await two.app.inject({ url: "/api/allinone/auth/me", headers })).statusCode).toBe(200);
    const out = await two.app.inject({ method: "POST", url: "/api/allinone/auth/logout", headers });
    expect(out.json()).toMatchObject({ success: true, ended: 1 });
    expect((await one.app.inject({ url: "/api/allinone/auth/me", headers })).statusCode).toBe(401);
  });

  it("opens many sessions of one user at once on two processes, and keeps fifty", async () => {
    const one = await useTestApp();
    const two = await useTestApp({ database: one.database });
    const url = "/api/allinone/auth/logout";
    for (let round = 0; round < 3; round += 1) {
      const replies = await Promise.all(
        Array.from({ length: 80 }, (_, n) => login(n % 2 ? one : two, { userId: "user-001" })),
      );
      expect(new Set(replies.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
      const [live] = await one.database.db.query<{ count: number }>(
        "select count(*)::int as count from newday.sessions where revoked_at is null",
      );
      expect(live?.count).toBe(50);
    }
    const { token } = (await login(one, { userId: "user-001" })).json();
    const headers = { authorization: `Bearer ${token}` };
    const payload = { everywhere: true };
    const out = await one.app.inject({ method: "POST", url, headers, payload });
    expect(out.json()).toMatchObject({ success: true, ended: 50 });
  });

  it("accepts a signed assertion once, and asks for one ever after", async () => {
    const test = await useTestApp({ env: { NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET}` } });
    const proof = await assertion();
    expect((await login(test, { userId: "user-001", assertion: proof })).statusCode).toBe(200);
    expect((await login(test, { userId: "user-001", assertion: proof })).statusCode).toBe(401);
    expect((await login(test, { userId: "user-001" })).statusCode).toBe(403);
    expect(
      (await login(test, { userId: "user-001", assertion: await assertion() })).statusCode,
    ).toBe(200);
  });
});

describe("400", () => {
  const test = share(() => useTestApp());

  it.each([
    [{}, "MISSING_FIELDS"],
    [{ username: "Ada", password: "x" }, "MISSING_FIELDS"],
    [{ userId: 7 }, "INVALID_USER_ID"],
    [{ userId: "system" }, "INVALID_USER_ID"],
    [{ userId: "user-001", platform: "unheard-of" }, "INVALID_PARAMS"],
  ])("refuses %j with %s", async (payload, code) => {
    const reply = await login(test(), payload);
    expect([reply.statusCode, reply.json().errorCode]).toEqual([400, code]);
  });

  it("says what is missing in the words that the clients know", async () => {
    const reply = await login(test(), { username: "Ada", password: "x" });
    expect(reply.json().message).toBe("缺少必要参数 userId/allinoneUserId");
  });

  it.each(["not json", "[1]", '"text"', '{"__proto__":{"x":1}}'])(
    "refuses the body %s as INVALID_JSON",
    async (payload) => {
      const headers = { "content-type": "application/json" };
      const reply = await test().app.inject({ method: "POST", url: LOGIN, payload, headers });
      expect([reply.statusCode, reply.json().errorCode]).toEqual([400, "INVALID_JSON"]);
    },
  );
});

describe("401 and 403", () => {
  const shared = share(() => useTestApp());

  it("never treats a bad token as no token", async () => {
    const reply = await login(shared(), {
      allinoneUserId: "user-001",
      token: "nd_token_bad",
    });
    expect([reply.statusCode, reply.json().errorCode]).toEqual([401, "INVALID_TOKEN"]);
  });

  it("tells a token that it never issued from one that has expired", async () => {
    const test = await useTestApp();
    const { token } = (await login(test, { allinoneUserId: "user-001" })).json();
    await test.database.db.query("update newday.sessions set expires_at = now()");
    const url = "/api/allinone/auth/verify";
    const unknown = `nd_token_${"A".repeat(43)}`;
    for (const [sent, words] of [
      [token, "Token 已过期"],
      [unknown, "Token 不存在"],
    ]) {
      const reply = await test.app.inject({ method: "POST", url, payload: { token: sent } });
      expect([reply.statusCode, reply.json().errorCode]).toEqual([401, "INVALID_TOKEN"]);
      expect(reply.json().message).toBe(words);
    }
  });

  it("answers a call without a token with the words that the clients show", async () => {
    const { app } = shared();
    for (const url of ["/api/allinone/auth/me", "/api/allinone/inventory"]) {
      const reply = await app.inject({ method: "GET", url });
      expect([reply.statusCode, reply.json().message]).toEqual([401, "未授权"]);
    }
  });

  it("refuses another user's live token", async () => {
    const test = await useTestApp();
    const { token } = (await login(test, { allinoneUserId: "user-001" })).json();
    expect((await login(test, { allinoneUserId: "user-002", token })).statusCode).toBe(401);
  });

  it("opens a native player of the game with a proof of New Day alone", async () => {
    const secrets = `allinone=${SECRET},newday=${SECRET}`;
    const test = await useTestApp({ env: { NEWDAY_PLATFORM_SECRETS: secrets } });
    await test.database.db.query(
      `insert into public.players (id, nickname, preferences) values ('p1', 'P', '{"platform":"newday"}')`,
    );
    expect((await login(test, { allinoneUserId: "p1" })).statusCode).toBe(403);
    const foreign = await assertion({ sub: "p1" });
    const refused = await login(test, { allinoneUserId: "p1", assertion: foreign });
    expect([refused.statusCode, refused.json().errorCode]).toEqual([400, "INVALID_USER_ID"]);
    const own = await assertion({ sub: "p1", iss: "newday" });
    const opened = await login(test, { userId: "p1", platform: "newday", assertion: own });
    expect([opened.statusCode, opened.json().username]).toEqual([200, "P"]);
  });

  it("opens a verified user with proofs of the platform that verified them alone", async () => {
    const secrets = `allinone=${SECRET},direct=${SECRET}`;
    const test = await useTestApp({ env: { NEWDAY_PLATFORM_SECRETS: secrets } });
    const tryProof = async (userId: string, iss: string) => {
      const proof = await assertion({ sub: userId, iss });
      return (await login(test, { userId, platform: iss, assertion: proof })).statusCode;
    };
    // Named by one platform first, and verified by another.
    expect((await login(test, { userId: "user-001", platform: "direct" })).statusCode).toBe(200);
    expect(await tryProof("user-001", "allinone")).toBe(200);
    expect(await tryProof("user-001", "direct")).toBe(400);
    expect((await login(test, { userId: "user-001", platform: "direct" })).statusCode).toBe(403);
    const body = { assertion: await assertion({ iss: "direct" }) };
    const v1 = await test.app.inject({ method: "POST", url: "/api/v1/sessions", payload: body });
    expect([v1.statusCode, v1.json().code]).toEqual([400, "invalid_user_id"]);
    expect(await tryProof("user-001", "allinone")).toBe(200);
    const raced = await Promise.all(["allinone", "direct"].map((iss) => tryProof("user-002", iss)));
    expect(new Set(raced)).toEqual(new Set([200, 400]));
    // Verified by a release before: the next proof records its platform.
    await test.database.db.query("update newday.users set verified_by = null");
    expect(await tryProof("user-001", "direct")).toBe(200);
    expect(await tryProof("user-001", "allinone")).toBe(400);
  });

  it("opens no user of another platform, with a proof or without, in either order", async () => {
    const secrets = `allinone=${SECRET},steam=${SECRET}`;
    const test = await useTestApp({ env: { NEWDAY_PLATFORM_SECRETS: secrets } });
    const proof = await assertion({ iss: "steam", sub: "ada" });
    const ada = await login(test, { userId: "ada", platform: "steam", assertion: proof });
    expect(ada.json().userId).toBe("steam:ada");
    for (const userId of ["steam:ada", "steam:bob"]) {
      const unverified = await login(test, { userId });
      expect([unverified.statusCode, unverified.json().errorCode]).toEqual([
        400,
        "INVALID_USER_ID",
      ]);
      const signed = await login(test, { userId, assertion: await assertion({ sub: userId }) });
      expect([signed.statusCode, signed.json().errorCode]).toEqual([400, "INVALID_USER_ID"]);
    }
    expect((await login(test, { userId: "urn:5" })).json().userId).toBe("urn:5");
  });

  it("does not open a wallet that another platform's server made", async () => {
    const test = await useTestApp();
    await addTestPlatform(test.database.db, "gog");
    const { key } = await createPlatformKey(test.database.db, {
      platform: "gog",
      scopes: ["wallets:write"],
    });
    const headers = { authorization: `Bearer ${key}` };
    const url = "/api/v1/wallets/gog:ada";
    expect((await test.app.inject({ method: "PUT", url, headers })).statusCode).toBe(201);
    expect((await login(test, { userId: "gog:ada" })).statusCode).toBe(400);
    expect((await login(test, { userId: "gog:bob" })).statusCode).toBe(400);
  });

  it("refuses every login without an assertion in production", async () => {
    const env = { NEWDAY_MODE: "production", NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET}` };
    const test = await useTestApp({ env });
    expect((await login(test, { userId: "user-001" })).statusCode).toBe(403);
    const forged = await assertion({}, "another secret that is also long enough");
    expect((await login(test, { userId: "user-001", assertion: forged })).statusCode).toBe(401);
    for (const exp of [Math.floor(Date.now() / 1000) + 600, 1e18])
      expect(
        (await login(test, { userId: "user-001", assertion: await lasting(exp) })).statusCode,
      ).toBe(401);
    const other = await assertion({ sub: "user-002" });
    expect((await login(test, { userId: "user-001", assertion: other })).statusCode).toBe(403);
  });

  it.each([undefined, "Bearer", "Bearer local_user-001_1", 'Bearer {"token":"x"}', "Basic abc"])(
    "answers the header %s with 401 INVALID_TOKEN",
    async (authorization) => {
      const { app } = shared();
      const headers = authorization === undefined ? {} : { authorization };
      const reply = await app.inject({ url: "/api/allinone/wallet/balance", headers });
      expect([reply.statusCode, reply.json().errorCode]).toEqual([401, "INVALID_TOKEN"]);
    },
  );
});
