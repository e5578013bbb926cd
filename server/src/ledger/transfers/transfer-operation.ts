/** An ordinary transfer: one payer, one payee, one currency. */
import { accounts } from "../accounts/accounts.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { touch } from "../../engine/resource.ts";

export interface TransferPayload {
  readonly from: bigint;
  readonly to: bigint;
  /** Minor units, above zero. */
  readonly amount: bigint;
}

export const transferOperation = defineOperationType<TransferPayload>()({
  name: "transfer",
  touches: ({ from, to }) => [touch(accounts, from), touch(accounts, to)],
  decide({ from, to, amount }) {
    if (from === to) return { refuse: "same_account" };
    return {
      legs: [
        { account: from, amount: -amount },
        { account: to, amount },
      ],
    };
  },
});
