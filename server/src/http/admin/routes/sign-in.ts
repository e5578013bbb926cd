/** `POST /api/admin/set-up` and `/sessions`: the calls without a session. */
import { Type } from "typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { acceptOperatorCode } from "../../../operators/accounts.ts";
import { readOperatorSession } from "../../../operators/operator-sessions.ts";
import { endOperatorSession } from "../../../operators/session-queries.ts";
import { SESSION_LIFETIME_MS, signIn } from "../../../operators/sign-in.ts";
import { hashCredential } from "../../../identity/token.ts";
import { countedNetwork } from "../../context/client-address.ts";
import type { Services } from "../../context/services.ts";
import { limitTo, LOGINS_PER_WINDOW } from "../../plugins/rate-limits.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { ref, strictObject } from "../../v1/schemas/schemas.ts";
import { SESSION_COOKIE } from "../app/operator-of-request.ts";
import { showSession } from "../app/replies.ts";
import {
  CodeSchema,
  LoginSchema,
  OperatorSessionSchema,
  PasswordSchema,
} from "../app/schemas-admin.ts";

const setUpSchema = {
  operationId: "postSetUp",
  tags: ["Sign-in"],
  title: { en: "Use a one-time code", zh: "使用一次性代码" },
  description:
    "Sets the password that the code stands for: of the first owner (the code that `npm start` prints), of an " +
    "invitation, or of a lost password. Sign in afterwards.",
  body: strictObject({
    code: Type.String({ minLength: 1, maxLength: 64 }),
    password: ref(PasswordSchema),
    login: Type.Optional(ref(LoginSchema)),
    displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  }),
  response: { 201: Type.Object({ login: Type.String() }) },
};

const signInSchema = {
  operationId: "postOperatorSession",
  tags: ["Sign-in"],
  title: { en: "Sign in", zh: "登录" },
  description:
    "Opens a session of 12 hours, which ends after an hour without use; the cookie is its credential.",
  body: strictObject({
    login: ref(LoginSchema),
    password: ref(PasswordSchema),
    code: Type.Optional(ref(CodeSchema)),
  }),
  response: { 201: ref(OperatorSessionSchema) },
};

const { config } = limitTo(LOGINS_PER_WINDOW);

export function signInRoutes(admin: V1App, services: Services): void {
  const { db } = services;
  admin.post("/set-up", { schema: setUpSchema, config }, async (request, reply) => {
    const { code, password, login, displayName, ...unread } = request.body;
    unread satisfies NothingElse;
    const named = {
      ...(login === undefined ? {} : { login }),
      ...(displayName === undefined ? {} : { displayName }),
    };
    void reply.code(201);
    return acceptOperatorCode(db, { code, password, ...named });
  });

  admin.post("/sessions", { schema: signInSchema, config }, async (request, reply) => {
    const { login, password, code, ...unread } = request.body;
    unread satisfies NothingElse;
    const network = countedNetwork(services.readAddress(request.raw));
    const { token } = await signIn(db, services.config.secretsKey, {
      login,
      password,
      code,
      network,
    });
    await endSessionBefore(services, request);
    setSessionCookie(services, reply, token);
    void reply.code(201);
    return showSession(await readOperatorSession(db, token));
  });
}

/** A browser has one session: a sign-in never goes on with a cookie that was there before. */
async function endSessionBefore({ db }: Services, request: FastifyRequest): Promise<void> {
  const before = request.cookies[SESSION_COOKIE];
  if (before !== undefined) await endOperatorSession(db, hashCredential(before));
}

function setSessionCookie({ config }: Services, reply: FastifyReply, token: string): void {
  void reply.setCookie(SESSION_COOKIE, token, {
    path: "/api/admin",
    httpOnly: true,
    sameSite: "strict",
    // A sandbox is reached without TLS.
    secure: config.mode === "production",
    maxAge: SESSION_LIFETIME_MS / 1000,
  });
}
