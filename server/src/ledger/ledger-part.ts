/** Registers the ledger with the posting engine; inventory and market register beside it. */
import { accounts } from "./accounts.ts";
import { currencies, exchangePairs } from "./currencies.ts";
import { resource, type EnginePart } from "./engine/registry.ts";
import { holds, expiringHolds } from "./holds.ts";
import { closeAccount, reopenAccount, setFreeze } from "./kinds/account-state.ts";
import { exchange } from "./kinds/exchange.ts";
import { capture, expireHold, hold, voidHold } from "./kinds/hold.ts";
import { adjustment } from "./kinds/adjustment.ts";
import { burn, mint } from "./kinds/mint.ts";
import { openWallet } from "./kinds/open-wallet.ts";
import { postLegs } from "./kinds/post-legs.ts";
import { refund } from "./kinds/refund.ts";
import { transferUpTo } from "./kinds/transfer-up-to.ts";
import { transfer } from "./kinds/transfer.ts";
import { useOnce } from "./kinds/use-once.ts";
import { postedTransfers, refunds } from "./refunds.ts";
import { walletOwners, wallets } from "./wallet-rows.ts";

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
