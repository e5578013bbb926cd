/** `/api/admin/users/{userId}/export` and `/erasure`: a person's data, by the use cases of privacy/. */
import { Readable } from "node:stream";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { requestErasure } from "../../../operators/settings/erase-user.ts";
import { exportPersonAsOperator } from "../../../operators/users/user-data.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toErasure } from "../../v1/replies/erasure-reply.ts";
import { PolicyReason } from "../../v1/schemas/schemas-policies.ts";
import { Erasure, erasureChoices, PersonExport } from "../../v1/schemas/schemas-privacy.ts";
import { dryRunQuery, ref, strictObject } from "../../v1/schemas/schemas.ts";
import { changesFor } from "../app/answer-setting.ts";
import { actContextOf } from "../app/operator-of-request.ts";
import { answerAct } from "../app/replies.ts";
import { ActOutcomeSchema } from "../app/schemas-admin.ts";
import { AnyUserId } from "../app/schemas-users.ts";

const tags = ["Users"];
const params = strictObject({ userId: AnyUserId });

const exportSchema = {
  operationId: "exportUserAsOperator",
  tags,
  title: { en: "Export everything about a person", zh: "导出某人的全部数据" },
  description: "The document of docs/privacy.md. The log of acts says who exported, and why.",
  params,
  querystring: strictObject({ reason: ref(PolicyReason) }),
  response: { 200: { content: { "application/json": { schema: PersonExport } } } } as unknown,
};

const erasureSchema = {
  operationId: "postUserErasureAsOperator",
  tags,
  title: { en: "Erase a person", zh: "抹除某人的数据" },
  description:
    "As `POST /api/v1/users/{userId}/erasure`. Final, and therefore always waits for a second person. `dryRun` answers " +
    "what stands against it, what goes and what stays.",
  params,
  querystring: dryRunQuery,
  body: strictObject({ reason: ref(PolicyReason), ...erasureChoices }),
  response: { 200: ref(Erasure), 202: ref(ActOutcomeSchema) },
};

export function userDataRoutes(admin: V1App, services: Services): void {
  const support = { operators: { role: "support" } } as const;
  admin.get(
    "/users/:userId/export",
    { schema: exportSchema, config: support },
    async (request, reply) => {
      const { reason, ...unread } = request.query;
      unread satisfies NothingElse;
      const { name } = request.operator ?? { name: "" };
      const context = { operator: name, dryRun: false, reason };
      const pieces = await exportPersonAsOperator(services, context, request.params.userId);
      return reply
        .type("application/json")
        .header("content-disposition", `attachment; filename="person.json"`)
        .send(Readable.from(pieces));
    },
  );

  admin.post(
    "/users/:userId/erasure",
    { schema: erasureSchema, config: changesFor("owner") },
    async (request, reply) => {
      const { reason, open = "refuse", property = "refuse", ...unread } = request.body;
      unread satisfies NothingElse;
      const { userId } = request.params;
      const context = await actContextOf(services, request);
      const result = await requestErasure(services, context, { userId, open, property, reason });
      return "asked" in result ? answerAct(reply, result.asked) : toErasure(userId, result);
    },
  );
}
