/** CORS, methods and caching: what a browser lets a partner's page send, read and keep. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { share } from "../support/test-end.ts";

const PRODUCTION = {
  NEWDAY_MODE: "production",
  NEWDAY_PLATFORM_SECRETS: `allinone=${"s".repeat(32)}`,
};

const sandbox = share(() => useTestApp());
const production = share(() => useTestApp({ env: PRODUCTION }));

async function preflight(headers: Record<string, string>, { app } = sandbox()) {
  const reply = await app.inject({
    method: "OPTIONS",
    url: "/api/v1/transfers",
    headers: {
      origin: "https://partner.example",
      "access-control-request-method": "POST",
      ...headers,
    },
  });
  expect(reply.statusCode).toBe(204);
  return reply.headers;
}

const names = (list: unknown) => String(list).toLowerCase().split(/, */);

describe("C6: a partner who adds monitoring keeps the API", () => {
  it.each([
    "traceparent,tracestate,baggage",
    "sentry-trace, if-none-match",
    "x-requested-with,cache-control,pragma",
    "X-B3-TraceId,uber-trace-id,x-datadog-origin",
    "authorization,x-header-of-tomorrow",
  ])("allows %s", async (asked) => {
    const allowed = names(
      (await preflight({ "access-control-request-headers": asked }))[
        "access-control-allow-headers"
      ],
    );
    expect(allowed).toEqual(expect.arrayContaining(names(asked)));
    expect(allowed).toEqual(
      expect.arrayContaining(["content-type", "authorization", "idempotency-key"]),
    );
  });

  it("reflects names only, each once", async () => {
    const asked = 'x-ok, bad name, "x", <b>, traceparent,traceparent,,Content-Type';
    const allowed = (await preflight({ "access-control-request-headers": asked }))[
      "access-control-allow-headers"
    ];
    expect(names(allowed).slice(7)).toEqual(["x-ok", "traceparent"]);
  });

  it("varies with what was asked, so that no cache mixes two answers", async () => {
    expect((await preflight({}))["vary"]).toContain("Access-Control-Request-Headers");
  });
});

/** Read by browsers themselves, never hidden (CORS-safelisted in Fetch), or never shown to a page (`set-cookie`). */
const NOT_FOR_PAGES =
  /^(access-control-.*|cache-control|content-encoding|content-security-policy|content-type|referrer-policy|set-cookie|vary|x-content-type-options)$/;

it("C4: every header that the server sets can be read by a page of another origin", async () => {
  const { app } = production();
  const exposed = names((await app.inject("/api")).headers["access-control-expose-headers"]);
  const folder = join(import.meta.dirname, "../../src/http");
  const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const set = [...source.matchAll(/\.header\(\s*"([a-z-]+)"/g)].map(([, name]) => String(name));
  const live = Object.keys((await app.inject("/api/shared/wallet/user-001")).headers);
  const sent = new Set([...set, ...live.filter((name) => name.startsWith("x-")), "retry-after"]);
  expect(sent.size).toBeGreaterThan(12);
  const hidden = [...sent].filter((name) => !NOT_FOR_PAGES.test(name) && !exposed.includes(name));
  expect(hidden).toEqual([]);
});

describe("C7: Private Network Access", () => {
  const asked = { "access-control-request-private-network": "true" };

  it("is granted by a sandbox, also on paths that do not exist", async () => {
    expect((await preflight(asked))["access-control-allow-private-network"]).toBe("true");
    expect((await preflight({}))["access-control-allow-private-network"]).toBeUndefined();
  });

  it("is not granted by production, which lives on a public address", async () => {
    expect(
      (await preflight(asked, production()))["access-control-allow-private-network"],
    ).toBeUndefined();
  });
});

describe("O1: a method that a path does not have is 405 with Allow, whatever its body is", () => {
  it.each([
    ["QUERY", "/api/shared/marketplace", "GET"],
    ["QUERY", "/api/v1/transfers", "POST"],
    ["TRACE", "/api/v1/transfers", "POST"],
    ["PUT", "/api/v1/transfers", "POST"],
    ["DELETE", "/api/v1/wallets/user-001", "PUT"],
    ["PROPFIND", "/api/shared/marketplace", "GET"],
    ["PROPFIND", "/api/v1/transfers", "POST"],
    ["PROPFIND", "/api/v1/wallets/alice/", "PUT"],
    ["LINK", "/api/v1/listings?q=1", "GET"],
    ["QUERY", "/nowhere", "GET"],
  ])("%s %s", async (method, url, allowed) => {
    const { app } = sandbox();
    const bodies = ["", "{", "x".repeat(100_000)];
    for (const payload of method === "TRACE" ? [""] : bodies)
      for (const headers of [{}, { "content-type": "application/json" }]) {
        const reply = await app.inject({ method: method as "GET", url, payload, headers });
        expect([reply.statusCode, names(reply.headers["allow"])]).toEqual([
          405,
          expect.arrayContaining([allowed.toLowerCase()]),
        ]);
        if (url !== "/nowhere") expect(names(reply.headers["allow"])).not.toContain("patch");
      }
  });
});

describe("L6: nothing of a caller is kept by a cache", () => {
  it.each([
    "/api/shared/wallet/user-001",
    "/api/allinone/wallet/balance",
    "/api/allinone/inventory",
    "/api/v1/wallets/user-001",
    "/api/v1/wallets/nobody",
    "/api/health",
    "/nowhere",
  ])("GET %s", async (url) => {
    const { app } = sandbox();
    const payload = { userId: "user-001" };
    const login = await app.inject({ method: "POST", url: "/api/allinone/auth/login", payload });
    expect(login.headers["cache-control"]).toBe("no-store");
    const headers = { authorization: `Bearer ${login.json().token}` };
    expect((await app.inject({ url, headers })).headers["cache-control"]).toBe("no-store");
  });

  it("while the document of the API may be kept", async () => {
    const { app } = sandbox();
    const reply = await app.inject("/api/v1/openapi.json");
    expect(reply.headers["cache-control"]).toBe("public, max-age=60");
  });
});
