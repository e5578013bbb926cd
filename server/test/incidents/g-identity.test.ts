/** docs/incidents.md G: identity and authorization, one test for each. */
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { useTestApp } from "../support/app.ts";
import { ADD, BALANCE, caller, INVENTORY, logIn, potion } from "../support/market.ts";

const LOGIN = "/api/allinone/auth/login";
const LOGOUT = "/api/allinone/auth/logout";
const SECRET = "a secret of a platform that is long enough";
const SECRETS = { NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET},steam=${SECRET}` };

function proof(claims: Record<string, string> = {}): Promise<string> {
  const whole = { jti: crypto.randomUUID(), iss: "allinone", aud: "newday", ...claims };
  return new SignJWT({ sub: "user-001", ...whole })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(SECRET));
}

describe("identity", () => {
  it("G1: an unverified login opens no user who was opened with proof, and health tells of it", async () => {
    const sandbox = caller(await useTestApp({ env: SECRETS }), "anybody");
    expect((await sandbox.get("/api/health")).body.permits.loginWithoutProof).toBe(true);
    const proven = await sandbox.post(LOGIN, { userId: "user-001", assertion: await proof() });
    expect(proven.status).toBe(200);
    expect((await sandbox.post(LOGIN, { userId: "user-001" })).status).toBe(403);
    const env = { ...SECRETS, NEWDAY_MODE: "production" };
    const production = caller(await useTestApp({ env }), "anybody");
    expect((await production.get("/api/health")).body.permits.loginWithoutProof).toBe(false);
    expect((await production.post(LOGIN, { userId: "user-002" })).status).toBe(403);
  });

  it("G2: neither `system` nor a native player of the game can be logged in as", async () => {
    const test = await useTestApp();
    await test.database.db.query(
      `insert into public.players (id, nickname, preferences)
       values ('native-1', 'N', '{"platform":"newday"}')`,
    );
    const anybody = caller(test, "anybody");
    expect((await anybody.post(LOGIN, { userId: "system" })).status).toBe(400);
    expect((await anybody.post(LOGIN, { userId: "native-1" })).status).toBe(403);
  });

  it("G3: user-001 of a second platform is another wallet than AllinONE's", async () => {
    const test = await useTestApp({ env: SECRETS });
    const ours = await logIn(test, "user-001");
    const assertion = await proof({ iss: "steam" });
    const body = { userId: "user-001", platform: "steam", assertion };
    const { token } = (await caller(test, "anybody").post(LOGIN, body)).body;
    const theirs = caller(test, "steam:user-001", token);
    await ours.post("/api/allinone/market/purchase", {
      itemId: "nd_market_magnifier",
      currencyType: "gameCoins",
    });
    expect((await ours.get(BALANCE)).body.gameCoins).toBe(975);
    expect((await theirs.get(BALANCE)).body).toMatchObject({
      userId: "steam:user-001",
      gameCoins: 1000,
    });
  });

  it("G4: a token is 256 random bits, and the database knows its hash only", async () => {
    const test = await useTestApp();
    const { token } = (await caller(test, "x").post(LOGIN, { userId: "user-001" })).body;
    expect(token).toMatch(/^nd_token_[A-Za-z0-9_-]{43}$/);
    const [row] = await test.database.db.query<{ stored: string }>(
      "select string_agg(s::text, ' ') as stored from newday.sessions s",
    );
    expect(row?.stored).not.toContain(token.slice("nd_token_".length));
    const hex = Buffer.from(token.slice("nd_token_".length), "base64url").toString("hex");
    expect(row?.stored).not.toContain(hex);
  });

  it("G5: a bad token at login is refused, never treated as none", async () => {
    const test = await useTestApp();
    const anybody = caller(test, "anybody");
    for (const token of ["nd_token_bad", "local_user-001_1", `nd_token_${"A".repeat(43)}`])
      expect((await anybody.post(LOGIN, { userId: "user-001", token })).status).toBe(401);
  });

  it("G6: a link with a token in it is told to no other site", async () => {
    const { app } = await useTestApp();
    const query = "?autoLogin=true&token=nd_token_x&userId=user-001";
    for (const [url, status] of [
      ["/", 303],
      ["/test-newday-integration.html", 200],
    ] as const) {
      const reply = await app.inject(url + query);
      expect([reply.statusCode, reply.headers["referrer-policy"]]).toEqual([status, "no-referrer"]);
    }
  });

  it("G7: a token can be ended, and all of a user's at once", async () => {
    const test = await useTestApp();
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => logIn(test, "user-001")));
    expect((await one?.post(LOGOUT))?.status).toBe(200);
    expect((await one?.get(BALANCE))?.status).toBe(401);
    expect((await two?.post(LOGOUT, { everywhere: true }))?.body.ended).toBe(2);
    expect((await three?.get(BALANCE))?.status).toBe(401);
  });

  it("G12: whoever looks a wallet up by its id learns balances, and nothing of its owner", async () => {
    const test = await useTestApp();
    await (await logIn(test, "user-001")).post(ADD, potion());
    const { wallet } = (await caller(test, "x").get("/api/shared/wallet/user-001")).body;
    expect(Object.keys(wallet)).toEqual([
      "id",
      "userId",
      "gameCoins",
      "cashBalance",
      "computingPower",
      "createdAt",
      "updatedAt",
    ]);
  });

  it("G21: production does not start without a secret, nor with a short one", () => {
    for (const secrets of [undefined, "", "allinone=short", "allinone="]) {
      const env: Record<string, string> = { NEWDAY_MODE: "production" };
      if (secrets !== undefined) env["NEWDAY_PLATFORM_SECRETS"] = secrets;
      expect(() => readConfig(env, "/nonexistent")).toThrow();
    }
  });

  it("G22: what another system takes for a credential opens nothing, nor does a proof for it", async () => {
    const test = await useTestApp({ env: SECRETS });
    for (const token of ["user-1", "test_token_user-001", await proof()])
      expect((await caller(test, "x", token).get(INVENTORY)).status).toBe(401);
    const assertion = await proof({ aud: "allinone" });
    const reply = await caller(test, "x").post(LOGIN, { userId: "user-001", assertion });
    expect(reply.status).toBe(401);
  });

  it("G27: deleting a player leaves the wallet and what is in it", async () => {
    const test = await useTestApp();
    const { db } = test.database;
    await db.query("insert into public.players (id, nickname) values ('gone-1', 'G')");
    const anybody = caller(test, "anybody");
    const before = (await anybody.get("/api/shared/wallet/gone-1")).body.wallet;
    await db.query("delete from public.players where id = 'gone-1'");
    const after = (await anybody.get("/api/shared/wallet/gone-1")).body;
    expect([after.wallet, after.isNewWallet]).toEqual([before, false]);
  });

  it("G28: a voucher with a weak signature proves nothing", async () => {
    const test = await useTestApp({ env: SECRETS });
    for (const assertion of ["user-001.1769000000.1a2b3c4d", "a".repeat(64), "e30.e30.e30"])
      expect((await caller(test, "x").post(LOGIN, { userId: "user-001", assertion })).status).toBe(
        401,
      );
  });
});
