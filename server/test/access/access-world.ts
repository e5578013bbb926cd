/** Two platforms with users who own one thing of each kind, in a server in production mode. */
import { SignJWT } from "jose";
import { createPlatformKey, endPlatformKey } from "../../src/identity/platform-keys.ts";
import { suspendPlatform } from "../../src/identity/platforms/platform-changes.ts";
import { SCOPES, scopesFor, type Scope } from "../../src/identity/scopes.ts";
import { setMinter } from "../../src/ledger/currencies/define-currencies.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import { prepareDigest, type DatabaseDigest } from "../support/database-digest.ts";
import { BY_TEST, TEST_KEY_SOURCE } from "../support/platforms.ts";
import { makeIds, makeOffer, type Owner } from "./things.ts";
import type { AccessLine, Ids, Thing } from "./access-line.ts";

const PLATFORMS = ["allinone", "moon", "mars"] as const;
export type PlatformName = (typeof PLATFORMS)[number];

const SERVICE_KEY = `nd_service_${"k".repeat(40)}`;
const METRICS_KEY = "m".repeat(40);
/** Well formed, and made by no server. */
const UNKNOWN_TOKEN = `nd_token_${"A".repeat(43)}`;

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly as: string | null;
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a client reads whatever came
  readonly body: any;
}

export interface Refused {
  readonly name: string;
  readonly as: string | null;
}

export interface AccessWorld extends TestApp {
  readonly ask: (request: Request) => Promise<Answer>;
  readonly digest: () => Promise<DatabaseDigest>;
  /** Credentials without an owner, and those that were live once. */
  readonly dead: readonly Refused[];
  /** Of a platform that was suspended. */
  readonly suspended: { readonly key: string; readonly session: string };
  /** Keys of AllinONE with this scope, and with all but this one. */
  readonly only: Readonly<Record<Scope, string>>;
  readonly allBut: Readonly<Record<Scope, string>>;
  /** Keys with every scope of a platform. */
  readonly keys: Readonly<Record<PlatformName, string>>;
  readonly operator: string;
  readonly service: string;
  readonly metrics: string;
  /** Alice and Bob of AllinONE, and Cleo of moon. */
  readonly alice: Ids;
  readonly bob: Ids;
  readonly cleo: Ids;
  /** A new user of AllinONE with 1000 coins, a session, and the things that the line names. */
  readonly newIds: (line: AccessLine) => Promise<{ readonly ids: Ids; readonly token: string }>;
}

type NewOwner = (platform: PlatformName) => Promise<Owner>;

let asked = 0;

/** Asks from an address of its own each time, so that the limits of addresses stay out of the way. */
async function ask(
  { app }: Pick<TestApp, "app">,
  { method, url, as, body, headers }: Request,
): Promise<Answer> {
  asked += 1;
  const reply = await app.inject({
    method: method as "GET",
    url,
    remoteAddress: `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`,
    headers: {
      ...(as === null ? {} : { authorization: `Bearer ${as}` }),
      ...(method === "GET" ? {} : { "idempotency-key": `access-${asked}` }),
      ...(method === "PATCH" && { "if-match": "*" }),
      ...(body && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body && { payload: body }),
  });
  const isJson = String(reply.headers["content-type"]).includes("json");
  const text = reply.body;
  return {
    status: reply.statusCode,
    headers: reply.headers,
    text,
    body: isJson && text !== "" ? reply.json() : text,
  };
}

function secretOf(platform: string): string {
  return `a secret of ${platform} that is long enough to sign`;
}

function sign(platform: PlatformName, externalId: string): Promise<string> {
  return new SignJWT({ jti: crypto.randomUUID(), sub: externalId, iss: platform, aud: "newday" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(secretOf(platform)));
}

async function makeKeys({ database: { db } }: TestApp) {
  const keyOf = async (platform: string, scopes: readonly Scope[]) =>
    (await createPlatformKey(db, { platform, scopes })).key;
  const all = scopesFor("platform");
  const perScope = async (scopes: (needed: Scope) => readonly Scope[]) =>
    Object.fromEntries(
      await Promise.all(
        all.map(async (scope) => [scope, await keyOf("allinone", scopes(scope))] as const),
      ),
    ) as Record<Scope, string>;
  const only = await perScope((scope) => [scope]);
  const allBut = await perScope((scope) => all.filter((one) => one !== scope));
  const operatorKey = async (scopes: readonly Scope[]) =>
    (await createPlatformKey(db, { platform: "newday", role: "operator", scopes })).key;
  const operatorScopes = Object.keys(SCOPES) as Scope[];
  const operator = await operatorKey(operatorScopes);
  const [adjust, noAdjust] = await Promise.all([operatorKey(["adjust"]), keyOf("allinone", all)]);
  const [allinone, moon, mars] = await Promise.all(PLATFORMS.map((one) => keyOf(one, all)));
  return {
    only: { ...only, adjust },
    allBut: { ...allBut, adjust: noAdjust },
    keys: { allinone, moon, mars } as Record<PlatformName, string>,
    operator,
  };
}

/** Credentials that opened something once, and such that never did. */
async function makeDead(
  test: TestApp,
  newOwner: NewOwner,
  call: AccessWorld["ask"],
): Promise<Refused[]> {
  const { db } = test.database;
  const wanted = { platform: "allinone", scopes: scopesFor("platform") };
  const [revoked, expired] = [
    await createPlatformKey(db, wanted),
    await createPlatformKey(db, wanted),
  ];
  await endPlatformKey(db, BY_TEST, revoked.id);
  await db.query("update newday.platform_keys set expires_at = now() where id = $1", [expired.id]);
  const [ended, old] = [await newOwner("allinone"), await newOwner("allinone")];
  await call({ method: "DELETE", url: "/api/v1/sessions", as: ended.token });
  await db.query(
    `update newday.sessions set created_at = now() - interval '8 days', expires_at = now() - interval '1 day'
      where user_id = $1`,
    [old.wallet],
  );
  test.services.credentials.evictAll();
  return [
    { name: "no credential", as: null },
    { name: "a text that is no credential", as: "garbage" },
    { name: "a token of no session", as: UNKNOWN_TOKEN },
    { name: "a key that no platform has", as: `nd_key_${"A".repeat(43)}` },
    { name: "an ended session", as: ended.token },
    { name: "an expired session", as: old.token },
    { name: "a revoked key", as: revoked.key },
    { name: "an expired key", as: expired.key },
  ];
}

async function suspend(test: TestApp, key: string, newOwner: NewOwner) {
  const { token } = await newOwner("mars");
  const because = { ...BY_TEST, reason: "an attack" };
  await suspendPlatform(test.database.db, because, TEST_KEY_SOURCE, "mars");
  test.services.credentials.evictAll(); // as the trigger's notification does
  return { key, session: token };
}

/** Call within `openForFile`, or in a test. */
export async function useAccessWorld(): Promise<AccessWorld> {
  const test = await useTestApp({
    env: {
      NEWDAY_MODE: "production",
      NEWDAY_PLATFORM_SECRETS: PLATFORMS.map((one) => `${one}=${secretOf(one)}`).join(","),
      NEWDAY_SERVICE_KEYS: SERVICE_KEY,
      NEWDAY_METRICS_KEY: METRICS_KEY,
    },
  });
  const { db } = test.database;
  const byOperator = { operator: "ops", reason: "access", dryRun: false };
  await setMinter(db, byOperator, { code: "game_coins", platform: "allinone", allowed: true });
  const made = await makeKeys(test);
  const call = (request: Request) => ask(test, request);
  let owners = 0;
  const newOwner = async (platform: PlatformName): Promise<Owner> => {
    const externalId = `user-${++owners}`;
    const key = made.keys[platform];
    const url = `/api/v1/wallets/${externalId}`;
    const { body } = await call({ method: "PUT", url, as: key, body: {} });
    const wallet = body.userId as string;
    const coins = { userId: wallet, currency: "game_coins", amount: "1000" };
    await call({ method: "POST", url: "/api/v1/mints", as: made.operator, body: coins });
    const signIn = async () => {
      const assertion = await sign(platform, externalId);
      const opened = { method: "POST", url: "/api/v1/sessions", as: null, body: { assertion } };
      return (await call(opened)).body;
    };
    const { token } = await signIn();
    return { wallet, token, key, signIn, sign: (said = externalId) => sign(platform, said) };
  };
  const [friend, other, alice, bob, cleo] = await Promise.all(
    (["allinone", "moon", "allinone", "allinone", "moon"] as const).map(newOwner),
  );
  if (!friend || !other || !alice || !bob || !cleo) throw new Error("unreachable");
  const dead = await makeDead(test, newOwner, call);
  const suspended = await suspend(test, made.keys.mars, newOwner);
  const offer = await makeOffer(call, friend);
  const idsOf = (owner: Owner, near: Owner, rival: Owner) =>
    makeIds(call, { owner, friend: near, rival, offer });
  return {
    ...test,
    ...made,
    ask: call,
    digest: await prepareDigest(db),
    dead,
    suspended,
    service: SERVICE_KEY,
    metrics: METRICS_KEY,
    alice: await idsOf(alice, friend, bob),
    bob: await idsOf(bob, friend, alice),
    cleo: await idsOf(cleo, other, other),
    async newIds({ names, needs }) {
      const owner = await newOwner("allinone");
      const things = Object.keys(names) as Thing[];
      const parties = { owner, friend, rival: friend, offer };
      const ids = await makeIds(call, parties, { things, state: needs });
      return { ids, token: owner.token };
    },
  };
}
