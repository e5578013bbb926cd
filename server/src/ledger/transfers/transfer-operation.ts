/** An ordinary transfer: one payer, one payee, one currency. */
import { accounts } from "../accounts/accounts.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { rowKey } from "../../engine/resource.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface TransferPayload {
  readonly from: bigint;
  readonly to: bigint;
  /** Minor units, above zero. */
  readonly amount: bigint;
}

export const transferOperation = defineOperationType<TransferPayload>()({
  name: "transfer",
  readWriteSet: ({ from, to }) => [rowKey(accounts, from), rowKey(accounts, to)],
  decide({ from, to, amount, ...unread }) {
    unread satisfies NothingElse;
    if (from === to) return { refuse: "same_account" };
    return {
      legs: [
        { account: from, amount: -amount },
        { account: to, amount },
      ],
    };
  },
});
