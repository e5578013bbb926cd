/** `GET /api/v1/limits`, and the changes of one of them. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { readLimitsOfPlatform, readLimitsOfUser } from "../../../ledger/policies/read-limits.ts";
import { accountId } from "../../../ledger/accounts/accounts.ts";
import { listCurrencies } from "../../../ledger/currencies/currency-queries.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { toLimit, toPolicyChange } from "../replies/policy-reply.ts";
import { listPolicyChanges } from "../../../policy/changes/list-policy-changes.ts";
import { LimitSchema, PolicyChangeSchema } from "../schemas/schemas-policies.ts";
import { Id, ref, strictObject, UserId } from "../schemas/schemas.ts";
import { requireOwnLimit } from "./post-limit.ts";
import type { Services } from "../../context/services.ts";

const listSchema = {
  operationId: "listLimits",
  tags: ["Limits"],
  title: { en: "List spending limits with what is left of them", zh: "列出支出限额及剩余额度" },
  description:
    "With `userId`: every limit that bounds this user, in all currencies. Without it: the limits of the " +
    "caller's platform for its users; a user's own call is about itself.",
  querystring: strictObject({ userId: Type.Optional(ref(UserId)) }),
  response: { 200: Type.Object({ data: Type.Array(ref(LimitSchema)) }) },
};

const changesSchema = {
  operationId: "listLimitChanges",
  tags: ["Limits"],
  title: { en: "List who changed a limit, and why", zh: "列出限额的更改记录" },
  description:
    "Newest first, the last 100, of a limit that stands; `newday limit log` has those of removed ones.",
  params: strictObject({ id: ref(Id) }),
  response: { 200: Type.Object({ data: Type.Array(ref(PolicyChangeSchema)) }) },
};

const CHANGES_MAX = 100;

export function listLimitsRoutes(v1: V1App, services: Services): void {
  const { db, directory } = services;
  const listConfig = { access: { scope: "wallets:read", users: true } } as const;
  v1.get("/limits", { schema: listSchema, config: listConfig }, async (request) => {
    const caller = callerOf(request);
    const { userId: named, ...unread } = request.query;
    unread satisfies NothingElse;
    const now = new Date();
    const userId = caller.kind === "user" ? (named ?? caller.userId) : named;
    if (userId === undefined) {
      const states = await readLimitsOfPlatform(db, { platform: caller.platform, now });
      return { data: states.map(toLimit) };
    }
    const { number, platform } = await requireWallet(directory, caller, userId);
    const currencies = await listCurrencies(db);
    const accounts = currencies.map((one) => accountId(number, Number(one.number)));
    const states = await readLimitsOfUser(db, { accounts, platform, now });
    return { data: states.map(toLimit) };
  });

  const changesConfig = { access: { scope: "wallets:read", users: false } } as const;
  v1.get(
    "/limits/:id/changes",
    { schema: changesSchema, config: changesConfig },
    async (request) => {
      const { id } = request.params;
      await requireOwnLimit(services, callerOf(request), id);
      const changes = await listPolicyChanges(db, { subject: `limit:${id}` }, CHANGES_MAX);
      return { data: changes.map(toPolicyChange) };
    },
  );
}
