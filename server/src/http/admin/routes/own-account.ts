/** The signed-in operator's own session, password and second factor. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import {
  changeOwnPassword,
  confirmSecondFactor,
  startSecondFactor,
} from "../../../operators/own-account.ts";
import { endOperatorSession } from "../../../operators/session-queries.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { ref, strictObject } from "../../v1/schemas/schemas.ts";
import { operatorOf, SESSION_COOKIE, sessionOf } from "../app/operator-of-request.ts";
import { showSession } from "../app/replies.ts";
import { CodeSchema, OperatorSessionSchema, PasswordSchema } from "../app/schemas-admin.ts";

const tags = ["Own account"];
const config = { operators: { role: "viewer", beforeSecondFactor: true } } as const;

const readSchema = {
  operationId: "getOperatorSession",
  tags,
  title: { en: "Read the own session", zh: "查看当前会话" },
  response: { 200: ref(OperatorSessionSchema) },
};

const endSchema = {
  operationId: "deleteOperatorSession",
  tags,
  title: { en: "Sign out", zh: "退出登录" },
  response: { 200: Type.Object({ ended: Type.Boolean() }) },
};

const passwordSchema = {
  operationId: "postOwnPassword",
  tags,
  title: { en: "Change the own password", zh: "修改自己的密码" },
  description: "Ends the operator's other sessions.",
  body: strictObject({ password: ref(PasswordSchema), newPassword: ref(PasswordSchema) }),
  response: { 201: Type.Object({ endedSessions: Type.Integer() }) },
};

const factorSchema = {
  operationId: "postSecondFactor",
  tags,
  title: { en: "Set up a second factor", zh: "设置第二因素" },
  description:
    "Makes the secret of an authenticator app, shown this once; it counts from its confirmation on. One that is " +
    "there already has to be shown with `code`.",
  body: strictObject({ password: ref(PasswordSchema), code: Type.Optional(ref(CodeSchema)) }),
  response: { 201: Type.Object({ secret: Type.String(), uri: Type.String() }) },
};

const confirmSchema = {
  operationId: "postSecondFactorConfirmation",
  tags,
  title: { en: "Confirm the second factor", zh: "确认第二因素" },
  description: "With the first code of the app. Every session ends: sign in again with a code.",
  body: strictObject({ code: ref(CodeSchema) }),
  response: { 201: Type.Object({ endedSessions: Type.Integer() }) },
};

export function ownAccountRoutes(admin: V1App, services: Services): void {
  const { db } = services;
  const key = services.config.secretsKey;
  admin.get("/session", { schema: readSchema, config }, (request) => {
    sessionOf(request);
    return showSession(operatorOf(request));
  });
  admin.delete("/session", { schema: endSchema, config }, async (request, reply) => {
    const { tokenHash } = sessionOf(request);
    void reply.clearCookie(SESSION_COOKIE, { path: "/api/admin" });
    return { ended: await endOperatorSession(db, tokenHash) };
  });
  admin.post("/password", { schema: passwordSchema, config }, async (request, reply) => {
    const { password, newPassword, ...unread } = request.body;
    unread satisfies NothingElse;
    const endedSessions = await changeOwnPassword(db, sessionOf(request), {
      password,
      newPassword,
    });
    void reply.code(201);
    return { endedSessions };
  });
  admin.post("/second-factor", { schema: factorSchema, config }, async (request, reply) => {
    const { password, code, ...unread } = request.body;
    unread satisfies NothingElse;
    void reply.code(201);
    return startSecondFactor(db, key, sessionOf(request), { password, code });
  });
  admin.post(
    "/second-factor/confirmation",
    { schema: confirmSchema, config },
    async (request, reply) => {
      const { code, ...unread } = request.body;
      unread satisfies NothingElse;
      const endedSessions = await confirmSecondFactor(db, key, sessionOf(request), code);
      if (endedSessions === undefined)
        throw new NewDayError("invalid_field", {
          field: "code",
          rule: { en: "is not what the app shows now", zh: "与应用当前显示的不符" },
        });
      void reply.code(201);
      return { endedSessions };
    },
  );
}
