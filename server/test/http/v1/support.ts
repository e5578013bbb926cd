/** A server on an adopted database, and callers with money to call it. */
import type { InjectOptions, Response } from "light-my-request";
import type { Database } from "../../../src/db/database.ts";
import { createPlatformKey } from "../../../src/identity/platform-keys.ts";
import { scopesFor } from "../../../src/identity/scopes.ts";
import { openWallets } from "../../../src/ledger/wallets/open-wallets.ts";
import { useAdoptedDatabase, useTestApp, type TestApp } from "../../support/app.ts";
import type { TestServers } from "../../support/database.ts";
import { expectSound } from "../../support/ledger.ts";
import { onTestFinished } from "../../support/test-end.ts";
import { createFieldCheck, type FieldCheck } from "./known-fields.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Response["headers"];
  // The body is whatever the test expects it to be; a wrong guess fails there.
  // eslint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface TestV1 extends TestApp {
  /** A key of AllinONE with every scope. */
  readonly key: string;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Reply>;
  /** Opens a session as this user; the wallet must exist. */
  readonly login: (userId: string) => Promise<string>;
}

export interface CallOptions {
  /** Credential; the platform key by default, absent for null. */
  readonly as?: string | null;
  readonly body?: unknown;
  /** Idempotency-Key; a new one by default, absent for null. */
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

let keys = 0;
/** Of the document, which is the same of every server: generating it takes 80 ms of processor. */
let check: Promise<FieldCheck> | undefined;

/** Users alice, bob and carol of AllinONE with 1000 coins each; the books are audited at the end. */
export async function useV1(
  server: keyof TestServers = "pg18",
  env: Record<string, string> = {},
  watch?: (db: Database) => Database,
): Promise<TestV1> {
  const database = await useAdoptedDatabase({ server });
  const test = await useTestApp({ database, env, ...(watch && { watch }) });
  onTestFinished(() => expectSound(database.db));
  const { db } = database;
  await openWallets(test.services, ["alice", "bob", "carol"]);
  const { key } = await createPlatformKey(db, {
    platform: "allinone",
    scopes: scopesFor("platform"),
  });
  return {
    ...test,
    key,
    call: callerOf(test, key),
    async login(userId) {
      const reply = await test.app.inject({
        method: "POST",
        url: "/api/allinone/auth/login",
        payload: { allinoneUserId: userId },
      });
      return (reply.json() as { token: string }).token;
    },
  };
}

/** Every refusal in any test must name a sent field, and its rule in two languages. */
export function callerOf({ app }: TestApp, platformKey: string): TestV1["call"] {
  return async (method, path, { as = platformKey, body, key, headers } = {}) => {
    const sent: Record<string, string> = { ...headers };
    if (as !== null) sent["authorization"] = `Bearer ${as}`;
    if (body !== undefined) sent["content-type"] = "application/json";
    if (key !== null && method !== "GET") sent["idempotency-key"] = key ?? `test-${++keys}`;
    const options: InjectOptions = {
      method: method as "GET",
      url: path.startsWith("/docs") ? path : `/api/v1${path}`,
      headers: sent,
    };
    if (body !== undefined)
      options.payload = typeof body === "string" ? body : JSON.stringify(body);
    const reply = await app.inject(options);
    const isJson = String(reply.headers["content-type"]).includes("json");
    const shown = isJson && reply.body !== "" ? reply.json() : reply.body;
    if (reply.statusCode >= 400) (await (check ??= createFieldCheck(app)))({ method, path }, shown);
    return { status: reply.statusCode, headers: reply.headers, body: shown };
  };
}
