/** A balancing transfer: as much as possible, up to an amount. */
import { accounts } from "../accounts/accounts.ts";
import { accountRow } from "./apply-posting.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { rowKey } from "../../engine/resource.ts";
import { movableOf } from "./locked-coins.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface TransferUpToPayload {
  readonly from: bigint;
  readonly to: bigint;
  readonly maximum: bigint;
}

export type TransferUpToResult = { readonly amount: string };

/** Moves the least of the maximum, the payer's available amount, and the payee's room. */
export const transferUpToOperation = defineOperationType<TransferUpToPayload, TransferUpToResult>()(
  {
    name: "transfer_up_to",
    readWriteSet: ({ from, to }) => [rowKey(accounts, from), rowKey(accounts, to)],
    decide({ from, to, maximum, ...unread }, view, { now }) {
      unread satisfies NothingElse;
      if (from === to) return { refuse: "same_account" };
      const payer = accountRow(view, from);
      const payee = accountRow(view, to);
      const room = payee.maximum - payee.balance;
      const amount = [maximum, movableOf(view, payer, now), room].reduce((a, b) => (a < b ? a : b));
      if (amount <= 0n) return { refuse: "nothing_to_move" };
      return {
        legs: [
          { account: from, amount: -amount },
          { account: to, amount },
        ],
        result: { amount: `${amount}` },
      };
    },
  },
);
