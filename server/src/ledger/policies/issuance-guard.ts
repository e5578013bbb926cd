/** No mint issues beyond its budget, whatever the operation. */
import type { DecisionContext, View } from "../../engine/operation.ts";
import type { MutableView, PostingGuard } from "../../engine/posting-rules.ts";
import { Refused } from "../../engine/refused.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { accounts, currencyOf, isIssuer, walletOf } from "../accounts/accounts.ts";
import { currencies } from "../currencies/currencies.ts";
import { mintOperation } from "../transfers/mint-operation.ts";
import { wallets, type WalletRole } from "../wallets/wallet-rows.ts";
import { givesBack } from "../../policy/rules/spending-kinds.ts";
import { chargeBudget, withoutBudget } from "../../policy/issuance/charge-budget.ts";

const ISSUERS: ReadonlySet<WalletRole | null> = new Set<WalletRole>([
  "mint",
  "adjustments",
  "adoption",
]);

export const issuanceGuard: PostingGuard = {
  check(view, { legs = [] }, context) {
    for (const { account, amount } of legs)
      if (amount < 0n && issues(view, account)) chargeIssue(view, account, -amount, context);
  },
};

/** An account without a row, of a platform that issues for the first time, has its wallet's role. */
function issues(view: View, account: bigint): boolean {
  const row = view.get(accounts, account);
  return row ? isIssuer(row) : ISSUERS.has(view.get(wallets, walletOf(account))?.role ?? null);
}

function chargeIssue(
  view: MutableView,
  issuer: bigint,
  amount: bigint,
  { operation, now }: DecisionContext,
): void {
  if (givesBack(operation.type.name)) return;
  const isBound = chargeBudget(view, issuer, amount, now);
  if (!isBound && operation.type === mintOperation) refuseGuest(view, issuer, amount);
}

/** New Day answers for its own issue; a guest of a shared currency needs a budget. */
function refuseGuest(view: MutableView, issuer: bigint, amount: bigint): void {
  const currency = view.get(currencies, BigInt(currencyOf(issuer)));
  const platform = view.get(wallets, walletOf(issuer))?.platform;
  if (!currency || !platform || currency.minters.length < 2 || platform === HOME_PLATFORM) return;
  throw new Refused(withoutBudget({ platform, currency: currency.code }, amount));
}
