import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, inject, it } from "vitest";
import { composeServices } from "../../src/compose.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { buildApp } from "../../src/http/app.ts";
import { toNewDayError } from "../../src/http/plugins/error-handler.ts";
import {
  KEY_REQUESTS_PER_WINDOW,
  LOGINS_PER_WINDOW,
  REQUESTS_PER_WINDOW,
} from "../../src/http/plugins/rate-limits.ts";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { useTestApp } from "../support/app.ts";
import { share } from "../support/test-end.ts";

describe("the rules of section 1", () => {
  const shared = share(() => useTestApp());

  it.each([
    ["GET", "/api/shared/wallet/user-001", 200],
    ["GET", "/api/shared/wallet/system", 400],
    ["GET", "/api/allinone/wallet/balance", 401],
    ["GET", "/nowhere", 404],
    ["GET", "/api/shared/wallet/%zz", 400],
    ["TRACE" as never, "/api", 405],
    ["DELETE", "/api/allinone/auth/login", 405],
    ["POST", "/api/allinone/auth/login", 400],
  ] as const)("puts CORS headers and JSON on %s %s (%i)", async (method, url, status) => {
    const { app } = shared();
    const reply = await app.inject({ method, url, headers: { origin: "null" } });
    expect(reply.statusCode).toBe(status);
    expect(reply.headers["access-control-allow-origin"]).toBe("*");
    expect(reply.headers["access-control-allow-credentials"]).toBeUndefined();
    expect(reply.headers["content-type"]).toMatch(/^application\/json/);
    expect(reply.json()).toHaveProperty("success");
  });

  it("echoes an allow-listed origin with credentials, and never `null`", async () => {
    const { app } = await useTestApp({
      env: { NEWDAY_ALLOWED_ORIGINS: "http://localhost:3000,null" },
    });
    const known = await app.inject({ url: "/api", headers: { origin: "http://localhost:3000" } });
    expect(known.headers).toMatchObject({
      "access-control-allow-origin": "http://localhost:3000",
      "access-control-allow-credentials": "true",
      vary: "Origin",
    });
    const none = await app.inject({ url: "/api", headers: { origin: "null" } });
    expect(none.headers["access-control-allow-origin"]).toBe("*");
  });

  it.each(["/api/allinone/auth/login", "/api/shared/wallet/x", "/nowhere/at/all"])(
    "answers the preflight of %s with 204, empty, from any origin",
    async (url) => {
      const { app } = shared();
      const headers = {
        origin: "http://localhost:5173",
        "access-control-request-method": "GET",
        "access-control-request-headers": "content-type,authorization",
      };
      const reply = await app.inject({ method: "OPTIONS", url, headers });
      expect([reply.statusCode, reply.body]).toEqual([204, ""]);
      expect(reply.headers["access-control-allow-headers"]).toMatch(/Content-Type, Authorization/);
      expect(reply.headers["access-control-allow-methods"]).toMatch(/GET, POST, PUT/);
    },
  );

  it("has the picture that every browser asks for", async () => {
    const { app } = shared();
    const { statusCode, headers, rawPayload } = await app.inject("/favicon.ico");
    expect([statusCode, headers["content-type"]]).toEqual([200, "image/x-icon"]);
    expect([...rawPayload.subarray(0, 4)]).toEqual([0, 0, 1, 0]);
  });

  it.each(["/", "/api", "/api/allinone", "/healthz", "/api/shared/wallet/user-001"])(
    "answers HEAD %s with 200 and no body",
    async (url) => {
      const { app } = shared();
      const reply = await app.inject({ method: "HEAD", url });
      expect([reply.statusCode, reply.body]).toEqual([200, ""]);
    },
  );

  it("names the methods of a path in Allow", async () => {
    const { app } = shared();
    const reply = await app.inject({ method: "GET", url: "/api/allinone/auth/login" });
    expect([reply.statusCode, reply.headers["allow"]]).toEqual([405, "POST, OPTIONS"]);
  });

  it("answers what is not HTTP with JSON that a page may read", async () => {
    const { app } = await useTestApp();
    const { port } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
    const socket = connect({ host: "127.0.0.1", port: Number(port) });
    socket.end(`GET /api HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(20_000)}\r\n\r\n`);
    const reply = await text(socket);
    expect(reply).toMatch(/^HTTP\/1\.1 431 /);
    expect(reply).toMatch(/Access-Control-Allow-Origin: \*/);
    expect(reply).toMatch(/"errorCode":"HEADERS_TOO_LARGE"/);
  });

  it("answers a request without a Host with JSON, and serves one that expects the unknown", async () => {
    const { app } = await useTestApp();
    const { port } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
    const ask = (head: string) => {
      const socket = connect({ host: "127.0.0.1", port: Number(port) });
      socket.end(`${head}\r\nConnection: close\r\n\r\n`);
      return text(socket);
    };
    const refused = await ask("GET /api HTTP/1.1");
    expect(refused).toMatch(/^HTTP\/1\.1 400 /);
    expect(refused).toMatch(/"errorCode":"MALFORMED_REQUEST"/);
    expect(await ask("GET /api HTTP/1.0")).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask("GET /api HTTP/1.1\r\nHost: x\r\nExpect: more")).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("does not blame the database when a client hangs up", () => {
    // As Fastify hands it on when a socket breaks in the middle of a body.
    const aborted = Object.assign(new Error("aborted"), { code: "ECONNRESET", statusCode: 400 });
    expect(toNewDayError(aborted).definition.status).toBe(400);
    const lost = Object.assign(new Error("read"), { code: "ECONNRESET" });
    expect(toNewDayError(lost).code).toBe("database_unavailable");
  });

  it("refuses a body of 10 MB with 413", async () => {
    const { app } = shared();
    const payload = JSON.stringify({ userId: "x".repeat(10_000_000) });
    const headers = { "content-type": "application/json" };
    const reply = await app.inject({
      method: "POST",
      url: "/api/allinone/auth/login",
      payload,
      headers,
    });
    expect([reply.statusCode, reply.json().errorCode]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });

  it("sends one error text under every name that a client reads, and a request id", async () => {
    const { app } = shared();
    const body = (await app.inject("/api/allinone/wallet/balance")).json();
    expect(body).toMatchObject({
      success: false,
      errorCode: "INVALID_TOKEN",
      code: "INVALID_TOKEN",
    });
    expect(body.error).toBe(body.message);
    expect(body.details).toEqual(body.errorDetail);
    expect(body.requestId).toEqual(expect.any(String));
  });

  it.each([
    ["is away", { host: "/nonexistent", database: "newday" }],
    ["was dropped", { database: "dropped" }],
  ])("answers 503 with a code while the database %s, and never a zeroed 200", async (_, where) => {
    const { services } = shared();
    const db = openDatabase({
      connection: { ...inject("servers").pg18, ...where },
      applicationName: "newday-test",
      poolSize: 1,
      connectTimeoutMs: 1_000,
      statementTimeoutMs: 1_000,
    });
    const app = await buildApp(composeServices(services.config, db, services.build));
    const reply = await app.inject("/api/shared/wallet/user-001");
    expect([reply.statusCode, reply.json().errorCode]).toEqual([503, "DATABASE_CONNECTION_ERROR"]);
    expect(reply.headers["retry-after"]).toBeDefined();
    expect((await app.inject("/readyz")).statusCode).toBe(503);
    expect((await app.inject("/healthz")).statusCode).toBe(200);
    await app.close();
  });
});

const PRODUCTION = {
  NEWDAY_MODE: "production",
  NEWDAY_PLATFORM_SECRETS: `allinone=${"s".repeat(32)}`,
};

describe("limits in production", () => {
  it("answers a flood of logins from one address with 429, Retry-After and the envelope", async () => {
    const { app } = await useTestApp({ env: PRODUCTION });
    const login = () =>
      app.inject({ method: "POST", url: "/api/allinone/auth/login", payload: {} });
    for (let count = 0; count < LOGINS_PER_WINDOW; count += 1)
      expect((await login()).statusCode).toBe(400);
    const refused = await login();
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(1);
    expect(refused.headers["access-control-allow-origin"]).toBe("*");
    expect(refused.json()).toMatchObject({ success: false, errorCode: "RATE_LIMITED" });
  });

  it("counts a platform's server by its key, and a made-up key by its address", async () => {
    const { app, services } = await useTestApp({ env: PRODUCTION });
    const wanted = { platform: "allinone", scopes: ["wallets:read"] };
    const [{ key }, other] = [
      await createPlatformKey(services.db, wanted),
      await createPlatformKey(services.db, wanted),
    ];
    const ask = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const reply = await app.inject({ url: "/api/v1/wallets/nobody", headers });
      const { "x-ratelimit-limit": limit, "x-ratelimit-remaining": left } = reply.headers;
      return [reply.statusCode, limit, left].map(Number);
    };
    const madeUp = `nd_key_${"x".repeat(43)}`;
    expect(await ask(madeUp)).toEqual([401, REQUESTS_PER_WINDOW, REQUESTS_PER_WINDOW - 1]);
    for (let count = 1; count < REQUESTS_PER_WINDOW; count += 1) await app.inject("/api");
    expect(await ask(madeUp)).toEqual([429, REQUESTS_PER_WINDOW, 0]);
    expect(await ask(key)).toEqual([404, KEY_REQUESTS_PER_WINDOW, KEY_REQUESTS_PER_WINDOW - 1]);
    expect(await ask(key)).toEqual([404, KEY_REQUESTS_PER_WINDOW, KEY_REQUESTS_PER_WINDOW - 2]);
    expect((await ask(other.key))[2]).toBe(KEY_REQUESTS_PER_WINDOW - 1);
  });
});

describe("balance", () => {
  it("shows one coin under three names in all three places, with updatedAt", async () => {
    const { app } = await useTestApp();
    const payload = { allinoneUserId: "user-001" };
    const { token } = (
      await app.inject({ method: "POST", url: "/api/allinone/auth/login", payload })
    ).json();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = (await app.inject({ url: "/api/allinone/wallet/balance", headers })).json();
    const coins = { gameCoins: 1000, newDayGameCoins: 1000, computingPower: 0, cash: 0 };
    expect(body).toMatchObject({
      success: true,
      ...coins,
      balance: coins,
      data: coins,
      userId: "user-001",
    });
    expect(body.balance).toMatchObject({ cashBalance: 0, newDayCoins: 1000, aCoins: 0 });
    expect(body.updatedAt).toMatch(/T.*Z$/);
  });
});
