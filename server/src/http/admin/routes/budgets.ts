/** `/api/admin/budgets`: how much a platform may issue of a currency, by the use case of `newday budget`. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { setBudgetAct } from "../../../operators/acts/budget-act.ts";
import { performAct } from "../../../operators/acts/perform-act.ts";
import type { IssuanceBudgetRow } from "../../../policy/issuance/budget-rows.ts";
import { issuedToday } from "../../../policy/issuance/charge-budget.ts";
import { listBudgets } from "../../../policy/issuance/list-budgets.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { PlatformName, PolicyReason } from "../../v1/schemas/schemas-policies.ts";
import {
  CurrencyCodeSchema,
  dryRunQuery,
  orNull,
  ref,
  strictObject,
} from "../../v1/schemas/schemas.ts";
import { changesFor } from "../app/answer-setting.ts";
import { actContextOf } from "../app/operator-of-request.ts";
import { answerAct } from "../app/replies.ts";
import { actReplies } from "../app/schemas-admin.ts";
import { ManagedBudgetSchema, Units } from "../app/schemas-settings.ts";

const tags = ["Currencies"];
const viewers = { operators: { role: "viewer" } } as const;
const economists = changesFor("economist");
const changed = {
  tags,
  params: strictObject({ platform: PlatformName, currency: ref(CurrencyCodeSchema) }),
  querystring: dryRunQuery,
  response: actReplies,
};

const listSchema = {
  operationId: "listBudgets",
  tags,
  title: { en: "List the issuance budgets", zh: "列出发行预算" },
  response: { 200: strictObject({ data: Type.Array(ref(ManagedBudgetSchema)) }) },
};

const setSchema = {
  ...changed,
  operationId: "putBudget",
  title: { en: "Set an issuance budget", zh: "设置发行预算" },
  description: "Counting begins with the first budget.",
  body: strictObject({
    perDay: orNull(Units, { description: "minor units a UTC day, 1 to 16 digits; or null" }),
    total: orNull(Units, { description: "minor units in total, 1 to 16 digits; or null" }),
    reason: ref(PolicyReason),
  }),
};

const liftSchema = {
  ...changed,
  operationId: "deleteBudget",
  title: { en: "Lift an issuance budget", zh: "取消发行预算" },
  description: "Counting goes on.",
  body: strictObject({ reason: ref(PolicyReason) }),
};

export function budgetRoutes(admin: V1App, services: Services): void {
  const path = "/budgets/:platform/:currency";
  admin.get("/budgets", { schema: listSchema, config: viewers }, async () => {
    const now = new Date();
    return { data: (await listBudgets(services.db)).map((row) => showBudget(row, now)) };
  });
  admin.put(path, { schema: setSchema, config: economists }, async (request, reply) => {
    const { perDay, total, reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const context = await actContextOf(services, request);
    const wanted = { ...request.params, perDay, total, reason };
    return answerAct(reply, await performAct(services, context, setBudgetAct, wanted));
  });
  admin.delete(path, { schema: liftSchema, config: economists }, async (request, reply) => {
    const { reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const context = await actContextOf(services, request);
    const wanted = { ...request.params, perDay: null, total: null, reason };
    return answerAct(reply, await performAct(services, context, setBudgetAct, wanted));
  });
}

function showBudget(row: IssuanceBudgetRow, now: Date) {
  const { platform, currency, perDay, total, version, issued } = row;
  return {
    platform,
    currency,
    version: Number(version),
    perDay: perDay === null ? null : `${perDay}`,
    issuedToday: `${issuedToday(row, now)}`,
    total: total === null ? null : `${total}`,
    issued: `${issued}`,
  };
}
