/** `POST /api/v1/limits` and `/limits/{id}/remove`: spending limits of users and platforms. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import {
  findLimit,
  readLimitsOfPlatform,
  readLimitsOfUser,
} from "../../../ledger/policies/read-limits.ts";
import {
  platformOfAccount,
  removeSpendingLimit,
  setSpendingLimit,
  WINDOW_SECONDS,
  type LimitWanted,
} from "../../../ledger/policies/set-limit.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { LIMIT_SCOPES } from "../../../policy/limits/limit-rows.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import type { Caller } from "../app/caller.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { isOperator, ownerOf, toLimit, toPolicyChange } from "../replies/policy-reply.ts";
import { parseSignedAmount } from "../request/amount.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import {
  LimitSchema,
  PlatformName,
  PolicyChangeSchema,
  PolicyReason,
  SpendingKindSchema,
  WindowSchema,
} from "../schemas/schemas-policies.ts";
import { CurrencyCodeSchema, Id, oneOf, ref, strictObject, UserId } from "../schemas/schemas.ts";
import type { Services } from "../../context/services.ts";
import { listPolicyChanges } from "../../../policy/changes/list-policy-changes.ts";

const setSchema = {
  operationId: "postLimit",
  tags: ["Limits"],
  title: { en: "Set a spending limit", zh: "设置支出限额" },
  description:
    "Bounds what is paid in a window of time. A limit of the same scope, currency, kind and window is changed, " +
    "and what it has counted stays. A hold is counted when it is opened; what it does not take is given back. " +
    "`platform` is for operators, who bound any platform.",
  body: strictObject({
    scope: oneOf(LIMIT_SCOPES, { description: "user, each (user of the platform) or platform" }),
    userId: Type.Optional(ref(UserId)),
    platform: Type.Optional(PlatformName),
    currency: ref(CurrencyCodeSchema),
    kind: Type.Optional(SpendingKindSchema),
    window: WindowSchema,
    seconds: Type.Optional(
      Type.Integer({
        minimum: WINDOW_SECONDS.min,
        maximum: WINDOW_SECONDS.max,
        description: `${WINDOW_SECONDS.min} to ${WINDOW_SECONDS.max}, for the window rolling`,
      }),
    ),
    maximum: Type.String({
      pattern: "^(0|[1-9][0-9]{0,18})$",
      description: "minor units, not below 0, as a decimal string",
    }),
    reason: ref(PolicyReason),
  }),
  response: { 201: ref(LimitSchema) },
};

const removeSchema = {
  operationId: "postLimitRemove",
  tags: ["Limits"],
  title: { en: "Remove a spending limit", zh: "移除支出限额" },
  description:
    "Operators remove any limit; a platform removes its own, and those that other platforms have set on its users.",
  params: strictObject({ id: ref(Id) }),
  body: strictObject({ reason: ref(PolicyReason) }),
  response: { 201: ref(PolicyChangeSchema) },
};

const config = { access: { scope: "limits:write", users: false }, writes: true } as const;

export function postLimitRoutes(v1: V1App, services: Services): void {
  v1.post("/limits", { schema: setSchema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { scope, userId, platform, currency, kind, window, seconds, ...rest } = request.body;
    const { maximum, reason, ...unread } = rest;
    unread satisfies NothingElse;
    const bounded = await resolveBounded(services, caller, { userId, platform });
    const wanted = {
      scope,
      owner: ownerOf(caller),
      ...bounded,
      currency,
      kind: kind ?? null,
      window,
      seconds: seconds ?? null,
      maximum: parseSignedAmount(maximum, "maximum"),
      reason,
    };
    const { outcome } = await setSpendingLimit(services, wanted, termsFor(request, {}));
    const { result } = answerPosted({ request, reply }, outcome);
    return toLimit(await requireLimit(services, result.limitId));
  });

  v1.post("/limits/:id/remove", { schema: removeSchema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { id: limitId } = request.params;
    const { reason, ...unread } = request.body;
    unread satisfies NothingElse;
    await requireOwnLimit(services, caller, limitId);
    const removal = { limitId, owner: ownerOf(caller), reason };
    const { outcome } = await removeSpendingLimit(services, removal, termsFor(request, {}));
    const { transferId } = answerPosted({ request, reply }, outcome);
    const changes = await listPolicyChanges(services.db, { subject: `limit:${limitId}` }, 10);
    const change = changes.find((one) => one.id === transferId) ?? changes[0];
    if (!change) throw new NewDayError("policy_not_found", { field: "id" });
    return toPolicyChange(change);
  });
}

/** The named user and their platform; or the platform whose users are bounded: the named one, or the caller's. */
async function resolveBounded(
  { directory, platforms }: Services,
  caller: Caller,
  { userId, platform }: { userId: string | undefined; platform: string | undefined },
): Promise<Pick<LimitWanted, "platform" | "wallet">> {
  if (userId !== undefined) {
    const wallet = await requireWallet(directory, caller, userId);
    return { platform: wallet.platform, wallet };
  }
  if (platform === undefined || platform === caller.platform)
    return { platform: caller.platform, wallet: null };
  if (!isOperator(caller))
    throw new NewDayError("forbidden", {
      field: "platform",
      rule: { en: "is the caller's own for a platform's key", zh: "平台密钥只能限制本平台" },
    });
  const { name } = await platforms.requirePlatform(platform, "platform");
  return { platform: name, wallet: null };
}

async function requireLimit({ db }: Services, id: string) {
  const found = await findLimit(db, id);
  if (!found) throw new NewDayError("policy_not_found", { field: "id" });
  const { account, limit } = found;
  const now = new Date();
  const states =
    account === null
      ? await readLimitsOfPlatform(db, { platform: limit.platform, now })
      : await readLimitsOfUser(db, { accounts: [account], platform: limit.platform, now });
  const state = states.find((one) => one.limit.id === id);
  if (!state) throw new NewDayError("policy_not_found", { field: "id" });
  return state;
}

/** Limits of other platforms on their users are not shown. Errors: `policy_not_found`. */
export async function requireOwnLimit(
  { db, directory }: Services,
  caller: Caller,
  id: string,
): Promise<void> {
  const found = await findLimit(db, id);
  if (found && (isOperator(caller) || found.limit.platform === caller.platform)) return;
  const account = found?.account ?? null;
  if (account !== null && (await platformOfAccount(directory, account)) === caller.platform) return;
  throw new NewDayError("policy_not_found", { field: "id" });
}
