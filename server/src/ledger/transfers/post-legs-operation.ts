/** A transfer of any number of legs in any currencies; its caller answers for its meaning. */
import { accounts } from "../accounts/accounts.ts";
import type { Leg } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { rowKey } from "../../engine/resource.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface PostLegsPayload {
  /** Sum to zero per currency; the surface that accepts legs from outside checks it first. */
  readonly legs: readonly Leg[];
}

export const postLegsOperation = defineOperationType<PostLegsPayload>()({
  name: "legs",
  readWriteSet: ({ legs }) => legs.map(({ account }) => rowKey(accounts, account)),
  decide({ legs, ...unread }) {
    unread satisfies NothingElse;
    return { legs };
  },
});
