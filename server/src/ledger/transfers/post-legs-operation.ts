/** A transfer of any number of legs in any currencies; its caller answers for its meaning. */
import { accounts } from "../accounts/accounts.ts";
import type { Leg } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { touch } from "../../engine/resource.ts";

export interface PostLegsPayload {
  /** Sum to zero per currency; the surface that accepts legs from outside checks it first. */
  readonly legs: readonly Leg[];
}

export const postLegsOperation = defineOperationType<PostLegsPayload>()({
  name: "legs",
  touches: ({ legs }) => legs.map(({ account }) => touch(accounts, account)),
  decide: ({ legs }) => ({ legs }),
});
