/** Registers the ledger with the posting engine; inventory and market register beside it. */
import { accounts } from "./accounts/accounts.ts";
import { currencies, exchangePairs } from "./currencies/currencies.ts";
import { resource, type EnginePart } from "../engine/registry.ts";
import { holds, expiringHolds } from "./holds/holds.ts";
import { closeAccount, reopenAccount, setFreeze } from "./accounts/account-state-operation.ts";
import { exchange } from "./exchange/exchange-operation.ts";
import { capture, expireHold, hold, voidHold } from "./holds/hold-operation.ts";
import { adjustment } from "./accounts/adjustment-operation.ts";
import { burn, mint } from "./transfers/mint-operation.ts";
import { openWallet } from "./wallets/open-wallet-operation.ts";
import { postLegs } from "./transfers/post-legs-operation.ts";
import { refund } from "./transfers/refund-operation.ts";
import { transferUpTo } from "./transfers/transfer-up-to-operation.ts";
import { transfer } from "./transfers/transfer-operation.ts";
import { useOnce } from "./transfers/use-once-operation.ts";
import { postedTransfers, refunds } from "./transfers/refunds.ts";
import { walletOwners, wallets } from "./wallets/wallet-rows.ts";

export const ledgerPart: EnginePart = {
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
  kinds: [
    transfer,
    postLegs,
    transferUpTo,
    openWallet,
    mint,
    burn,
    adjustment,
    refund,
    hold,
    capture,
    voidHold,
    expireHold,
    exchange,
    setFreeze,
    closeAccount,
    reopenAccount,
    useOnce,
  ],
};
