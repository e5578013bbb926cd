/**
 * Corrects a balance by hand against the adjustments account, which shows the sum of all
 * corrections. The reason stays with the transfer.
 */
import { accountId, accounts, currencyOf } from "../accounts/accounts.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { rowKey } from "../../engine/resource.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface AdjustmentPayload {
  /** Number of the adjustments wallet. */
  readonly adjustments: bigint;
  readonly account: bigint;
  /** Above zero gives, below zero takes; in minor units. */
  readonly amount: bigint;
  readonly reason: string;
}

export type AdjustmentResult = { readonly reason: string };

export const adjustmentOperation = defineOperationType<AdjustmentPayload, AdjustmentResult>()({
  name: "adjustment",
  readWriteSet: ({ adjustments, account }) => [
    rowKey(accounts, account),
    rowKey(accounts, accountId(adjustments, currencyOf(account))),
  ],
  decide({ adjustments, account, amount, reason, ...unread }) {
    unread satisfies NothingElse;
    const counter = accountId(adjustments, currencyOf(account));
    const legs = [
      { account: counter, amount: -amount },
      { account, amount },
    ];
    return {
      legs: amount > 0n ? legs : legs.toReversed(),
      // An operator takes from a frozen user what was won by fraud.
      overrides: ["platform", "operator", "audit"],
      paysLocked: true,
      result: { reason },
    };
  },
});
