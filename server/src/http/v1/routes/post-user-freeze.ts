/** `POST /api/v1/users/{userId}/freeze` and `/unfreeze`: a user with everything they own. */
import { Type } from "typebox";
import { freezeUser, findUserFreezes, unfreezeUser } from "../../../ledger/policies/freeze-user.ts";
import type { FrozenUser } from "../../../ledger/policies/freeze-user-operation.ts";
import { NewDayError } from "../../../errors/errors.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { toUserFreezes } from "../replies/user-freeze-reply.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { PolicyReason, UserFreezesSchema } from "../schemas/schemas-policies.ts";
import { ref, strictObject, Timestamp, UserId } from "../schemas/schemas.ts";
import type { FastifyRequest } from "fastify";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import type { Services } from "../../context/services.ts";

const shared = {
  tags: ["Users"],
  params: strictObject({ userId: ref(UserId) }),
  response: { 201: ref(UserFreezesSchema) },
};

const freezeSchema = {
  ...shared,
  operationId: "postUserFreeze",
  title: { en: "Freeze a user", zh: "冻结用户" },
  description:
    "Stops everything at once: sessions and logins, money out (`debits`) and in (`credits`), every move of the " +
    "user's items, and sales of their listings. The platform and the operators of New Day each have a freeze of " +
    "their own: this call sets or replaces the caller's, and the user is free when neither holds.",
  body: strictObject({
    reason: ref(PolicyReason),
    until: Type.Optional(ref(Timestamp)),
    debits: Type.Optional(Type.Boolean({ description: "money out; true when it is left out" })),
    credits: Type.Optional(
      Type.Boolean({ description: "money and items in; true when it is left out" }),
    ),
  }),
};

const unfreezeSchema = {
  ...shared,
  operationId: "postUserUnfreeze",
  title: { en: "Unfreeze a user", zh: "解除对用户的冻结" },
  description: "Lifts the caller's own freeze; the other side's stays.",
  body: strictObject({ reason: ref(PolicyReason) }),
};

const config = { access: { scope: "wallets:write", users: false }, writes: true } as const;

export function postUserFreezeRoutes(v1: V1App, services: Services): void {
  v1.post("/users/:userId/freeze", { schema: freezeSchema, config }, async (request, reply) => {
    const { reason, until, debits = true, credits = true, ...unread } = request.body;
    unread satisfies NothingElse;
    const user = await userOf(services, request, { ...request.params, reason });
    const freeze = {
      ...user,
      debits,
      credits,
      until: until === undefined ? null : new Date(until),
    };
    const { outcome } = await freezeUser(services, freeze, termsFor(request, {}));
    services.credentials.evictAll(); // this process obeys from its reply on
    answerPosted({ request, reply }, outcome);
    return toUserFreezes(user.userId, await findUserFreezes(services.db, user.wallet));
  });
  v1.post("/users/:userId/unfreeze", { schema: unfreezeSchema, config }, async (request, reply) => {
    const { reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const user = await userOf(services, request, { ...request.params, reason });
    const { outcome } = await unfreezeUser(services, user, termsFor(request, {}));
    services.credentials.evictAll(); // this process obeys from its reply on
    answerPosted({ request, reply }, outcome);
    return toUserFreezes(user.userId, await findUserFreezes(services.db, user.wallet));
  });
}

/** A user of the caller's platform, never a system wallet. Errors: as `requireWallet`. */
async function userOf(
  { directory }: Services,
  request: FastifyRequest,
  { userId: named, reason }: Pick<FrozenUser, "userId" | "reason">,
): Promise<FrozenUser> {
  const caller = callerOf(request);
  const { userId, number, role } = await requireWallet(directory, caller, named);
  if (role !== null) throw new NewDayError("wallet_not_found", { field: "userId" });
  const byOperator = caller.kind === "key" && caller.operator;
  return { wallet: number, userId, side: byOperator ? "operator" : "platform", reason };
}
