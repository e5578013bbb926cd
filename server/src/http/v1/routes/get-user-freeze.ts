/** `GET /api/v1/users/{userId}/freeze`: who has frozen a user, why and until when. */
import { findUserFreezes } from "../../../ledger/policies/freeze-user.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { toUserFreezes } from "../replies/user-freeze-reply.ts";
import { UserFreezesSchema } from "../schemas/schemas-policies.ts";
import { ref, strictObject, UserId } from "../schemas/schemas.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "getUserFreeze",
  tags: ["Users"],
  title: { en: "Read the freezes of a user", zh: "查询用户的冻结状态" },
  description: "Those in force; null for a side that has none.",
  params: strictObject({ userId: ref(UserId) }),
  response: { 200: ref(UserFreezesSchema) },
};

const config = { access: { scope: "wallets:read", users: false } } as const;

export function getUserFreezeRoute(v1: V1App, services: Services): void {
  v1.get("/users/:userId/freeze", { schema, config }, async (request) => {
    const caller = callerOf(request);
    const { userId, number } = await requireWallet(
      services.directory,
      caller,
      request.params.userId,
    );
    return toUserFreezes(userId, await findUserFreezes(services.db, number));
  });
}
