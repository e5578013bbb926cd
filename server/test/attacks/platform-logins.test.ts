/** Attacks on platforms, proofs and sessions against one running production server. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  base64url,
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
} from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import {
  addPlatform,
  resumePlatform,
  setPlatform,
  suspendPlatform,
} from "../../src/identity/platforms/platform-changes.ts";
import {
  endPlatformSessions,
  rotatePlatformSecret,
} from "../../src/identity/platforms/secret-changes.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { BY_TEST, TEST_KEY, TEST_KEY_SOURCE } from "../support/platforms.ts";
import { buildOnce } from "../support/server-process.ts";
import { spawnServer, type ServerProcess } from "../support/spawn-server.ts";

const MOON = "a secret of moon that is long enough to sign";
const STEAM = "a secret of steam that is long enough to sign";
const KEY = TEST_KEY_SOURCE;
const NETWORKS = ["127.0.0.1"];

let database: TestDatabase;
let server: ServerProcess;
let base: string;
const sets = new Map<string, JWK[]>();
const keySets = createServer((request, reply) => {
  if (request.url === "/elsewhere.json") reply.writeHead(302, { location: "/a.json" }).end();
  else if (request.url === "/large.json") reply.end(`"${"x".repeat(100_000)}"`);
  else reply.end(JSON.stringify({ keys: sets.get(String(request.url)) }));
});

beforeAll(async () => {
  buildOnce();
  database = await createTestDatabase({ template: "adopted" });
  keySets.listen(0, "127.0.0.1");
  server = spawnServer({
    DATABASE_URL: database.url,
    NEWDAY_MODE: "production",
    NEWDAY_PLATFORM_SECRETS: `moon=${MOON},steam=${STEAM}`,
    NEWDAY_JWKS_NETWORKS: NETWORKS.join(","),
    ...TEST_KEY,
  });
  base = await server.base;
}, 60_000);

afterAll(async () => {
  keySets.close();
  server.child.kill("SIGTERM");
  await server.exited;
  await database.drop();
});

interface Answer {
  readonly status: number;
  // eslint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

async function call(
  method: string,
  path: string,
  { as, body }: { as?: string; body?: unknown } = {},
): Promise<Answer> {
  const headers = {
    ...(as && { authorization: `Bearer ${as}` }),
    ...(body !== undefined && { "content-type": "application/json" }),
    "idempotency-key": crypto.randomUUID(),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const reply = await fetch(base + path, { method, headers, ...sent });
  return { status: reply.status, body: await reply.json() };
}

type Claims = Readonly<Record<string, unknown>>;

function unsigned(claims: Claims) {
  const usual = { jti: crypto.randomUUID(), iss: "moon", aud: "newday", sub: "ada" };
  return new SignJWT({ ...usual, ...claims }).setIssuedAt().setExpirationTime("2m");
}

function signed(claims: Claims = {}, secret = MOON): Promise<string> {
  const key = new TextEncoder().encode(secret);
  return unsigned(claims).setProtectedHeader({ alg: "HS256" }).sign(key);
}

function signedByKey(alg: string, key: CryptoKey, header: Claims, claims: Claims): Promise<string> {
  return unsigned(claims)
    .setProtectedHeader({ alg, ...header })
    .sign(key);
}

const logIn = (assertion: string) => call("POST", "/api/v1/sessions", { body: { assertion } });

async function tokenOf(claims: Claims = {}, secret = MOON): Promise<string> {
  const { status, body } = await logIn(await signed(claims, secret));
  expect([status, body.code]).toEqual([201, undefined]);
  return body.token;
}

const statusOf = async (as: string) => (await call("GET", "/api/v1/sessions", { as })).status;

describe("an assertion", () => {
  it("opens a session of the platform that signed it, once, and only there", async () => {
    const assertion = await signed();
    const first = await logIn(assertion);
    expect(first).toMatchObject({
      status: 201,
      body: { userId: "moon:ada", platform: "moon", proven: true, isNewUser: true },
    });
    expect((await logIn(assertion)).status).toBe(401);
    const wallet = await call("GET", "/api/v1/wallets/ada", { as: first.body.token });
    expect(wallet).toMatchObject({ status: 200, body: { userId: "moon:ada", platform: "moon" } });
  });

  it("is refused alike for every fault in production", async () => {
    const forged = new UnsecuredJWT({ jti: "1", iss: "moon", aud: "newday", sub: "ada" }).encode();
    const faults = [
      forged,
      `${base64url.encode('{"alg":"HS256"}')}.${base64url.encode('{"iss":"moon"}')}.AAAA`,
      await signed({}, STEAM),
      await signed({ iss: "steam" }),
      await signed({ iss: "unheard-of" }),
      await signed({ iss: ["moon"] }),
      await signed({ aud: "elsewhere" }),
      await signed({ jti: undefined }),
      await signed({ sub: 7 }),
      "no.jwt",
    ];
    for (const assertion of faults) {
      const { status, body } = await logIn(assertion);
      expect([status, body.code, body.reason, body.details?.reason]).toEqual([
        401,
        "invalid_token",
        undefined,
        undefined,
      ]);
    }
    expect(server.output()).toContain("which is no platform of New Day");
  });

  it("cannot name a user of another platform, nor a reserved name", async () => {
    for (const sub of ["steam:ada", "allinone:ada", "newday:x", "system"]) {
      const { status } = await logIn(await signed({ sub }));
      expect([sub, [400, 201].includes(status)]).toEqual([sub, true]);
      if (status === 201) expect(sub).toBe("system"); // moon:system is an ordinary user of moon
    }
    const same = await logIn(await signed({ sub: "moon:ada" }));
    expect(same.body.userId).toBe("moon:ada");
    const old = { userId: "ada", platform: "allinone", assertion: await signed() };
    expect((await call("POST", "/api/allinone/auth/login", { body: old })).status).toBe(401);
    const unknown = { userId: "ada", platform: "unheard-of" };
    expect((await call("POST", "/api/allinone/auth/login", { body: unknown })).status).toBe(400);
  });
});

describe("sessions", () => {
  it("are listed and ended by their own user only", async () => {
    const [one, two] = [await tokenOf({ sub: "bea" }), await tokenOf({ sub: "bea" })];
    const other = await tokenOf({ sub: "bea", iss: "steam" }, STEAM);
    const listed = await call("GET", "/api/v1/sessions", { as: one });
    expect(listed.body.data).toHaveLength(2);
    expect(listed.body.data.filter(({ current }: Claims) => current)).toHaveLength(1);
    const { id } = listed.body.data.find(({ current }: Claims) => !current);
    const foreign = await call("DELETE", `/api/v1/sessions/${id}`, { as: other });
    expect([foreign.status, foreign.body.ended]).toEqual([200, 0]);
    expect(
      (await call("GET", "/api/v1/sessions?userId=bea", { as: other })).body.data,
    ).toHaveLength(1);
    expect((await call("GET", "/api/v1/sessions?userId=moon:bea", { as: other })).status).toBe(404);
    expect(await statusOf(two)).toBe(200);
    expect((await call("DELETE", `/api/v1/sessions/${id}`, { as: one })).body.ended).toBe(1);
    expect([await statusOf(one), await statusOf(two), await statusOf(other)]).toEqual([
      200, 401, 200,
    ]);
    expect((await call("DELETE", "/api/v1/sessions", { as: one })).body.ended).toBe(1);
    expect([await statusOf(one), await statusOf(other)]).toEqual([401, 200]);
  });

  it("end with their secret when it is withdrawn, and outlive one that is retired", async () => {
    const before = await tokenOf({ iss: "steam" }, STEAM);
    const change = await rotatePlatformSecret(database.db, BY_TEST, KEY, {
      name: "steam",
      keepOldForMs: 60_000,
    });
    const newer = change.secret ?? "";
    await expect
      .poll(async () => (await logIn(await signed({ iss: "steam" }, newer))).status)
      .toBe(201);
    expect((await logIn(await signed({ iss: "steam" }, STEAM))).status).toBe(201);
    await database.db.query(
      "update newday.platform_secrets set valid_until = now() - interval '1 s' where valid_until is not null",
    );
    await expect
      .poll(async () => (await logIn(await signed({ iss: "steam" }, STEAM))).status)
      .toBe(401);
    expect(await statusOf(before)).toBe(200);
    await rotatePlatformSecret(database.db, BY_TEST, KEY, { name: "steam", keepOldForMs: 0 });
    await expect.poll(() => statusOf(before)).toBe(401);
    expect((await logIn(await signed({ iss: "steam" }, newer))).status).toBe(401);
  });

  it("and keys of a suspended platform are refused with the reason, until it is resumed", async () => {
    await addPlatform(database.db, BY_TEST, KEY, { name: "mars", secret: MOON });
    const { key } = await createPlatformKey(database.db, {
      platform: "mars",
      scopes: ["wallets:read"],
    });
    const token = await tokenOf({ iss: "mars" });
    const statuses = async () => [
      await statusOf(token),
      (await call("GET", "/api/v1/currencies", { as: key })).status,
      (await call("GET", "/api/v1/wallets/ada", { as: key })).status,
      (await logIn(await signed({ iss: "mars" }))).status,
    ];
    expect(await statuses()).toEqual([200, 200, 200, 201]);
    await suspendPlatform(database.db, { ...BY_TEST, reason: "an attack" }, KEY, "mars");
    await expect.poll(statuses).toEqual([403, 200, 403, 403]);
    const { body } = await call("GET", "/api/v1/wallets/ada", { as: key });
    expect(body.code).toBe("platform_suspended");
    await resumePlatform(database.db, BY_TEST, KEY, "mars");
    await expect.poll(() => statusOf(token)).toBe(200);
    await endPlatformSessions(database.db, BY_TEST, KEY, "mars");
    await expect.poll(() => statusOf(token)).toBe(401);
  });
});

describe("public keys", () => {
  const url = (path: string) =>
    `http://127.0.0.1:${(keySets.address() as AddressInfo).port}${path}`;

  it("prove logins by their own algorithm only, and follow a rotation", async () => {
    const pairs = await Promise.all(["ES256", "RS256", "EdDSA"].map((alg) => generateKeyPair(alg)));
    const jwks = await Promise.all(
      pairs.map(async ({ publicKey }, at) => ({ ...(await exportJWK(publicKey)), kid: `k${at}` })),
    );
    sets.set("/a.json", jwks.slice(0, 2));
    await addPlatform(database.db, BY_TEST, KEY, {
      name: "venus",
      loginPolicy: "jwks",
      jwksUrl: url("/a.json"),
      jwksNetworks: NETWORKS,
    });
    const prove = async (at: number, header: Claims = { kid: `k${at}` }) => {
      const key = pairs[at]?.privateKey as CryptoKey;
      const alg = ["ES256", "RS256", "EdDSA"][at] ?? "";
      return (await logIn(await signedByKey(alg, key, header, { iss: "venus" }))).status;
    };
    await expect.poll(() => prove(0)).toBe(201);
    expect(await prove(1)).toBe(201);
    // A public key is no secret, whatever the header says.
    const text = JSON.stringify(jwks[0]);
    expect((await logIn(await signed({ iss: "venus" }, text))).status).toBe(401);
    expect(await prove(0, { kid: "k1" })).toBe(401);
    expect(await prove(2)).toBe(401);
    const inline = { keys: jwks.slice(2) };
    await setPlatform(database.db, BY_TEST, KEY, { name: "venus", jwks: inline, keepOldForMs: 0 });
    await expect.poll(() => prove(2)).toBe(201);
    expect(await prove(0)).toBe(401);
    const replaced = await generateKeyPair("EdDSA");
    const keys = [{ ...(await exportJWK(replaced.publicKey)), kid: "k2" }];
    await setPlatform(database.db, BY_TEST, KEY, {
      name: "venus",
      jwks: { keys },
      keepOldForMs: 0,
    });
    await expect.poll(() => prove(2)).toBe(401);
  });

  it("are not read from private networks, by redirects, nor without bound", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    for (const [at, jwksUrl] of [
      "https://10.0.0.1/keys.json",
      "https://169.254.169.254/latest/meta-data",
      "https://[::1]/keys.json",
      "http://[::ffff:10.0.0.1]/keys.json",
      "https://localhost:1/keys.json",
      url("/elsewhere.json"),
      url("/large.json"),
    ].entries()) {
      const name = `probe-${at}`;
      await addPlatform(database.db, BY_TEST, KEY, {
        name,
        loginPolicy: "jwks",
        jwksUrl,
        jwksNetworks: ["0.0.0.0/0", "::/0"],
      });
      const prove = async () =>
        (await logIn(await signedByKey("ES256", privateKey, { kid: "k" }, { iss: name }))).status;
      await expect.poll(prove).toBe(503);
    }
    const reasons = server.output();
    for (const reason of [
      "10.0.0.1 is in a private network",
      "169.254.169.254 is in a private network",
      "::1 is in a private network",
      "the answer has the status 302",
      "the answer is above 65536 bytes",
    ])
      expect(reasons).toContain(reason);
  });

  it("are stored as public members only", async () => {
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwks = { keys: [await exportJWK(privateKey)] };
    const wanted = { name: "leak", loginPolicy: "jwks", jwks } as const;
    await expect(addPlatform(database.db, BY_TEST, KEY, wanted)).rejects.toMatchObject({
      code: "invalid_field",
    });
  });
});

it("keeps secrets out of the database in plain text", async () => {
  const [row] = await database.db.query<{ stored: string }>(
    `select string_agg(p::text, ' ') || (select string_agg(c::text, ' ') from newday.operator_changes c)
       as stored from newday.platform_secrets p`,
  );
  expect(row?.stored).not.toContain(Buffer.from(MOON).toString("hex"));
  expect(row?.stored).not.toContain(MOON);
});
