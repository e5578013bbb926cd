/** `/api/admin/operators`: who may do what, changed by owners. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import {
  inviteOperator,
  renewOperatorCode,
  resetSecondFactor,
  setOperator,
} from "../../../operators/accounts.ts";
import { listOperators } from "../../../operators/operator-queries.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { dryRunQuery, oneOf, ref, strictObject } from "../../v1/schemas/schemas.ts";
import { contextOf } from "../app/operator-of-request.ts";
import { showChange } from "../app/replies.ts";
import {
  ChangeSchema,
  LoginSchema,
  OperatorSchema,
  ReasonSchema,
  RoleSchema,
} from "../app/schemas-admin.ts";

const tags = ["Operators"];
const owners = { operators: { role: "owner" } } as const;
const displayName = Type.String({ minLength: 1, maxLength: 64 });
const params = strictObject({ login: ref(LoginSchema) });
const changed = { querystring: dryRunQuery, response: { 200: ref(ChangeSchema) } };

const listSchema = {
  operationId: "listOperators",
  tags,
  title: { en: "List the operators", zh: "列出运维人员" },
  response: { 200: strictObject({ data: Type.Array(ref(OperatorSchema)) }) },
};

const inviteSchema = {
  ...changed,
  operationId: "postOperator",
  tags,
  title: { en: "Invite an operator", zh: "邀请运维人员" },
  description: "`secret` is the one-time code with which the person sets a password within a day.",
  body: strictObject({ login: ref(LoginSchema), displayName, role: ref(RoleSchema) }),
};

const setSchema = {
  ...changed,
  operationId: "patchOperator",
  tags,
  title: { en: "Change an operator", zh: "更改运维人员" },
  description: "Sessions of an operator who is suspended or gets another role end at once.",
  params,
  body: strictObject({
    reason: ref(ReasonSchema),
    displayName: Type.Optional(displayName),
    role: Type.Optional(ref(RoleSchema)),
    status: Type.Optional(oneOf(["active", "suspended"])),
  }),
};

const codeSchema = {
  ...changed,
  operationId: "postOperatorCode",
  tags,
  title: { en: "Make a new one-time code", zh: "生成新的一次性代码" },
  description: "For a person who was invited or lost the password.",
  params,
  body: strictObject({ reason: ref(ReasonSchema) }),
};

const resetSchema = {
  ...changed,
  operationId: "postSecondFactorReset",
  tags,
  title: { en: "Reset a second factor", zh: "重置第二因素" },
  description: "For a person who lost the authenticator; sessions end.",
  params,
  body: strictObject({ reason: ref(ReasonSchema) }),
};

export function operatorAccountRoutes(admin: V1App, { db }: Services): void {
  admin.get("/operators", { schema: listSchema, config: owners }, async () => {
    const operators = await listOperators(db);
    return {
      data: operators.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
    };
  });
  admin.post("/operators", { schema: inviteSchema, config: owners }, async (request) => {
    const { login, displayName: name, role, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { login, displayName: name, role };
    return showChange(await inviteOperator(db, contextOf(request), wanted));
  });
  admin.patch("/operators/:login", { schema: setSchema, config: owners }, async (request) => {
    const { reason, displayName: name, role, status, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = {
      ...request.params,
      ...(name === undefined ? {} : { displayName: name }),
      ...(role === undefined ? {} : { role }),
      ...(status === undefined ? {} : { status }),
    };
    return showChange(await setOperator(db, contextOf(request, reason), wanted));
  });
  admin.post("/operators/:login/code", { schema: codeSchema, config: owners }, async (request) => {
    const { reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const { login } = request.params;
    return showChange(await renewOperatorCode(db, contextOf(request, reason), login));
  });
  admin.post(
    "/operators/:login/second-factor/reset",
    { schema: resetSchema, config: owners },
    async (request) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const { login } = request.params;
      return showChange(await resetSecondFactor(db, contextOf(request, reason), login));
    },
  );
}
