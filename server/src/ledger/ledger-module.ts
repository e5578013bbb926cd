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
import { postLegsOperation } from "./transfers/post-legs-operation.ts";
import { refundOperation } from "./transfers/refund-operation.ts";
import { transferUpToOperation } from "./transfers/transfer-up-to-operation.ts";
import { transferOperation } from "./transfers/transfer-operation.ts";
import type { PostingRules } from "../engine/posting-rules.ts";
import { touch } from "../engine/resource.ts";
import { applyPosting } from "./transfers/apply-posting.ts";
import { insertTransfers, readOutcomes } from "./transfers/transfer-rows.ts";
import { useOnceOperation } from "./transfers/use-once-operation.ts";
import { postedTransfers, refunds } from "./transfers/refunds.ts";
import { walletOwners, wallets } from "./wallets/wallet-rows.ts";

/** An operation's `expects` name accounts. */
const rules: PostingRules = {
  apply: applyPosting,
  expectedRows: (expects) => expects.map(({ account }) => touch(accounts, account)),
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
  ],
};
