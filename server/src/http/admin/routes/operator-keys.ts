/** `/api/admin/keys`: keys with which machines act as an operator. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { listOperatorKeys } from "../../../operators/operator-key-queries.ts";
import { createOperatorKey, endOperatorKey } from "../../../operators/operator-keys.ts";
import type { Services } from "../../context/services.ts";
import { parseTime, type V1App } from "../../v1/app/v1-app.ts";
import { dryRunQuery, ref, strictObject, Timestamp } from "../../v1/schemas/schemas.ts";
import { contextOf } from "../app/operator-of-request.ts";
import { showChange } from "../app/replies.ts";
import { ChangeSchema, OperatorKeySchema, ReasonSchema, RoleSchema } from "../app/schemas-admin.ts";

const tags = ["Keys of machines"];
const config = { operators: { role: "owner" } } as const;
const changed = { querystring: dryRunQuery, response: { 200: ref(ChangeSchema) } };

const listSchema = {
  operationId: "listOperatorKeys",
  tags,
  title: { en: "List the keys of machines", zh: "列出程序密钥" },
  response: { 200: strictObject({ data: Type.Array(ref(OperatorKeySchema)) }) },
};

const createSchema = {
  ...changed,
  operationId: "postOperatorKey",
  tags,
  title: { en: "Make a key for a machine", zh: "创建程序密钥" },
  description: "`secret` is the key.",
  body: strictObject({
    label: Type.String({ minLength: 1, maxLength: 64 }),
    role: ref(RoleSchema),
    expiresAt: Type.Optional(ref(Timestamp)),
  }),
};

const revokeSchema = {
  ...changed,
  operationId: "postOperatorKeyRevocation",
  tags,
  title: { en: "Revoke a key of a machine", zh: "吊销程序密钥" },
  params: strictObject({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
  body: strictObject({ reason: ref(ReasonSchema) }),
};

export function operatorKeyRoutes(admin: V1App, { db }: Services): void {
  admin.get("/keys", { schema: listSchema, config }, async () => ({
    data: (await listOperatorKeys(db)).map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt?.toISOString() ?? null,
      revokedAt: row.revokedAt?.toISOString() ?? null,
    })),
  }));
  admin.post("/keys", { schema: createSchema, config }, async (request) => {
    const { label, role, expiresAt, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { label, role, expiresAt: parseTime(expiresAt, "expiresAt") ?? null };
    return showChange(await createOperatorKey(db, contextOf(request), wanted));
  });
  admin.post("/keys/:id/revocation", { schema: revokeSchema, config }, async (request) => {
    const { reason, ...unread } = request.body;
    unread satisfies NothingElse;
    return showChange(await endOperatorKey(db, contextOf(request, reason), request.params.id));
  });
}
