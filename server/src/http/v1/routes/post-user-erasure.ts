/** `POST /api/v1/users/{userId}/erasure`: the person goes, the history of money and items stays. */
import { Type } from "typebox";
import {
  erasePerson,
  planErasure,
  type ErasureWanted,
} from "../../../privacy/erasure/erase-person.ts";
import { findErasedOn } from "../../../privacy/erasure/erasure-queries.ts";
import { findNamed, isWithinReach, notReachable } from "../app/authorization-scope.ts";
import type { KeyCaller } from "../app/caller.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { PolicyReason } from "../schemas/schemas-policies.ts";
import { toErasure } from "../replies/erasure-reply.ts";
import { Erasure, erasureChoices } from "../schemas/schemas-privacy.ts";
import { ref, strictObject, UserId } from "../schemas/schemas.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postUserErasure",
  tags: ["Users"],
  title: { en: "Erase a person", zh: "抹除某人的数据" },
  description:
    "Replaces the person everywhere by `erased:<random>`: ids, names and texts go, amounts, times and ids of the books " +
    "stay. Refused while the user has open affairs or property, unless `open` and `property` say what happens to them. " +
    "Final. Sent again it answers the same, and finishes an erasure that was interrupted. `dryRun` answers what would go.",
  params: strictObject({ userId: ref(UserId) }),
  body: strictObject({
    reason: ref(PolicyReason),
    ...erasureChoices,
    dryRun: Type.Optional(Type.Boolean({ default: false })),
  }),
  response: { 200: ref(Erasure) },
};

const config = { access: { scope: "users:erase", users: false } } as const;

export function postUserErasureRoute(v1: V1App, services: Services): void {
  v1.post("/users/:userId/erasure", { schema, config }, async (request) => {
    const caller = callerOf(request);
    if (caller.kind !== "key") throw notReachable("userId");
    const {
      reason,
      open = "refuse",
      property = "refuse",
      dryRun = false,
      ...unread
    } = request.body;
    unread satisfies NothingElse;
    const { userId: named } = request.params;
    const cached = await findNamed(services.directory, caller, named, "userId");
    if (cached) services.directory.evictWallet(cached.number); // another process may have erased them just now
    const wallet = cached && (await findNamed(services.directory, caller, named, "userId"));
    if (!wallet) return { userId: named, ...(await erasedBefore(services, caller, named)) };
    if (!isWithinReach(caller, wallet) || wallet.role !== null) throw notReachable("userId");
    const byOperator = caller.operator;
    const wanted: ErasureWanted = { reason, open, property, byOperator, caller: caller.name };
    if (dryRun) return toErasure(named, { plan: await planErasure(services, wallet, wanted) });
    const erasedOn = await erasePerson(services, wallet, wanted);
    services.credentials.evictAll(); // the reply promises that this process serves the person no more
    return toErasure(named, { erasedOn });
  });
}

/** Errors: `wallet_not_found` for a user who was not erased. */
async function erasedBefore({ db }: Services, caller: KeyCaller, named: string) {
  const userId = await caller.resolveUserId(named, "userId");
  const known = await findErasedOn(db, userId);
  if (!known || (!caller.operator && known.platform !== caller.platform))
    throw notReachable("userId");
  return { status: "erased" as const, erasedOn: known.day };
}
