/** One person, one id: `ada` and `moon:ada` said by `moon` are the same user on every surface. */
import { SignJWT } from "jose";
import { expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { useTestApp } from "../support/app.ts";
import { addTestPlatform } from "../support/platforms.ts";

const SECRET = "a secret of moon that is long enough";

it("holds in paths, queries and bodies, of v1, shared and allinone", async () => {
  const test = await useTestApp();
  await addTestPlatform(test.database.db, "moon", { secret: SECRET });
  const assertion = await new SignJWT({ jti: "1", iss: "moon", aud: "newday", sub: "ada" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(SECRET));
  const call = async (
    method: "GET" | "POST" | "PUT",
    url: string,
    as?: string,
    payload?: object,
  ) => {
    const headers = {
      "idempotency-key": crypto.randomUUID(),
      ...(as !== undefined && { authorization: `Bearer ${as}` }),
    };
    const options = payload === undefined ? {} : { payload };
    const reply = await test.app.inject({ method, url, headers, ...options });
    return { status: reply.statusCode, body: reply.json() };
  };
  const opened = await call("POST", "/api/v1/sessions", undefined, { assertion });
  const { token } = opened.body;
  const { key } = await createPlatformKey(test.database.db, {
    platform: "moon",
    scopes: ["wallets:read", "wallets:write", "market:read"],
  });
  for (const as of [token, key])
    for (const said of ["ada", "moon:ada"]) {
      const wallet = await call("GET", `/api/v1/wallets/${said}`, as);
      expect([said, wallet.status, wallet.body.userId]).toEqual([said, 200, "moon:ada"]);
      const sessions = await call("GET", `/api/v1/sessions?userId=${said}`, as);
      expect(sessions.body.data).toHaveLength(1);
      const listings = await call("GET", `/api/v1/listings?sellerId=${said}`, as);
      expect(listings.status).toBe(200);
    }
  for (const foreign of ["allinone:ada", "newday:ada", "allinone:system"])
    expect([400, 404]).toContain((await call("GET", `/api/v1/wallets/${foreign}`, key)).status);
  for (const said of ["ada", "moon:ada", "allinone:ada"]) {
    const url = "/api/shared/marketplace/nothing/purchase";
    const { body } = await call("POST", url, token, { buyerId: said });
    expect([said, body.errorCode === "FORBIDDEN"]).toEqual([said, said === "allinone:ada"]);
  }
  for (const said of ["bob", "allinone:bob", "direct:bob"])
    expect((await call("GET", `/api/shared/wallet/${said}`)).body.userId).toBe("bob");
  expect((await call("GET", "/api/shared/wallet/allinone:system")).status).toBe(400);
  const login = { userId: "allinone:carol", platform: "allinone" };
  const old = await call("POST", "/api/allinone/auth/login", undefined, login);
  expect(old.body.userId).toBe("carol");
  const other = { userId: "moon:ada", platform: "allinone" };
  expect((await call("POST", "/api/allinone/auth/login", undefined, other)).status).toBe(400);
});
