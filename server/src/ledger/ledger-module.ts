/** Registers the ledger with the posting engine; inventory and market register beside it. */
import { accounts } from "./accounts/accounts.ts";
import { currencies, exchangePairs } from "./currencies/currencies.ts";
import { resource, type LedgerModule } from "../engine/registry.ts";
import { holds, expiringHolds } from "./holds/holds.ts";
import {
  closeAccountOperation,
  reopenAccountOperation,
  setFreezeOperation,
} from "./account-state/account-state-operation.ts";
import { exchangeOperation } from "./exchange/exchange-operation.ts";
import {
  captureOperation,
  expireHoldOperation,
  holdOperation,
  voidHoldOperation,
} from "./holds/hold-operation.ts";
import { markTestUserOperation } from "./test-users/mark-test-user-operation.ts";
import { adjustmentOperation } from "./transfers/adjustment-operation.ts";
import { burnOperation, mintOperation } from "./transfers/mint-operation.ts";
import { openWalletOperation } from "./wallets/open-wallet-operation.ts";
import { starterGrantOperation } from "./wallets/starter-grant-operation.ts";
import { postLegsOperation } from "./transfers/post-legs-operation.ts";
import { refundOperation } from "./transfers/refund-operation.ts";
import { transferUpToOperation } from "./transfers/transfer-up-to-operation.ts";
import { transferOperation } from "./transfers/transfer-operation.ts";
import { limitCounters } from "./limits/limit-counters.ts";
import type { PostingRules } from "../engine/posting-rules.ts";
import { rowKey } from "../engine/resource.ts";
import { applyPosting } from "./transfers/apply-posting.ts";
import { insertTransfers, readOutcomes } from "./transfers/transfer-rows.ts";
import { useOnceOperation } from "./transfers/use-once-operation.ts";
import { freezeUserOperation, unfreezeUserOperation } from "./policies/freeze-user-operation.ts";
import { compatibilityGuard } from "./policies/compatibility-guard.ts";
import { issuanceGuard } from "./policies/issuance-guard.ts";
import { grantConsentOperation, revokeConsentOperation } from "./policies/consent-operation.ts";
import { removeLimitOperation, setLimitOperation } from "./policies/set-limit-operation.ts";
import { spendingGuard } from "./policies/spending-guard.ts";
import { setBudgetOperation } from "./policies/set-budget-operation.ts";
import { userFreezeGuard } from "./policies/user-freeze-guard.ts";
import { policyChanges } from "../policy/changes/policy-changes.ts";
import { consents } from "../policy/consents/consent-rows.ts";
import { countedHolds, spendingCounters } from "../policy/limits/counter-rows.ts";
import { spendingLimits } from "../policy/limits/limit-rows.ts";
import { issuanceBudgets } from "../policy/issuance/budget-rows.ts";
import { ownerFreezes, userFreezes } from "../policy/user-freezes/user-freeze-rows.ts";
import { linkedTransferGuard, linkedTransfers } from "./transfers/linked-transfers.ts";
import { postedTransfers, refunds } from "./transfers/refunds.ts";
import { walletPlatforms } from "./wallets/wallet-platforms.ts";
import { verifiedUsers } from "../identity/verified-users.ts";
import { walletOwners, wallets } from "./wallets/wallet-rows.ts";

/** An operation's `expects` name accounts. */
const rules: PostingRules = {
  apply: applyPosting,
  expectedRows: (expects) => expects.map(({ account }) => rowKey(accounts, account)),
  insertOutcomes: insertTransfers,
  readOutcomes,
};

export const ledgerModule: LedgerModule = {
  rules,
  resources: [
    resource(walletOwners),
    resource(wallets),
    resource(currencies),
    resource(exchangePairs),
    resource(accounts),
    resource(expiringHolds),
    resource(holds),
    resource(postedTransfers),
    resource(refunds),
    resource(verifiedUsers),
    resource(issuanceBudgets),
    resource(policyChanges),
    resource(walletPlatforms),
    resource(spendingLimits),
    resource(spendingCounters),
    resource(countedHolds),
    resource(consents),
    resource(userFreezes),
    resource(ownerFreezes),
    resource(limitCounters),
    resource(linkedTransfers),
  ],
  types: [
    transferOperation,
    postLegsOperation,
    transferUpToOperation,
    openWalletOperation,
    mintOperation,
    burnOperation,
    adjustmentOperation,
    refundOperation,
    holdOperation,
    captureOperation,
    voidHoldOperation,
    expireHoldOperation,
    exchangeOperation,
    setFreezeOperation,
    closeAccountOperation,
    reopenAccountOperation,
    useOnceOperation,
    markTestUserOperation,
    setBudgetOperation,
    setLimitOperation,
    removeLimitOperation,
    grantConsentOperation,
    revokeConsentOperation,
    freezeUserOperation,
    unfreezeUserOperation,
    starterGrantOperation,
  ],
  guards: [userFreezeGuard, issuanceGuard, spendingGuard, compatibilityGuard, linkedTransferGuard],
};
