/** Operators: the first owner, signing in, second factors, invitations, roles, and the attacks on each. */
import { beforeAll, describe, expect, it } from "vitest";
import { Secret, TOTP } from "otpauth";
import { inviteOperator } from "../../src/operators/accounts.ts";
import { includesRole, OPERATOR_ROLES, type OperatorRole } from "../../src/operators/roles.ts";
import { createFirstOwnerCode } from "../../src/operators/operator-codes.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import {
  operatorBrowser,
  OWNER,
  useOperatorOf,
  useOwner,
  type OperatorBrowser,
} from "../support/operator-browser.ts";
import { openForFile } from "../support/test-end.ts";

const REASON = "asked for on paper";
let test: TestApp;
let owner: OperatorBrowser;

beforeAll(() =>
  openForFile(async () => {
    test = await useTestApp();
    owner = await useOwner(test);
  }),
);

const useOperator = (login: string, role: OperatorRole) =>
  useOperatorOf(test, owner, { login, role });

/** The authenticator app: a code for the present step, or one that is `ahead` of it. */
function codeOf(secret: string, ahead = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return totp.generate({ timestamp: Date.now() + ahead * 30_000 });
}

describe("the first owner", () => {
  it("is made by the code of the start, once", async () => {
    expect(await createFirstOwnerCode(test.database.db)).toBeUndefined();
    const { body } = await owner.call("GET", "/session");
    expect(body).toMatchObject({ login: "ada", role: "owner", secondFactor: false });
    const log = await owner.call("GET", "/acts");
    expect(log.body.data.at(-1)).toMatchObject({ what: "operator first-owner", subject: "ada" });
  });

  it("of two who use one code at once is one", async () => {
    const other = await useTestApp();
    const code = await createFirstOwnerCode(other.database.db);
    const browser = operatorBrowser(other.app);
    const replies = await Promise.all(
      ["eve", "ada"].map((login) => browser.call("POST", "/set-up", { ...OWNER, login, code })),
    );
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 401]);
    expect(replies.find(({ status }) => status === 401)?.body.code).toBe("operator_code_invalid");
  });

  it("is still to be made where an invitation for another role was first", async () => {
    const other = await useTestApp();
    const { db } = other.database;
    const wanted = { login: "lin", displayName: "Lin", role: "support" } as const;
    await inviteOperator(db, { operator: "root", dryRun: false }, wanted);
    const browser = operatorBrowser(other.app);
    const code = await createFirstOwnerCode(db);
    expect((await browser.call("POST", "/set-up", { ...OWNER, code })).status).toBe(201);
    expect(await createFirstOwnerCode(db)).toBeUndefined();
  });

  it("needs a long password that is not the login", async () => {
    const other = await useTestApp();
    const code = await createFirstOwnerCode(other.database.db);
    const browser = operatorBrowser(other.app);
    for (const password of ["short", "aaaaaaaaaaaaaaaa", "my login is ada, truly"]) {
      const { status, body } = await browser.call("POST", "/set-up", { ...OWNER, password, code });
      expect([status, body.code, body.field]).toEqual([400, "invalid_field", "password"]);
    }
    expect((await browser.call("POST", "/set-up", { ...OWNER, code })).status).toBe(201);
  });
});

describe("signing in", () => {
  it("answers a wrong password and an unknown login alike", async () => {
    const guesser = operatorBrowser(test.app, "192.0.2.7");
    const wrong = await guesser.signIn("ada", "not the right words");
    const unknown = await guesser.signIn("nadia", "not the right words");
    const { requestId: _, ...said } = wrong.body;
    expect(unknown.body).toMatchObject(said);
    expect([wrong.status, wrong.body.code]).toEqual([401, "sign_in_refused"]);
  });

  it("sets a cookie that scripts and other sites cannot use, and a new token each time", async () => {
    const browser = operatorBrowser(test.app);
    const first = await browser.signIn(OWNER.login, OWNER.password);
    expect(first.cookie).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(first.cookie).toContain("Path=/api/admin");
    const before = browser.stolen();
    const second = await browser.signIn(OWNER.login, OWNER.password);
    expect(second.cookie).not.toBe(first.cookie);
    const thief = await test.app.inject({
      url: "/api/admin/session",
      headers: { cookie: before.cookie },
    });
    expect(thief.statusCode).toBe(401);
  });

  it("takes no cookie that an attacker has chosen", async () => {
    const fixed = `newday_operator=nd_operator_${"A".repeat(43)}`;
    const reply = await test.app.inject({
      method: "POST",
      url: "/api/admin/sessions",
      headers: { cookie: fixed },
      payload: { login: OWNER.login, password: OWNER.password },
    });
    expect(reply.statusCode).toBe(201);
    const after = await test.app.inject({ url: "/api/admin/session", headers: { cookie: fixed } });
    expect(after.statusCode).toBe(401);
  });

  it("stops guesses at once from one network, whether they come one by one or together", async () => {
    const guesser = operatorBrowser(test.app, "192.0.2.9");
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, at) => guesser.signIn("grace", `wrong words, number ${at}`)),
    );
    const codes = replies.map(({ body }) => body.code as string);
    expect(codes.filter((code) => code === "sign_in_refused").length).toBeLessThanOrEqual(5);
    expect(codes.filter((code) => code === "sign_in_locked").length).toBeGreaterThanOrEqual(15);
    expect((await owner.call("GET", "/session")).status).toBe(200);
  });

  it("ends with the sign-out", async () => {
    const browser = operatorBrowser(test.app);
    await browser.signIn(OWNER.login, OWNER.password);
    expect((await browser.call("DELETE", "/session")).body).toEqual({ ended: true });
    expect((await browser.call("GET", "/session")).body.code).toBe("operator_session_invalid");
  });
});

describe("a request with the cookie", () => {
  it("changes nothing without the session's token, or from a page of another origin", async () => {
    const { cookie, csrfToken } = owner.stolen();
    const invite = { login: "mallory", displayName: "M", role: "owner" };
    const send = (headers: Record<string, string>) =>
      test.app.inject({
        method: "POST",
        url: "/api/admin/operators",
        headers: { cookie, ...headers },
        payload: invite,
      });
    for (const headers of [
      {},
      { "x-csrf-token": "guess" },
      { "x-csrf-token": csrfToken, "sec-fetch-site": "same-site" },
      { "x-csrf-token": csrfToken, "sec-fetch-site": "cross-site" },
    ]) {
      const { statusCode, body } = await send(headers as Record<string, string>);
      expect([statusCode, JSON.parse(body).code]).toEqual([403, "csrf_refused"]);
    }
    const { body } = await owner.call("GET", "/operators");
    expect(body.data.map(({ login }: { login: string }) => login)).not.toContain("mallory");
  });

  it("reads nothing for a page of a neighbouring origin", async () => {
    const { cookie } = owner.stolen();
    const reply = await test.app.inject({
      url: "/api/admin/session",
      headers: { cookie, "sec-fetch-site": "same-site" },
    });
    expect(reply.statusCode).toBe(403);
  });
});

describe("a second factor", () => {
  it("is asked for from its confirmation on, and each code opens once", async () => {
    const browser = await useOperator("lin", "economist");
    const password = "someone likes long walks";
    const { body } = await browser.call("POST", "/second-factor", { password });
    expect(body.uri).toMatch(/^otpauth:\/\/totp\/New%20Day:lin\?/);
    expect((await operatorBrowser(test.app).signIn("lin", password)).status).toBe(201);
    const wrong = await browser.call("POST", "/second-factor/confirmation", { code: "000000" });
    expect(wrong.body).toMatchObject({ code: "invalid_field", field: "code" });
    const code = codeOf(body.secret, -1);
    expect((await browser.call("POST", "/second-factor/confirmation", { code })).status).toBe(201);
    expect((await browser.call("GET", "/session")).status).toBe(401);

    const next = operatorBrowser(test.app, "192.0.2.11");
    expect((await next.signIn("lin", password)).body.code).toBe("second_factor_required");
    expect((await next.signIn("lin", password, code)).body.code).toBe("sign_in_refused");
    const fresh = codeOf(body.secret);
    const both = await Promise.all([
      operatorBrowser(test.app, "192.0.2.12").signIn("lin", password, fresh),
      operatorBrowser(test.app, "192.0.2.13").signIn("lin", password, fresh),
    ]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 401]);
  });

  it("is not taken away by who has stolen a session: it needs the password, and a code", async () => {
    const browser = await useOperator("mei", "support");
    const guess = () =>
      browser.call("POST", "/second-factor", { password: "a thief guesses this" });
    const replies = await Promise.all(Array.from({ length: 7 }, guess));
    const codes = replies.map(({ body }) => body.code as string);
    expect(codes.filter((code) => code === "sign_in_refused").length).toBeLessThanOrEqual(5);
    expect(codes).toContain("sign_in_locked");
  });

  it("that was lost is reset by an owner, which is in the log", async () => {
    const browser = await useOperator("oda", "support");
    const password = "someone likes long walks";
    const { body } = await browser.call("POST", "/second-factor", { password });
    await browser.call("POST", "/second-factor/confirmation", { code: codeOf(body.secret) });
    const reset = await owner.call("POST", "/operators/oda/second-factor/reset", {
      reason: REASON,
    });
    expect(reset.body).toMatchObject({
      before: { secondFactor: true },
      after: { secondFactor: false },
    });
    expect((await operatorBrowser(test.app, "192.0.2.14").signIn("oda", password)).status).toBe(
      201,
    );
    const log = await owner.call("GET", "/acts?subject=oda&limit=1");
    expect(log.body.data[0]).toMatchObject({
      operator: "operator:ada",
      what: "operator reset-second-factor",
      reason: REASON,
    });
  });
});

/** Calls without a credential: signing in, and the document. */
const OPEN = ["POST /api/admin/set-up", "POST /api/admin/sessions", "GET /api/admin/openapi.json"];

describe("every route of /api/admin", () => {
  it("is refused without a credential, with a wrong one, and with each smaller role", async () => {
    const roles = Object.keys(OPERATOR_ROLES) as OperatorRole[];
    const keys = await Promise.all(
      roles.map(async (role) => {
        const { body } = await owner.call("POST", "/keys", { label: `a ${role}`, role });
        return [role, body.secret as string] as const;
      }),
    );
    const routes = test.app.routeTable.filter(({ path }) => path.startsWith("/api/admin/"));
    expect(routes.length).toBeGreaterThan(10);
    for (const { method, path, role } of routes) {
      const name = `${method} ${path}`;
      expect([name, role === undefined]).toEqual([name, OPEN.includes(name)]);
      if (role === undefined) continue;
      const url = path.replaceAll(/\{\w+\}/g, "ada");
      const answer = async (headers: Record<string, string>) => {
        const reply = await test.app.inject({
          method: method as "GET",
          url,
          headers,
          ...(method === "GET" ? {} : { payload: {} }),
        });
        return [name, reply.statusCode, reply.json().code];
      };
      const refused = [name, 401, "operator_session_invalid"];
      expect(await answer({})).toEqual(refused);
      expect(await answer({ cookie: `newday_operator=nd_operator_${"B".repeat(43)}` })).toEqual(
        refused,
      );
      for (const [held, key] of keys)
        if (!includesRole(held, role))
          expect(await answer({ authorization: `Bearer ${key}` })).toEqual([
            name,
            403,
            "role_missing",
          ]);
    }
  });
});

describe("roles", () => {
  it("let a viewer read and nothing else, and raise no role", async () => {
    const viewer = await useOperator("vera", "viewer");
    expect((await viewer.call("GET", "/acts")).status).toBe(200);
    for (const [method, path, body] of [
      ["GET", "/operators", undefined],
      ["GET", "/keys", undefined],
      ["POST", "/operators", { login: "x", displayName: "X", role: "owner" }],
      ["PATCH", "/operators/vera", { reason: REASON, role: "owner" }],
      ["POST", "/keys", { label: "x", role: "owner" }],
    ] as const) {
      const reply = await viewer.call(method, path, body);
      expect([path, reply.status, reply.body.code]).toEqual([path, 403, "role_missing"]);
    }
  });

  it("that change end the sessions of before", async () => {
    const browser = await useOperator("rui", "support");
    await owner.call("PATCH", "/operators/rui", { reason: REASON, role: "viewer" });
    expect((await browser.call("GET", "/session")).status).toBe(401);
  });

  it("leave one owner at least", async () => {
    for (const change of [{ role: "viewer" }, { status: "suspended" }]) {
      const reply = await owner.call("PATCH", "/operators/ada", { reason: REASON, ...change });
      expect([reply.status, reply.body.code]).toEqual([409, "last_owner"]);
    }
  });

  it("of suspended people are none: sessions, sign-in and code", async () => {
    const browser = await useOperator("sol", "support");
    await owner.call("PATCH", "/operators/sol", { reason: REASON, status: "suspended" });
    expect((await browser.call("GET", "/session")).status).toBe(401);
    const again = await operatorBrowser(test.app, "192.0.2.15").signIn(
      "sol",
      "someone likes long walks",
    );
    expect(again.body.code).toBe("sign_in_refused");
  });
});

describe("a key of a machine", () => {
  it("acts within its role until it is revoked, and is shown once", async () => {
    const made = await owner.call("POST", "/keys", { label: "reports", role: "viewer" });
    const key = made.body.secret as string;
    const asMachine = (path: string) =>
      test.app.inject({
        url: `/api/admin${path}`,
        headers: { authorization: `Bearer ${key}` },
      });
    expect((await asMachine("/acts")).statusCode).toBe(200);
    expect((await asMachine("/operators")).statusCode).toBe(403);
    expect((await asMachine("/session")).statusCode).toBe(403);
    const listed = await owner.call("GET", "/keys");
    expect(JSON.stringify(listed.body)).not.toContain(key.slice(12));
    await owner.call("POST", `/keys/${made.body.subject}/revocation`, { reason: REASON });
    expect((await asMachine("/acts")).statusCode).toBe(401);
  });

  it("of a platform, or a user's session, opens nothing here", async () => {
    for (const credential of ["nd_key_", "nd_token_", "nd_admin_", "nd_operator_"]) {
      const { statusCode, body } = await test.app.inject({
        url: "/api/admin/acts",
        headers: { authorization: `Bearer ${credential}${"A".repeat(43)}` },
      });
      expect([statusCode, JSON.parse(body).code]).toEqual([401, "operator_session_invalid"]);
    }
  });
});

it("production asks every role but viewer for a second factor", async () => {
  const production = await useTestApp({
    env: {
      NEWDAY_MODE: "production",
      NEWDAY_PLATFORM_SECRETS: "allinone=a secret of 32 characters or more",
    },
  });
  const browser = await useOwner(production);
  const due = await browser.call("GET", "/operators");
  expect([due.status, due.body.code]).toEqual([403, "second_factor_due"]);
  const { body } = await browser.call("POST", "/second-factor", { password: OWNER.password });
  await browser.call("POST", "/second-factor/confirmation", { code: codeOf(body.secret, -1) });
  const signedIn = await browser.signIn(OWNER.login, OWNER.password, codeOf(body.secret));
  expect(signedIn.cookie).toContain("Secure");
  expect((await browser.call("GET", "/operators")).status).toBe(200);
});
