/** The auto-login link (docs/contract.md 2.3): its token leaves the address before a page loads. */
import { beforeAll, describe, expect, it } from "vitest";
import { spawnSync } from "node:child_process";
import { useTestApp } from "../support/app.ts";
import { useClient, type TestClient } from "../support/client.ts";

// The command line builds what is stale, the players' page included.
beforeAll(() => void spawnSync(process.execPath, ["server/bin/newday.mjs", "--version"]));

const PAGES = ["/", "/index.html", "/login", "/game", "/game.html"];
const MADE_UP = `nd_token_${"A".repeat(43)}`;

async function logIn({ call }: TestClient, userId = "user-001"): Promise<string> {
  const body = { userId, username: "龙少" };
  return (await call("/api/allinone/auth/login", { method: "POST", body })).body.token;
}

/** Follows a link as a browser does, and returns what the page would read. */
async function follow({ base, call }: TestClient, query: string, page = "/") {
  const redirect = await fetch(`${base}${page}?${query}`, { redirect: "manual" });
  expect([redirect.status, redirect.headers.get("location")]).toEqual([303, "/game"]);
  const cookie = redirect.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/Path=\/game\/link; HttpOnly; SameSite=Strict; Max-Age=60$/);
  const headers = { cookie: cookie.split(";", 1)[0] ?? "" };
  return call("/game/link", { method: "POST", headers });
}

describe("S7: the auto-login link", () => {
  it("leads from every page to /game with a clean address, and gives the session once", async () => {
    const client = await useClient();
    const token = await logIn(client);
    const query = `autoLogin=true&token=${token}&userId=user-001&username=${encodeURIComponent("龙少")}`;
    for (const page of PAGES) {
      const link = await follow(client, query, page);
      expect([page, link.status]).toEqual([page, 200]);
      expect(link.body).toMatchObject({ token, userId: "user-001", username: "龙少" });
      expect(link.headers.get("set-cookie")).toContain("newday_link=; ");
      expect(link.headers.get("cache-control")).toBe("no-store");
    }
    expect((await client.call("/game/link", { method: "POST" })).status).toBe(204);
  });

  it("shows the user of the token, whatever name the link says", async () => {
    const client = await useClient();
    const token = await logIn(client);
    const { body } = await follow(client, `token=${token}&username=Admin`);
    expect(body).toMatchObject({ userId: "user-001", username: "龙少" });
  });

  it.each([
    ["a made-up token", `token=${MADE_UP}&userId=user-001`],
    ["a token of another form", "token=local_user-001_1&userId=user-001"],
    ["text that would split the cookie", `token=${encodeURIComponent("x; Path=/; a=b\r\nx: y")}`],
    ["two tokens", `token=${MADE_UP}&token=${MADE_UP}`],
    ["no token", "autoLogin=true&userId=user-001"],
    ["an empty token", "autoLogin=true&token=&userId=user-001"],
  ])("refuses %s", async (_name, query) => {
    const link = await follow(await useClient(), query);
    expect([link.status, link.body.code]).toEqual([401, "INVALID_TOKEN"]);
    expect(link.headers.get("set-cookie")).toContain("newday_link=; ");
  });

  it("refuses a token of another user than the link names", async () => {
    const client = await useClient();
    const token = await logIn(client);
    for (const named of ["user-002", "用户", "x".repeat(299)])
      expect(
        (await follow(client, `token=${token}&userId=${encodeURIComponent(named)}`)).status,
      ).toBe(401);
  });

  it("names an expired token as expired, and refuses a link after sign-out", async () => {
    const client = await useClient();
    const [expired, ended] = [await logIn(client, "user-001"), await logIn(client, "user-002")];
    await client.database.db.query(
      "update newday.sessions set expires_at = now() - interval '1 second' where user_id = 'user-001'",
    );
    const late = await follow(client, `token=${expired}`);
    expect([late.status, late.body.details.reason]).toEqual([401, "expired"]);
    await client.call("/api/allinone/auth/logout", { method: "POST", token: ended });
    expect((await follow(client, `token=${ended}`)).status).toBe(401);
  });

  it("keeps the cookie on TLS behind a proxy with TLS", async () => {
    const { app } = await useTestApp();
    const headers = { "x-forwarded-proto": "https" };
    const reply = await app.inject({ url: `/?token=${MADE_UP}`, headers });
    expect(reply.headers["set-cookie"]).toMatch(/; Secure$/);
  });

  it("leaves the entry points as they are without a link", async () => {
    const { app } = await useTestApp();
    for (const url of ["/", "/api", "/api/allinone", "/game"])
      for (const method of ["GET", "HEAD"] as const)
        expect([url, (await app.inject({ method, url: `${url}?v=1` })).statusCode]).toEqual([
          url,
          200,
        ]);
  });

  it("lets the players' page call this server only, without inline script", async () => {
    const { app } = await useTestApp();
    const { headers } = await app.inject("/game");
    expect(headers["content-security-policy"]).toContain("script-src 'self'; ");
    expect(headers["content-security-policy"]).toContain("connect-src 'self'; ");
    expect(headers["referrer-policy"]).toBe("no-referrer");
  });
});
