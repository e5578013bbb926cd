/** `/api/admin/platform-keys`: the keys with which platforms call /api/v1. */
import { Type } from "typebox";
import { listPlatformKeys } from "../../../identity/platform-key-queries.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import {
  addPlatformKeySetting,
  revokePlatformKeySetting,
} from "../../../operators/settings/key-settings.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { dryRunQuery, ref, strictObject } from "../../v1/schemas/schemas.ts";
import { PlatformName } from "../../v1/schemas/schemas-policies.ts";
import { answerSetting, changesFor } from "../app/answer-setting.ts";
import { actReplies, ReasonSchema } from "../app/schemas-admin.ts";
import { KeyRoleSchema, PlatformKeySchema, ScopeSchema } from "../app/schemas-settings.ts";

const tags = ["Platforms"];
const viewers = { operators: { role: "viewer" } } as const;
const owners = changesFor("owner");
const changed = { tags, querystring: dryRunQuery, response: actReplies };

const listSchema = {
  operationId: "listPlatformKeys",
  tags,
  title: { en: "List the keys of platforms", zh: "列出平台密钥" },
  description: "Oldest first, revoked ones included; of one platform where it is given.",
  querystring: strictObject({ platform: Type.Optional(PlatformName) }),
  response: { 200: strictObject({ data: Type.Array(ref(PlatformKeySchema)) }) },
};

const createSchema = {
  ...changed,
  operationId: "postPlatformKey",
  title: { en: "Make a key of a platform", zh: "创建平台密钥" },
  description: "Always waits for a second person, whose reply shows the key as `secret`.",
  body: strictObject({
    platform: PlatformName,
    role: Type.Optional(ref(KeyRoleSchema)),
    scopes: Type.Array(ref(ScopeSchema), { minItems: 1, uniqueItems: true }),
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    reason: ref(ReasonSchema),
  }),
};

const revokeSchema = {
  ...changed,
  operationId: "postPlatformKeyRevocation",
  title: { en: "Revoke a key of a platform", zh: "吊销平台密钥" },
  params: strictObject({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
  body: strictObject({ reason: ref(ReasonSchema) }),
};

export function platformKeyRoutes(admin: V1App, services: Services): void {
  admin.get("/platform-keys", { schema: listSchema, config: viewers }, async (request) => ({
    data: (await listPlatformKeys(services.db, request.query.platform)).map((row) => ({
      ...row,
      scopes: [...row.scopes],
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt?.toISOString() ?? null,
      revokedAt: row.revokedAt?.toISOString() ?? null,
    })),
  }));
  admin.post("/platform-keys", { schema: createSchema, config: owners }, async (request, reply) => {
    const { platform, role = "platform", scopes, label = "", reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { platform, role, scopes, label, reason };
    return answerSetting(services, { request, reply }, addPlatformKeySetting, wanted);
  });
  admin.post(
    "/platform-keys/:id/revocation",
    { schema: revokeSchema, config: owners },
    async (request, reply) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const wanted = { ...request.params, reason };
      return answerSetting(services, { request, reply }, revokePlatformKeySetting, wanted);
    },
  );
}
