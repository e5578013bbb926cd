/** One server process in production mode for a file of tests, and callers who log in with a proof. */
import { SignJWT, type JWTPayload } from "jose";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor, type Scope } from "../../src/identity/scopes.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { expectSound } from "../support/ledger.ts";
import { TEST_KEY } from "../support/platforms.ts";
import { buildOnce } from "../support/server-process.ts";
import { spawnServer, type ServerProcess } from "../support/spawn-server.ts";

export const LOGIN = "/api/allinone/auth/login";
export const SECRETS = {
  allinone: "a secret of allinone that is long enough to sign",
  steam: "a secret of steam that is long enough to sign",
} as const;
export const SERVICE_KEY = `nd_service_${"k".repeat(40)}`;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a client reads whatever came
  readonly body: any;
}

export interface Options {
  readonly as?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The client's address, as the proxy in front of the server tells it; a new one by default. */
  readonly from?: string;
}

export interface Player {
  readonly userId: string;
  readonly token: string;
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body?: object, headers?: Options["headers"]) => Promise<Answer>;
}

export interface Production {
  readonly database: TestDatabase;
  readonly server: ServerProcess;
  readonly call: (method: string, path: string, options?: Options) => Promise<Answer>;
  /** A user who proved themselves, with 1000 coins that may be sent. */
  readonly player: (externalId: string, platform?: keyof typeof SECRETS) => Promise<Player>;
  readonly keyOf: (scopes: readonly Scope[], platform?: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** A signed assertion; `claims` replace the usual ones. */
export function assertion(
  claims: JWTPayload = {},
  secret: string = SECRETS.allinone,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const usual = { jti: crypto.randomUUID(), iss: "allinone", aud: "newday", iat: now };
  return new SignJWT({ sub: "user-001", ...usual, exp: now + 120, ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(secret));
}

/** Its caller stops it, which checks the books. */
export async function startProduction(): Promise<Production> {
  buildOnce();
  const database = await createTestDatabase({ template: "adopted" });
  const server = spawnServer({
    ...TEST_KEY,
    NEWDAY_MODE: "production",
    DATABASE_URL: database.url,
    NEWDAY_PLATFORM_SECRETS: Object.entries(SECRETS)
      .map((pair) => pair.join("="))
      .join(","),
    NEWDAY_SERVICE_KEYS: SERVICE_KEY,
    NEWDAY_TRUST_PROXY: "1",
  });
  const base = await server.base;
  const call = createCall(base);
  return {
    database,
    server,
    call,
    player: (externalId, platform = "allinone") => logIn(call, externalId, platform),
    keyOf: async (scopes, platform = "allinone") =>
      (await createPlatformKey(database.db, { platform, scopes })).key,
    async stop() {
      server.child.kill("SIGTERM");
      await server.exited;
      await expectSound(database.db);
      await database.drop();
    },
  };
}

/** Every scope of a platform but that to issue money. */
export const ALL_BUT_MINT = scopesFor("platform").filter((scope) => scope !== "mint");

let addresses = 0;

function createCall(base: string): Production["call"] {
  return async (method, path, { as, body, headers, from } = {}) => {
    const address = from ?? `10.1.${(++addresses >> 8) & 255}.${addresses & 255}`;
    const reply = await fetch(base + path, {
      method,
      redirect: "manual",
      headers: {
        "x-forwarded-for": address,
        ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const isJson = String(reply.headers.get("content-type")).includes("json") && text !== "";
    const shown: unknown = isJson ? JSON.parse(text) : text;
    return { status: reply.status, headers: reply.headers, text, body: shown };
  };
}

async function logIn(
  call: Production["call"],
  externalId: string,
  platform: keyof typeof SECRETS,
): Promise<Player> {
  const proof = await assertion({ sub: externalId, iss: platform }, SECRETS[platform]);
  const { body, text } = await call("POST", LOGIN, {
    body: { userId: externalId, platform, assertion: proof },
  });
  if (!body.token) throw new Error(`${externalId} cannot log in: ${text}`);
  const { token, userId } = body as { token: string; userId: string };
  return {
    userId,
    token,
    get: (path) => call("GET", path, { as: token }),
    post: (path, sent = {}, headers = {}) => call("POST", path, { as: token, body: sent, headers }),
  };
}
