/** Whose request it is: addresses behind proxies, and what a limit counts. */
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { REQUESTS_PER_WINDOW } from "../../src/http/plugins/rate-limits.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import { share } from "../support/test-end.ts";

const SECRET = "s".repeat(32);
const PRODUCTION = { NEWDAY_MODE: "production", NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET}` };

interface Sent {
  readonly from?: string;
  readonly forwarded?: string;
  readonly token?: string;
}

/** How many requests this client has made in the window, this one included. */
async function count(
  { app }: TestApp,
  { from = "127.0.0.1", forwarded, token }: Sent,
): Promise<number> {
  const headers = {
    ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const reply = await app.inject({ url: "/api", headers, remoteAddress: from });
  return REQUESTS_PER_WINDOW - Number(reply.headers["x-ratelimit-remaining"]);
}

async function tokenOf({ app }: TestApp, userId: string): Promise<string> {
  const assertion = await new SignJWT({
    jti: crypto.randomUUID(),
    sub: userId,
    iss: "allinone",
    aud: "newday",
  })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(SECRET));
  const payload = { userId, assertion };
  const reply = await app.inject({ method: "POST", url: "/api/allinone/auth/login", payload });
  return reply.json().token;
}

describe("C2: X-Forwarded-For is believed as far as trusted proxies wrote it", () => {
  const shared = share(() => useTestApp());

  it.each([
    ["nothing trusted", "", ["203.0.113.9", "198.51.100.1, 203.0.113.9"], 1],
    [
      "one proxy, its client forges what stands left",
      "1",
      ["10.0.0.1, 203.0.113.9", "10.0.0.2,203.0.113.9", "junk, 203.0.113.9"],
      1,
    ],
    [
      "one proxy that adds ports",
      "1",
      ["203.0.113.9:4711", "203.0.113.9:4712", "x, 203.0.113.9"],
      1,
    ],
    [
      "one proxy, what it passed on is no address",
      "1",
      ["unknown", "203.0.113.9.1", "", "_hidden", "1.2.3.4.5, 0x7f.1"],
      1,
    ],
    ["two proxies", "2", ["6.6.6.6, 203.0.113.9, 10.1.1.1", "7.7.7.7, 203.0.113.9, 10.1.1.2"], 1],
    [
      "networks",
      "127.0.0.0/8,10.0.0.0/8",
      ["6.6.6.6, 203.0.113.9, 10.1.1.1", "203.0.113.9, 10.9.9.9, 10.1.1.1"],
      1,
    ],
    [
      "a network of the nearest proxy only",
      "127.0.0.1",
      ["6.6.6.6, 203.0.113.9", "10.0.0.1, 203.0.113.9"],
      1,
    ],
    ["IPv6 in brackets", "1", ["[2001:db8::1]:4711", "2001:DB8:0:0::1", "[2001:db8::2]"], 1],
    ["two clients behind one proxy", "1", ["203.0.113.9", "203.0.113.10"], 2],
  ])("%s", async (_, trust, chains, clients) => {
    const { database } = shared();
    const test = await useTestApp({ database, env: { ...PRODUCTION, NEWDAY_TRUST_PROXY: trust } });
    const counts: number[] = [];
    for (const forwarded of chains) counts.push(await count(test, { forwarded }));
    expect(Math.max(...counts)).toBe(clients === 1 ? chains.length : 1);
  });

  it("believes nothing of a client that reaches the server past its proxies", async () => {
    const test = await useTestApp({
      env: { ...PRODUCTION, NEWDAY_TRUST_PROXY: "10.0.0.0/8,fd00::/8" },
    });
    expect(await count(test, { from: "203.0.113.9", forwarded: "10.0.0.7" })).toBe(1);
    expect(await count(test, { from: "203.0.113.9", forwarded: "10.0.0.8" })).toBe(2);
    expect(await count(test, { from: "::ffff:10.0.0.1", forwarded: "203.0.113.9" })).toBe(3);
    expect(await count(test, { from: "fd00::7", forwarded: "203.0.113.9" })).toBe(4);
  });

  it("keeps the address that the trusted proxy saw in the record of an import", async () => {
    const test = await useTestApp({ env: { NEWDAY_TRUST_PROXY: "1" } });
    const login = { userId: "user-001" };
    const { token } = (
      await test.app.inject({ method: "POST", url: "/api/allinone/auth/login", payload: login })
    ).json();
    const headers = {
      authorization: `Bearer ${token}`,
      "x-forwarded-for": "10.6.6.6, ::FFFF:203.0.113.9",
    };
    const payload = {
      itemId: "i1",
      name: "Sword",
      itemType: "weapon",
      rarity: "common",
      quantity: 1,
    };
    const url = "/api/allinone/inventory/add";
    expect((await test.app.inject({ method: "POST", url, headers, payload })).statusCode).toBe(200);
    const [row] = await test.database.db.query("select address from newday.item_imports");
    expect(row).toEqual({ address: "203.0.113.9" });
  });

  it.each([
    "true",
    "yes",
    "1.5",
    "-1",
    "17",
    "10.0.0.0/33",
    "fd00::/129",
    "10.0.0.0/8,",
    "10.0.0.0/8, fd00::/8",
    "loopback",
  ])("refuses the setting %s with the remedy", async (value) => {
    const env = { NEWDAY_TRUST_PROXY: value };
    await expect(useTestApp({ env })).rejects.toThrow(
      /NEWDAY_TRUST_PROXY .*(number of proxies|no blanks)/,
    );
  });
});

describe("C8, M3: an IPv6 client is counted by its /64, and a mapped address as IPv4", () => {
  it("counts one household once, however many addresses it has", async () => {
    const test = await useTestApp({ env: PRODUCTION });
    const spellings = [
      "2001:db8:1:2::1",
      "2001:db8:1:2:ffff::",
      "2001:0DB8:0001:0002:a:b:c:d",
      "2001:db8:1:2::",
    ];
    for (const [index, from] of spellings.entries())
      expect(await count(test, { from })).toBe(index + 1);
    expect(await count(test, { from: "2001:db8:1:3::1" })).toBe(1);
    expect(await count(test, { from: "2001:db8::1" })).toBe(1);
    expect(await count(test, { from: "2001:db8::ffff:1" })).toBe(2);
    expect(await count(test, { from: "fe80::1%eth0" })).toBe(1);
    expect(await count(test, { from: "fe80::2%eth1" })).toBe(2);
  });

  it("counts every spelling of an IPv4 address as one", async () => {
    const test = await useTestApp({ env: PRODUCTION });
    const spellings = [
      "203.0.113.9",
      "::ffff:203.0.113.9",
      "::FFFF:cb00:7109",
      "0:0:0:0:0:ffff:203.0.113.9",
    ];
    for (const [index, from] of spellings.entries())
      expect(await count(test, { from })).toBe(index + 1);
    expect(await count(test, { from: "::ffff:203.0.113.10" })).toBe(1);
  });
});

describe("L7: a user with a session is counted as the user, not by address", () => {
  it("lets a school poll behind one address", async () => {
    const test = await useTestApp({ env: PRODUCTION });
    const tokens = await Promise.all(
      Array.from({ length: 120 }, (_, n) => tokenOf(test, `pupil-${n}`)),
    );
    const statuses = new Set<number>();
    for (const token of tokens)
      for (let poll = 0; poll < 12; poll += 1) {
        const headers = { authorization: `Bearer ${token}` };
        statuses.add((await test.app.inject({ url: "/api/allinone/auth/me", headers })).statusCode);
      }
    expect([...statuses]).toEqual([200]);
  });

  it("counts a user once from every address and session, and a made-up token by its address", async () => {
    const test = await useTestApp({ env: PRODUCTION });
    const [one, two] = [await tokenOf(test, "user-001"), await tokenOf(test, "user-001")];
    expect(await count(test, { token: one, from: "203.0.113.1" })).toBe(1);
    expect(await count(test, { token: two, from: "203.0.113.2" })).toBe(2);
    const from = "203.0.113.3";
    expect(await count(test, { token: `nd_token_${"A".repeat(43)}`, from })).toBe(1);
    expect(await count(test, { token: `nd_token_${"B".repeat(43)}`, from })).toBe(2);
    expect(await count(test, { token: "nonsense", from })).toBe(3);
  });
});

describe("L5: metrics and probes", () => {
  const KEY = "m".repeat(32);

  it("are outside the limits, by every spelling of their path", async () => {
    const test = await useTestApp({ env: { ...PRODUCTION, NEWDAY_METRICS_KEY: KEY } });
    const headers = { authorization: `Bearer ${KEY}` };
    for (const url of [
      "/metrics",
      "/healthz",
      "/readyz",
      "/healthz?x=1",
      "/metrics/",
      "http://x/readyz",
    ]) {
      const reply = await test.app.inject({ url, headers });
      expect([url, reply.statusCode, reply.headers["x-ratelimit-limit"]]).toEqual([
        url,
        200,
        undefined,
      ]);
    }
    expect(await count(test, {})).toBe(1);
  });

  it("production shows metrics to the holder of their key only", async () => {
    const closed = await useTestApp({ env: PRODUCTION });
    const refused = await closed.app.inject("/metrics");
    expect(refused.statusCode).toBe(403);
    expect(refused.json().details.remedy).toContain("NEWDAY_METRICS_KEY");
    const open = await useTestApp({ env: { ...PRODUCTION, NEWDAY_METRICS_KEY: KEY } });
    for (const authorization of [undefined, "Bearer x", `Bearer ${KEY}x`, `Basic ${KEY}`]) {
      const headers = authorization === undefined ? {} : { authorization };
      expect((await open.app.inject({ url: "/metrics", headers })).statusCode).toBe(401);
    }
    await expect(useTestApp({ env: { NEWDAY_METRICS_KEY: "short" } })).rejects.toThrow(
      /NEWDAY_METRICS_KEY/,
    );
  });

  it("leave /docs cached: rendered once, and 304 to a browser that has it", async () => {
    const { app } = await useTestApp();
    for (const url of ["/docs", "/docs/errors", "/docs/errors/not_found"]) {
      const first = await app.inject(url);
      const { etag, "cache-control": cached } = first.headers;
      expect([url, first.statusCode, cached]).toEqual([url, 200, "public, max-age=300"]);
      const again = await app.inject({ url, headers: { "if-none-match": String(etag) } });
      expect([url, again.statusCode, again.body]).toEqual([url, 304, ""]);
    }
  });

  it("a sandbox without a key shows them to its developer", async () => {
    const { app } = await useTestApp();
    expect((await app.inject("/metrics")).statusCode).toBe(200);
  });
});

describe("an error has the form of the surface that its path reaches", () => {
  const test = share(() => useTestApp());

  it.each([
    ["http://any.example/api/v1/wallets/user-001", "application/problem+json; charset=utf-8"],
    ["/api/%761/wallets/user-001", "application/problem+json; charset=utf-8"],
    ["http://any.example/api/v1/nowhere", "application/problem+json; charset=utf-8"],
    ["/api/v1?x", "application/problem+json; charset=utf-8"],
    ["/api/v10", "application/json; charset=utf-8"],
    ["http://any.example/nowhere?/api/v1", "application/json; charset=utf-8"],
  ])("%s", async (url, type) => {
    expect((await test().app.inject(url)).headers["content-type"]).toBe(type);
  });
});

describe("L3: a list in the settings is right, or refused by name at the start", () => {
  const good = "a".repeat(32);
  it.each([
    ["NEWDAY_PLATFORM_SECRETS", `allinone=${good},${good}`, /entry 2 is no pair/],
    ["NEWDAY_PLATFORM_SECRETS", `allinone=short,${good}`, /comma, and that of allinone is shorter/],
    ["NEWDAY_PLATFORM_SECRETS", `allinone=${good},allinone=${good}b`, /allinone stands twice/],
    ["NEWDAY_PLATFORM_SECRETS", `allinone=${good},`, /entry 2/],
    ["NEWDAY_PLATFORM_SECRETS", `,allinone=${good}`, /entry 1/],
    ["NEWDAY_PLATFORM_SECRETS", `allinone=${good}, steam=${good}`, /blanks.*entry 2/],
    ["NEWDAY_PLATFORM_SECRETS", `allinone=${good}\n`, /blanks.*entry 1/],
    ["NEWDAY_PLATFORM_SECRETS", `allinone= ${good}`, /blanks .*allinone/],
    ["NEWDAY_PLATFORM_SECRETS", `allinone =${good}`, /entry 1 is no pair/],
    ["NEWDAY_PLATFORM_SECRETS", " ", /entry 1/],
    ["NEWDAY_SERVICE_KEYS", `nd_service_${good}, nd_service_${good}`, /entry 2/],
    ["NEWDAY_SERVICE_KEYS", `nd_service_${good},`, /entry 2/],
    ["NEWDAY_ALLOWED_ORIGINS", "https://a.example, https://b.example", /entry 2/],
    ["NEWDAY_ALLOWED_ORIGINS", "https://a.example/", /without path/],
    ["NEWDAY_ALLOWED_ORIGINS", "https://A.example", /lower case/],
    ["NEWDAY_ALLOWED_ORIGINS", "https://a.example:443", /default port/],
    ["NEWDAY_ALLOWED_ORIGINS", "*", /holds origins/],
    ["PORT", "0x50", /whole number/],
    ["PORT", "5e3", /whole number/],
  ])("%s=%j", async (name, value, rule) => {
    const starting = useTestApp({ env: { [name]: value } });
    await expect(starting).rejects.toThrow(rule);
    await expect(starting).rejects.toThrow(name);
    if (name !== "NEWDAY_ALLOWED_ORIGINS") await expect(starting).rejects.not.toThrow(good);
  });
});
