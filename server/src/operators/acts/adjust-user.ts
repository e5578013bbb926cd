/** Gives a user money, or takes it, against New Day's adjustments account. */
import { operationOf } from "../../engine/operation-type.ts";
import type { View } from "../../engine/operation.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { accountId, accounts } from "../../ledger/accounts/accounts.ts";
import { requireReason } from "../../ledger/policies/policy-command.ts";
import { requireCorrection } from "../../ledger/transfers/adjust-balance.ts";
import {
  adjustmentOperation,
  type AdjustmentResult,
} from "../../ledger/transfers/adjustment-operation.ts";
import type { ActKind } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";
import { requireUserWallet } from "./acted-user.ts";

export type UserAdjustment = {
  readonly userId: string;
  readonly currency: string;
  /** Minor units; below zero it takes. */
  readonly amount: string;
  readonly reason: string;
};

/** Errors: `wallet_not_found`, `invalid_currency`, `invalid_amount`, `invalid_field`. */
export const adjustUser: ActKind<UserAdjustment, AdjustmentResult> = {
  what: "user adjust",
  role: "economist",
  async prepare({ directory }, context, { userId, currency, amount: sent, reason }) {
    requireReason(reason);
    const amount = requireCorrection(BigInt(sent));
    const wallet = await requireUserWallet(directory, userId);
    const { number, code } = await directory.currency(currency);
    const account = accountId(wallet.number, Number(number));
    const adjustments = await directory.systemWallet(HOME_PLATFORM, "adjustments");
    const payload = { adjustments, account, amount, reason };
    return {
      subject: userId,
      userId,
      reason,
      operation: operationOf(adjustmentOperation, payload, termsOfAct(context)),
      weigh: () => ({ currency: code, amount: amount < 0n ? -amount : amount }),
      describe(view) {
        const balance = balanceIn(view, account);
        return {
          before: { currency: code, balance: `${balance}` },
          after: { currency: code, balance: `${balance + amount}` },
        };
      },
    };
  },
};

/** As reads show it: a starter grant that is still to be posted counts. */
export function balanceIn(view: View, account: bigint): bigint {
  const row = view.get(accounts, account);
  return row ? row.balance + row.claim : 0n;
}
