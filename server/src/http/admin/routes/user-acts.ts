/** `/api/admin/users/{userId}/...`: what operators do to a user's money, freezes and sessions. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { adjustUser } from "../../../operators/acts/adjust-user.ts";
import { endSessionsAct } from "../../../operators/acts/end-sessions.ts";
import { freezeAct, unfreezeAct } from "../../../operators/acts/freeze-act.ts";
import { performAct } from "../../../operators/acts/perform-act.ts";
import type { Services } from "../../context/services.ts";
import { parseTime, type V1App } from "../../v1/app/v1-app.ts";
import { parseSignedAmount } from "../../v1/request/amount.ts";
import { PolicyReason } from "../../v1/schemas/schemas-policies.ts";
import {
  CurrencyCodeSchema,
  dryRunQuery,
  ref,
  SignedAmount,
  strictObject,
  Timestamp,
  UserId,
} from "../../v1/schemas/schemas.ts";
import { actContextOf } from "../app/operator-of-request.ts";
import { answerAct } from "../app/replies.ts";
import { actReplies } from "../app/schemas-admin.ts";

const shared = {
  tags: ["Acts on users"],
  params: strictObject({ userId: ref(UserId) }),
  querystring: dryRunQuery,
  response: actReplies,
};
const onlyReason = strictObject({ reason: ref(PolicyReason) });
const support = { operators: { role: "support" }, writes: true, dryRun: true } as const;
const economists = { operators: { role: "economist" }, writes: true, dryRun: true } as const;

const adjustSchema = {
  ...shared,
  operationId: "postUserAdjustment",
  title: { en: "Correct a user's balance", zh: "更正用户余额" },
  description:
    "Gives (above zero) or takes (below zero) against New Day's adjustments account; never below zero, also of a " +
    "frozen user. Beyond what the operator may move alone on a day, 202: a second person approves.",
  body: strictObject({
    currency: ref(CurrencyCodeSchema),
    amount: ref(SignedAmount),
    reason: ref(PolicyReason),
  }),
};

const freezeSchema = {
  ...shared,
  operationId: "postUserFreeze",
  title: { en: "Freeze a user", zh: "冻结用户" },
  description:
    "Stops accounts, items, listings, sessions and logins at once. Sets or replaces the operators' freeze; the " +
    "platform's own stays. The user reads the reason at login.",
  body: strictObject({
    reason: ref(PolicyReason),
    until: Type.Optional(ref(Timestamp)),
  }),
};

const unfreezeSchema = {
  ...shared,
  operationId: "deleteUserFreeze",
  title: { en: "Lift the operators' freeze", zh: "解除运维方的冻结" },
  description: "The platform's own freeze stays.",
  body: onlyReason,
};

const sessionsSchema = {
  ...shared,
  operationId: "deleteUserSessions",
  title: { en: "End every session of a user", zh: "结束用户的所有会话" },
  description:
    "Also those that the user's logins opened through a link. The user may sign in again.",
  body: onlyReason,
};

export function userActRoutes(admin: V1App, services: Services): void {
  admin.post(
    "/users/:userId/adjustments",
    { schema: adjustSchema, config: economists },
    async (request, reply) => {
      const { currency, amount, reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const context = await actContextOf(services, request);
      const wanted = {
        ...request.params,
        currency,
        amount: `${parseSignedAmount(amount)}`,
        reason,
      };
      return answerAct(reply, await performAct(services, context, adjustUser, wanted));
    },
  );
  admin.post(
    "/users/:userId/freezes",
    { schema: freezeSchema, config: support },
    async (request, reply) => {
      const { reason, until, ...unread } = request.body;
      unread satisfies NothingElse;
      const context = await actContextOf(services, request);
      const wanted = {
        ...request.params,
        reason,
        until: parseTime(until, "until")?.toISOString() ?? null,
        debits: true,
        credits: true,
      };
      const outcome = await performAct(services, context, freezeAct, wanted);
      if (!context.dryRun) services.credentials.evictAll(); // this process obeys from its reply on
      return answerAct(reply, outcome);
    },
  );
  admin.delete(
    "/users/:userId/freezes",
    { schema: unfreezeSchema, config: support },
    async (request, reply) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const context = await actContextOf(services, request);
      const wanted = { ...request.params, reason };
      const outcome = await performAct(services, context, unfreezeAct, wanted);
      if (!context.dryRun) services.credentials.evictAll(); // this process obeys from its reply on
      return answerAct(reply, outcome);
    },
  );
  admin.delete(
    "/users/:userId/sessions",
    { schema: sessionsSchema, config: support },
    async (request, reply) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const context = await actContextOf(services, request);
      const wanted = { ...request.params, reason };
      const outcome = await performAct(services, context, endSessionsAct, wanted);
      if (!context.dryRun) services.credentials.evictAll(); // this process refuses them from its reply on
      return answerAct(reply, outcome);
    },
  );
}
