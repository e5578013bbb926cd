/** `/api/admin/approvals`: acts that wait for a second person; `/act-limits`: what operators move alone. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { ACT_LIMIT_DEFAULT, listActLimits } from "../../../operators/acts/act-limit-rows.ts";
import { listApprovals } from "../../../operators/acts/approval-queries.ts";
import { APPROVAL_STATUSES } from "../../../operators/acts/approval-rows.ts";
import { approveAct, rejectAct } from "../../../operators/approvals/decide-approval.ts";
import { showApproval } from "../../../operators/approvals/show-approval.ts";
import { setActLimit } from "../../../operators/acts/set-act-limit.ts";
import { personOf } from "../../../operators/person-of.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toPage } from "../../v1/replies/page.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import { PolicyReason } from "../../v1/schemas/schemas-policies.ts";
import {
  CurrencyCodeSchema,
  dryRunQuery,
  Id,
  oneOf,
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
} from "../../v1/schemas/schemas.ts";
import { actContextOf, contextOf, operatorOf } from "../app/operator-of-request.ts";
import { answerAct, showChange } from "../app/replies.ts";
import {
  ActLimitSchema,
  actReplies,
  ApprovalSchema,
  ChangeSchema,
  ReasonSchema,
} from "../app/schemas-admin.ts";

const tags = ["Approvals"];
const viewers = { operators: { role: "viewer" } } as const;
const deciders = { operators: { role: "support" }, writes: true, dryRun: true } as const;
const owners = { operators: { role: "owner" } } as const;
const params = strictObject({ id: ref(Id) });

const listSchema = {
  operationId: "listApprovals",
  tags,
  title: { en: "List the approvals", zh: "列出批准请求" },
  description:
    "Newest first; of one status where it is given. One that has expired is still `pending` there.",
  querystring: strictObject({
    ...pageQuery,
    status: Type.Optional(oneOf(APPROVAL_STATUSES)),
  }),
  response: { 200: pageOf(ref(ApprovalSchema)) },
};

const approveSchema = {
  operationId: "postApprovalApproval",
  tags,
  title: { en: "Approve an act", zh: "批准操作" },
  description:
    "Another active operator of the asker's role or a higher one. The act is judged anew by the present state, and " +
    "done at once; after a refusal it still waits. `dryRun` shows what it would change now.",
  params,
  querystring: dryRunQuery,
  body: strictObject({}),
  response: actReplies,
};

const rejectSchema = {
  operationId: "postApprovalRejection",
  tags,
  title: { en: "Reject an act", zh: "否决操作" },
  description: "Who asked may take it back so.",
  params,
  querystring: dryRunQuery,
  body: strictObject({ reason: ref(PolicyReason) }),
  response: actReplies,
};

const limitsSchema = {
  operationId: "listActLimits",
  tags,
  title: { en: "List what operators move alone", zh: "列出单人操作限额" },
  description: "By currency; what one person moves on a UTC day beyond it needs a second person.",
  response: { 200: strictObject({ data: Type.Array(ref(ActLimitSchema)) }) },
};

const setSchema = {
  operationId: "putActLimit",
  tags,
  title: { en: "Set what operators move alone", zh: "设定单人操作限额" },
  params: strictObject({ currency: ref(CurrencyCodeSchema) }),
  querystring: dryRunQuery,
  body: strictObject({
    maximum: Type.String({
      pattern: "^(0|[1-9][0-9]{0,17})$",
      description: "minor units a day, as a decimal string of 1 to 18 digits",
    }),
    reason: ref(ReasonSchema),
  }),
  response: { 200: ref(ChangeSchema) },
};

export function approvalRoutes(admin: V1App, services: Services): void {
  const { db } = services;
  admin.get("/approvals", { schema: listSchema, config: viewers }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, status } = request.query;
    const listing = { approvals: { status } };
    const position = decodeCursor(listing, cursor, { at: "number", id: "uuid" });
    const before = position && { at: new Date(Number(position.at)), id: position.id };
    const rows = await listApprovals(db, { status, before, limit: limit + 1 });
    const person = await personOf(db, operatorOf(request).name);
    const shown = rows.slice(0, limit).map((row) => showApproval(row, person));
    return toPage(rows, shown, ({ id, askedAt }) =>
      encodeCursor(listing, { at: `${askedAt.getTime()}`, id }),
    );
  });
  admin.post(
    "/approvals/:id/approval",
    { schema: approveSchema, config: deciders },
    async (request, reply) => {
      const context = await actContextOf(services, request);
      const outcome = await approveAct(services, context, request.params.id);
      if (!context.dryRun) services.credentials.evictAll(); // this process obeys from its reply on
      return answerAct(reply, outcome);
    },
  );
  admin.post(
    "/approvals/:id/rejection",
    { schema: rejectSchema, config: deciders },
    async (request, reply) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const context = await actContextOf(services, request);
      return answerAct(reply, await rejectAct(services, context, { ...request.params, reason }));
    },
  );
  admin.get("/act-limits", { schema: limitsSchema, config: viewers }, async () => {
    const limits = (await listActLimits(db)).map((row) => ({ ...row, maximum: `${row.maximum}` }));
    return { data: [...limits, { currency: null, maximum: `${ACT_LIMIT_DEFAULT}` }] };
  });
  admin.put("/act-limits/:currency", { schema: setSchema, config: owners }, async (request) => {
    const { maximum, reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { ...request.params, maximum: BigInt(maximum) };
    return showChange(await setActLimit(services, contextOf(request, reason), wanted));
  });
}
