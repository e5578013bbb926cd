/** docs/incidents.md G as attacks on one running production server, one test for each entry. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openSession } from "../../src/identity/sessions.ts";
import { createTestDatabase } from "../support/database.ts";
import {
  ADD,
  BALANCE,
  INVENTORY,
  LIST,
  potion,
  PURCHASE,
  TRANSFER,
  withinOneDay,
} from "../support/market.ts";
import { spawnServer } from "../support/spawn-server.ts";
import {
  ALL_BUT_MINT,
  assertion,
  LOGIN,
  SECRETS,
  SERVICE_KEY,
  startProduction,
  type Answer,
  type Player,
  type Production,
} from "./production.ts";

const V1 = "/api/v1";
const MAGNIFIER = { itemId: "nd_market_magnifier", currencyType: "gameCoins" };
const COIN = { currency: "game_coins" };

let production: Production;
let call: Production["call"];
let player: Production["player"];

beforeAll(async () => {
  production = await startProduction();
  ({ call, player } = production);
}, 120_000);

afterAll(() => production.stop());

function tryLogin(body: object, from?: string): Promise<Answer> {
  return call("POST", LOGIN, { body, ...(from !== undefined && { from }) });
}

async function coinsOf(user: Player): Promise<number> {
  return (await user.get(BALANCE)).body.gameCoins;
}

async function importOne(user: Player, overrides: object = {}): Promise<string> {
  return (await user.post(ADD, potion(overrides))).body.item.id;
}

async function listOne(user: Player, coins: number): Promise<string> {
  const itemId = await importOne(user);
  const offer = { itemId, name: "x", itemType: "consumable", price: { gameCoins: coins } };
  return (await user.post(LIST, offer)).body.item.id;
}

function buy(user: Player, itemId: string, headers: Record<string, string> = {}): Promise<Answer> {
  return user.post(PURCHASE, { itemId, currencyType: "gameCoins" }, headers);
}

const statusesOf = (answers: readonly Answer[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

describe("attacks on production", () => {
  it("G1: an id without a proof opens no user, and a proof only its own user, once, for minutes", async () => {
    const { body } = await call("GET", "/api/health");
    expect(body.permits).toMatchObject({ loginWithoutProof: false, compatibilityLogins: [] });
    for (const userId of ["user-001", "platform-founder", "g1-never-seen"])
      for (const platform of ["allinone", "newday", "direct"])
        expect((await tryLogin({ userId, platform })).status).toBe(403);
    const proof = await assertion({ sub: "g1" });
    expect((await tryLogin({ userId: "g1", assertion: proof })).status).toBe(200);
    const now = Math.floor(Date.now() / 1000);
    const others = await assertion({ sub: "g1-other" });
    expect((await tryLogin({ userId: "g1", assertion: others })).status).toBe(403);
    const useless = [
      proof, // used
      await assertion({ sub: "g1", iat: now - 600, exp: now - 300 }),
      await assertion({ sub: "g1", exp: now + 86_400 }),
      await assertion({ sub: "g1" }, SECRETS.steam),
      await assertion({ sub: "g1", iss: "steam" }, SECRETS.steam),
    ];
    for (const [at, one] of useless.entries())
      expect([at, (await tryLogin({ userId: "g1", assertion: one })).status]).toEqual([at, 401]);
  });

  it("G2: neither `system` nor a native player of the game can be logged in as", async () => {
    await production.database.db.query(
      `insert into public.players (id, nickname, preferences)
        values ('g2-native', 'N', '{"platform":"newday"}')`,
    );
    for (const userId of ["system", "g2-native"]) {
      const opened = await tryLogin({ userId, assertion: await assertion({ sub: userId }) });
      expect([userId, opened.status]).toEqual([userId, 400]);
      expect([userId, [400, 403].includes((await tryLogin({ userId })).status)]).toEqual([
        userId,
        true,
      ]);
      const as = await production.keyOf(ALL_BUT_MINT);
      const reached = await call("GET", `${V1}/wallets/${userId}`, { as });
      expect([userId, [400, 404].includes(reached.status)]).toEqual([userId, true]);
    }
  });

  it("G3: equal ids of two platforms are two users with two wallets", async () => {
    const [ours, theirs] = [await player("g3"), await player("g3", "steam")];
    expect((await buy(ours, MAGNIFIER.itemId)).status).toBe(200);
    expect((await theirs.get(BALANCE)).body).toMatchObject({ userId: "steam:g3", gameCoins: 0 });
    expect((await theirs.get(INVENTORY)).body.total).toBe(0);
    expect((await theirs.get(`${V1}/wallets/allinone:g3`)).status).toBe(404);
    expect((await theirs.get(`${V1}/wallets/g3`)).body.userId).toBe("steam:g3");
  });

  it("G4: a token is 256 random bits, and the database stores its hash only", async () => {
    const tokens = (await Promise.all([1, 2, 3, 4].map(() => player("g4")))).map(
      ({ token }) => token,
    );
    expect(new Set(tokens.map((token) => token.slice(0, 14))).size).toBe(tokens.length);
    const [row] = await production.database.db.query<{ stored: string }>(
      "select string_agg(s::text, ' ') as stored from newday.sessions s",
    );
    for (const token of tokens) {
      expect(token).toMatch(/^nd_token_[A-Za-z0-9_-]{43}$/);
      const secret = token.slice("nd_token_".length);
      expect(row?.stored).not.toContain(secret);
      expect(row?.stored).not.toContain(Buffer.from(secret, "base64url").toString("hex"));
    }
  });

  it("G5: a bad token at login is refused, never treated as none", async () => {
    const { token: others } = await player("g5-other");
    for (const token of ["nd_token_bad", "local_g5_1", `nd_token_${"A".repeat(43)}`, others]) {
      const { status, body } = await tryLogin({ userId: "g5", token });
      expect([token, status, body.token]).toEqual([token, status === 403 ? 403 : 401, undefined]);
    }
  });

  it("G6: a token in an address authenticates nothing, and stands in no log, page or Referer", async () => {
    const { token, userId } = await player("g6");
    const query = `?autoLogin=true&token=${token}&userId=${userId}`;
    for (const path of ["/", "/game", "/login"]) {
      const { status, headers, text } = await call("GET", path + query);
      expect([path, status, headers.get("location")]).toEqual([path, 303, "/game"]);
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(text).not.toContain(token);
    }
    expect((await call("GET", `${BALANCE}?token=${token}`)).status).toBe(401);
    expect((await call("GET", `${V1}/sessions?token=${token}`)).status).toBe(401);
    expect(production.server.output()).not.toContain(token);
  });

  it("G7: a token can be ended, and all of a user's at once, and none lives beyond fifty", async () => {
    const [one, two, three] = [await player("g7"), await player("g7"), await player("g7")];
    expect((await one.post("/api/allinone/auth/logout")).status).toBe(200);
    expect((await one.get(BALANCE)).status).toBe(401);
    const all = await two.post("/api/allinone/auth/logout", { everywhere: true });
    expect(all.body.ended).toBe(2);
    expect((await three.get(BALANCE)).status).toBe(401);
    const first = await player("g7");
    for (let round = 0; round < 5; round += 1)
      await Promise.all(Array.from({ length: 10 }, () => player("g7")));
    await expect.poll(async () => (await first.get(BALANCE)).status).toBe(401);
  });

  it("G8: the actor is the token, whatever user the body names", async () => {
    const [user, victim] = [await player("g8"), await player("g8-victim")];
    const named = { userId: "g8-victim", buyerId: "g8-victim", ownerId: "g8-victim" };
    expect((await user.post(PURCHASE, { ...MAGNIFIER, ...named })).status).toBe(200);
    expect((await user.post(ADD, potion(named))).status).toBe(200);
    const shared = "/api/shared/marketplace";
    const offer = { name: "x", category: "weapon", price: 5, currency: "gameCoins" };
    for (const as of [user.token, undefined]) {
      const refused = as === undefined ? 401 : 403;
      const sold = await call("POST", shared, { as, body: { ...offer, ...named } });
      const path = `${shared}/${MAGNIFIER.itemId}/purchase`;
      const bought = await call("POST", path, { as, body: { buyerId: "g8-victim" } });
      expect([sold.status, bought.status]).toEqual([refused, refused]);
    }
    expect(await coinsOf(victim)).toBe(1000);
    expect((await victim.get(INVENTORY)).body.total).toBe(0);
  });

  it("G9: minting, burning and opening wallets need the game's own key", async () => {
    const user = await player("g9");
    const key = await production.keyOf(ALL_BUT_MINT);
    const body = { userId: "g9", amount: 1000, currency: "gameCoins" };
    for (const path of ["/api/wallet/reward", "/api/wallet/deduct", "/api/wallet/init"]) {
      expect([path, (await user.post(path, body)).status]).toEqual([path, 403]);
      for (const as of [undefined, key, `${SERVICE_KEY}x`, SERVICE_KEY.toUpperCase()])
        expect([path, (await call("POST", path, { as, body })).status]).toEqual([path, 401]);
    }
    const mint = { userId: "g9", ...COIN, amount: "5" };
    const headers = { "idempotency-key": "g9" };
    expect((await call("POST", `${V1}/mints`, { as: key, body: mint, headers })).status).toBe(403);
    expect(await coinsOf(user)).toBe(1000);
  });

  it("G10: a `playerId` in the body uses, skips and revives for no player", async () => {
    const [user, victim] = [await player("g10"), await player("g10-victim")];
    const itemId = await importOne(victim);
    const body = { playerId: "g10-victim", itemId };
    for (const path of ["items/use", "items/use-skip", "items/use-skip-game", "revive"]) {
      const url = `/api/adventures/${path}`;
      expect([path, (await user.post(url, body)).status]).toEqual([path, 403]);
      expect([path, (await call("POST", url, { body })).status]).toEqual([path, 401]);
    }
    const list = "/api/adventures/items?playerId=g10-victim";
    expect([(await user.get(list)).status, (await call("GET", list)).status]).toEqual([403, 401]);
    expect((await victim.get(INVENTORY)).body.total).toBe(1);
    expect(await coinsOf(victim)).toBe(1000);
  });

  it("G11: wallets that GETs make are few, cannot spend, and pay no other user", async () => {
    const from = "203.0.113.11";
    const reads = await Promise.all(
      Array.from({ length: 310 }, (_, n) => call("GET", `/api/shared/wallet/g11-${n}`, { from })),
    );
    const made = reads.filter(({ status }) => status === 200);
    expect(made.length).toBeLessThanOrEqual(300);
    expect(reads.find(({ status }) => status === 429)?.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(made[0]?.body).toMatchObject({ gameCoins: 1000, isNewWallet: true });
    const spend = { ...MAGNIFIER, buyerId: "g11-0", userId: "g11-0" };
    expect((await call("POST", PURCHASE, { body: spend })).status).toBe(401);
    const as = await production.keyOf(["transfers:write"]);
    const thief = await player("g11-thief");
    const body = { from: "g11-0", to: "g11-thief", ...COIN, amount: "1" };
    const headers = { "idempotency-key": "g11" };
    const paid = await call("POST", `${V1}/transfers`, { as, body, headers });
    expect([paid.status, paid.body.code]).toEqual([403, "coins_locked"]);
    expect(await coinsOf(thief)).toBe(1000);
  });

  it("G12: a look-up of a wallet by its id tells balances alone; everything else is its owner's", async () => {
    await importOne(await player("g12"));
    const { wallet } = (await call("GET", "/api/shared/wallet/g12")).body;
    expect(Object.keys(wallet)).toEqual([
      "id",
      "userId",
      "gameCoins",
      "cashBalance",
      "computingPower",
      "createdAt",
      "updatedAt",
    ]);
    const other = await player("g12-other");
    for (const path of ["", "/items", "/holds", "/purchases", "/accounts/game_coins/statement"]) {
      const url = `${V1}/wallets/g12${path}`;
      expect([path, (await other.get(url)).status]).toEqual([path, 404]);
      expect([path, (await call("GET", url)).status]).toEqual([path, 401]);
    }
  });

  it("G13: an import has a daily quota and shows its origin to buyers", async () => {
    await withinOneDay();
    const user = await player("g13");
    const listing = await listOne(user, 5);
    for (let n = 1; n < 10; n += 1) await importOne(user);
    expect((await user.post(ADD, potion())).status).toBe(429);
    const shown = await user.get(`${V1}/listings/${listing}`);
    expect(shown.body.origin).toBe("allinone_official_store");
    const [item] = (await user.get(INVENTORY)).body.items;
    expect(item.source).toBe("allinone_official_store");
  });

  it("G14: forty buyers at once take one item once, and one buyer cannot spend a coin twice", async () => {
    const seller = await player("g14-seller");
    const listing = await listOne(seller, 100);
    const buyers = await Promise.all(Array.from({ length: 40 }, (_, n) => player(`g14-${n}`)));
    const taken = await Promise.all(buyers.map((buyer) => buy(buyer, listing)));
    expect(statusesOf(taken)).toEqual([200, ...Array.from({ length: 39 }, () => 409)]);
    expect(await coinsOf(seller)).toBe(1100);
    const [poor] = buyers.filter((_buyer, at) => taken[at]?.status === 409);
    if (!poor) throw new Error("unreachable");
    const spent = await Promise.all(Array.from({ length: 50 }, () => buy(poor, MAGNIFIER.itemId)));
    expect(statusesOf(spent)).toEqual([
      ...Array.from({ length: 40 }, () => 200),
      ...Array.from({ length: 10 }, () => 400),
    ]);
    expect([await coinsOf(poor), (await poor.get(INVENTORY)).body.total]).toEqual([0, 40]);
  });

  it("G15: numbers that are no whole number in range are refused everywhere, and change nothing", async () => {
    const user = await player("g15");
    const itemId = await importOne(user);
    for (const quantity of [-5, 0, 1.5, 1e308, "1", 1_000_001])
      for (const { status, body } of [
        await user.post(ADD, potion({ quantity })),
        await user.post(PURCHASE, { ...MAGNIFIER, quantity }),
        await user.post(TRANSFER, { itemId, targetPlatform: "allinone", quantity }),
      ])
        expect([quantity, status, body.errorCode]).toEqual([quantity, 400, "INVALID_QUANTITY"]);
    for (const amount of ["-5", "0", "1.5", "1e3", "9".repeat(30), 5]) {
      const body = { from: "g15", to: "g15-other", ...COIN, amount };
      const paid = await user.post(`${V1}/transfers`, body, { "idempotency-key": `g15-${amount}` });
      expect([amount, paid.status]).toEqual([amount, 400]);
    }
    expect([await coinsOf(user), (await user.get(INVENTORY)).body.total]).toEqual([1000, 1]);
  });

  it("G16: an own listing cannot be bought, and no user pays themselves", async () => {
    const user = await player("g16");
    expect((await buy(user, await listOne(user, 5))).status).toBe(403);
    const body = { from: "g16", to: "allinone:g16", ...COIN, amount: "5" };
    const paid = await user.post(`${V1}/transfers`, body, { "idempotency-key": "g16" });
    expect([paid.status, paid.body.code]).toEqual([422, "same_account"]);
    expect(await coinsOf(user)).toBe(1000);
  });

  it("G17: a retry is the same purchase and the same export", async () => {
    const user = await player("g17");
    const key = { "idempotency-key": "g17" };
    const bought = await Promise.all([1, 2, 3].map(() => buy(user, MAGNIFIER.itemId, key)));
    expect(new Set(bought.map(({ body }) => body.transactionId)).size).toBe(1);
    expect(await coinsOf(user)).toBe(975);
    const away = { itemId: bought[0]?.body.item.id, targetPlatform: "allinone", quantity: 1 };
    const sent = await Promise.all([1, 2, 3].map(() => user.post(TRANSFER, away)));
    expect(new Set(sent.map(({ status, body }) => `${status} ${body.transferId}`)).size).toBe(1);
  });

  it("G18: no refusal carries SQL, a stack or a path of the machine", async () => {
    const user = await player("g18");
    const replies = [
      await user.post(ADD, potion({ itemId: "x'; drop table newday.items; --".repeat(20) })),
      await user.post(PURCHASE, { itemId: "'", currencyType: "'" }),
      await call("GET", "/api/shared/wallet/%00"),
      await user.get(`${V1}/items/%27`),
      await user.get(`${V1}/wallets/g18/items?cursor=%27`),
      await call("GET", "/%c0%ae%c0%ae/etc/passwd"),
    ];
    for (const { status, text, headers } of replies) {
      expect([status >= 400 && status < 500, headers.has("x-request-id")]).toEqual([true, true]);
      expect(text).not.toMatch(/select |insert into|\$1|\.[tj]s:\d|node_modules|\/server\//i);
    }
  });

  it("G19: no name, description or picture carries markup, and pages load no foreign script", async () => {
    const user = await player("g19");
    for (const bad of [
      { name: "<b>x</b>" },
      { description: "<img src=x onerror=alert(1)>" },
      { imageUrl: "http://x.example/a.png" },
      { imageUrl: "javascript:alert(1)" },
      { imageUrl: "data:text/html,x" },
      { icon: "<svg>" },
      { stats: { note: "<i>" } },
    ])
      expect([bad, (await user.post(ADD, potion(bad))).status]).toEqual([bad, 400]);
    for (const path of ["/game", "/test-newday-integration.html"])
      expect((await call("GET", path)).headers.get("content-security-policy")).toMatch(
        /^default-src 'none'; script-src 'self'/,
      );
  });

  it("G20: object bombs in stats are refused before they are stored", async () => {
    const user = await player("g20");
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, n]));
    const polluting: unknown = JSON.parse('{"__proto__":{"isAdmin":true}}');
    const bombs = [{ a: { b: { c: 1 } } }, { a: [1] }, [1], many, { constructor: 1 }, polluting];
    for (const stats of bombs) expect((await user.post(ADD, potion({ stats }))).status).toBe(400);
    const deep = { ...potion(), stats: { a: "x".repeat(70_000) } };
    expect((await user.post(ADD, deep)).status).toBe(413);
    expect((await user.get(INVENTORY)).body.total).toBe(0);
  });

  it("G21: production does not start without a secret, nor with a short one", async () => {
    const settings = { NEWDAY_MODE: "production" };
    for (const secrets of ["allinone=short", "allinone", `ALLINONE=${SECRETS.allinone}`])
      expect(() =>
        readConfig({ ...settings, NEWDAY_PLATFORM_SECRETS: secrets }, "/nonexistent"),
      ).toThrow();
    const database = await createTestDatabase({ template: "adopted" });
    const server = spawnServer({ ...settings, DATABASE_URL: database.url });
    const ended = await server.exited;
    await database.drop();
    expect([ended, server.output()]).toEqual([
      2,
      expect.stringMatching(/NEWDAY_PLATFORM_SECRETS .*newday platform add/),
    ]);
  });

  it("G22: what another system takes for a credential opens nothing, nor does a proof for it", async () => {
    for (const as of ["user-1", "test_token_user-001", "g22", await assertion()])
      expect((await call("GET", INVENTORY, { as })).status).toBe(401);
    const elsewhere = await assertion({ aud: "allinone" });
    expect((await tryLogin({ userId: "user-001", assertion: elsewhere })).status).toBe(401);
    // AllinONE's backend reads `user-<n>` out of any bearer: our tokens hold no id.
    const { token } = await player("user-2200");
    expect(token).not.toMatch(/user-\d/);
  });

  it("G23: a password of a connection string is in no output", async () => {
    const password = "hunter2-of-the-database";
    const server = spawnServer({
      NEWDAY_MODE: "production",
      NEWDAY_PLATFORM_SECRETS: `allinone=${SECRETS.allinone}`,
      DATABASE_URL: `postgres://newday:${password}@127.0.0.1:1/newday`,
    });
    expect(await server.exited).not.toBe(0);
    expect(server.output()).not.toContain(password);
    for (const secret of [...Object.values(SECRETS), SERVICE_KEY])
      expect([server.output(), production.server.output()].join()).not.toContain(secret);
  });

  it("G24: opening the game pays nothing, and no user can report a reward", async () => {
    const user = await player("g24");
    const link = `?autoLogin=true&token=${user.token}&userId=g24`;
    for (const path of ["/", "/game", "/login", "/test-newday-integration.html"])
      expect((await call("GET", path + link)).status).toBeLessThan(400);
    for (const path of ["/api/wallet/reward", "/api/adventures/1/complete", `${V1}/rewards`])
      expect((await user.post(path, { userId: "g24", gameCoins: 5 })).status).toBeGreaterThan(400);
    expect(await coinsOf(user)).toBe(1000);
  });

  it("G25: users and addresses have limits that end in Retry-After, and imports and money an audit row", async () => {
    await withinOneDay();
    const from = "203.0.113.25";
    const logins = await Promise.all(
      Array.from({ length: 310 }, () => tryLogin({ userId: "g25-guess" }, from)),
    );
    const refused = logins.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    const user = await player("g25");
    const address = "198.51.100.25";
    for (let n = 0; n < 10; n += 1)
      await call("POST", ADD, { as: user.token, body: potion(), from: address });
    const over = await user.post(ADD, potion());
    expect([over.status, Number(over.headers.get("retry-after")) > 0]).toEqual([429, true]);
    const { transactionId } = (await buy(user, MAGNIFIER.itemId)).body;
    const { db } = production.database;
    const imports = await db.query(
      "select 1 from newday.item_imports where owner_id = 'g25' and host(address::inet) = $1",
      [address],
    );
    expect(imports).toHaveLength(10);
    const [posted] = await db.query<{ caller: string }>(
      "select caller from newday.transfers where id = $1",
      [transactionId],
    );
    expect(posted?.caller).toBe("user:g25");
  });

  it("G26: refusals tell apart neither items, users nor tokens that exist from those that do not", async () => {
    const [user, other] = [await player("g26"), await player("g26-other")];
    const theirs = await importOne(other);
    const tellOf = ({ status, body }: Answer) => [status, body.message ?? body.title, body.code];
    const pairs = [
      [theirs, "inv-none"].map((itemId) =>
        user.post(TRANSFER, { itemId, targetPlatform: "allinone" }),
      ),
      [theirs, "inv-none"].map((id) => user.get(`${V1}/items/${id}`)),
      ["g26-other", "g26-none"].map((userId) => tryLogin({ userId })),
      ["g26-other", "g26-none"].map((id) => user.get(`${V1}/wallets/${id}`)),
    ];
    for (const [real, none] of await Promise.all(pairs.map((pair) => Promise.all(pair)))) {
      if (!real || !none) throw new Error("unreachable");
      expect(real.status).toBeGreaterThanOrEqual(400);
      expect(tellOf(real)).toEqual(tellOf(none));
    }
  });

  it("G27: deleting a player leaves the wallet and what is in it", async () => {
    const { db } = production.database;
    await db.query("insert into public.players (id, nickname) values ('g27', 'G')");
    const before = (await call("GET", "/api/shared/wallet/g27")).body.wallet;
    await db.query("delete from public.players where id = 'g27'");
    const after = (await call("GET", "/api/shared/wallet/g27")).body;
    expect([after.wallet, after.isNewWallet]).toEqual([before, false]);
  });

  it("G28: a voucher with a weak signature proves nothing", async () => {
    for (const proof of ["user-001.1769000000.1a2b3c4d", "a".repeat(64), "e30.e30.e30"])
      expect((await tryLogin({ userId: "user-001", assertion: proof })).status).toBe(401);
  });

  it("H4: production refuses a session without a proof, and the first proof ends it for good", async () => {
    const user = await player("h4");
    const unverified = { userId: "h4", platform: "allinone", secretMark: null };
    const { token } = await production.database.db.transaction((tx) => openSession(tx, unverified));
    const body = { from: "h4", to: "h4-thief", ...COIN, amount: "5" };
    const headers = { "idempotency-key": "h4" };
    const tries = async () => [
      (await call("GET", BALANCE, { as: token })).status,
      (await call("POST", `${V1}/transfers`, { as: token, body, headers })).status,
      (await tryLogin({ userId: "h4", token })).status,
    ];
    expect(await tries()).toEqual([401, 401, 401]);
    await player("h4");
    expect(await tries()).toEqual([401, 401, 401]);
    expect(await coinsOf(user)).toBe(1000);
  });

  it("H5: a key without `mint` collects no starter coin of wallets that it or a reader opened", async () => {
    const as = await production.keyOf(ALL_BUT_MINT);
    const thief = await player("h5-thief");
    const ids = Array.from({ length: 200 }, (_, n) => `h5-${n}`);
    await Promise.all(
      ids.map((id, n) =>
        n % 2 === 0
          ? call("PUT", `${V1}/wallets/${id}`, { as, body: {} })
          : call("GET", `/api/shared/wallet/${id}`),
      ),
    );
    const post = (path: string, body: object) =>
      call("POST", V1 + path, { as, body, headers: { "idempotency-key": crypto.randomUUID() } });
    const give = ids.map((from) => ({ from, to: "h5-thief", ...COIN, amount: "1000" }));
    const bulk = await post("/transfers/bulk", { mode: "independent", transfers: give });
    expect(bulk.body).toMatchObject({ posted: 0, refused: 200 });
    const junk = await listOne(thief, 900);
    for (const from of ids.slice(0, 2)) {
      expect((await post("/holds", { from, to: "h5-thief", ...COIN, amount: "5" })).status).toBe(
        403,
      );
      const bought = await post("/purchases", { userId: from, listingId: junk });
      expect([bought.status, bought.body.code]).toEqual([403, "coins_locked"]);
    }
    expect(await coinsOf(thief)).toBe(1000);
  });
});
