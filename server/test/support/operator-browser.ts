/** A console's view of /api/admin: it keeps the cookie and sends the token of its session. */
import type { FastifyInstance, InjectOptions } from "fastify";
import { createFirstOwnerCode } from "../../src/operators/operator-codes.ts";
import type { OperatorRole } from "../../src/operators/roles.ts";
import type { TestApp } from "./app.ts";

export interface AdminReply {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- a client reads whatever came
  readonly body: any;
  readonly cookie: string | undefined;
}

export interface OperatorBrowser {
  readonly call: (
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<AdminReply>;
  readonly signIn: (login: string, password: string, code?: string) => Promise<AdminReply>;
  /** What a thief would have. */
  readonly stolen: () => { cookie: string; csrfToken: string };
}

export const OWNER = { login: "ada", displayName: "Ada", password: "four words of a poem" };

export function operatorBrowser(app: FastifyInstance, address = "192.0.2.1"): OperatorBrowser {
  let cookie = "";
  let csrfToken = "";
  const call: OperatorBrowser["call"] = async (method, path, body, headers = {}) => {
    const request: InjectOptions = {
      method,
      url: `/api/admin${path}`,
      remoteAddress: address,
      headers: {
        ...(cookie ? { cookie } : {}),
        ...(csrfToken && method !== "GET" ? { "x-csrf-token": csrfToken } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    };
    const reply = await app.inject(request);
    const set = reply.headers["set-cookie"];
    return {
      status: reply.statusCode,
      body: reply.body ? reply.json() : undefined,
      cookie: Array.isArray(set) ? set[0] : set,
    };
  };
  return {
    call,
    async signIn(login, password, code) {
      const reply = await call("POST", "/sessions", {
        login,
        password,
        ...(code === undefined ? {} : { code }),
      });
      if (reply.status === 201) {
        cookie = reply.cookie?.split(";")[0] ?? "";
        csrfToken = reply.body.csrfToken;
      }
      return reply;
    },
    stolen: () => ({ cookie, csrfToken }),
  };
}

/** Makes the first owner by the code of a start, and signs in. */
export async function useOwner({ app, database }: TestApp): Promise<OperatorBrowser> {
  const browser = operatorBrowser(app);
  const code = await createFirstOwnerCode(database.db);
  const made = await browser.call("POST", "/set-up", { ...OWNER, code });
  if (made.status !== 201) throw new Error(`no first owner: ${JSON.stringify(made.body)}`);
  await browser.signIn(OWNER.login, OWNER.password);
  return browser;
}

/** Invites a person of a role, who sets a password and signs in. */
export async function useOperatorOf(
  { app }: Pick<TestApp, "app">,
  owner: OperatorBrowser,
  { login, role }: { readonly login: string; readonly role: OperatorRole },
): Promise<OperatorBrowser> {
  const invited = await owner.call("POST", "/operators", { login, displayName: login, role });
  const browser = operatorBrowser(app);
  const password = "someone likes long walks";
  await browser.call("POST", "/set-up", { code: invited.body.secret, password });
  const { status } = await browser.signIn(login, password);
  if (status !== 201) throw new Error(`${login} cannot sign in: ${status}`);
  return browser;
}

let keys = 0;

/** A new Idempotency-Key. */
export function newKey(): Readonly<Record<string, string>> {
  keys += 1;
  return { "idempotency-key": `test-${keys}` };
}
