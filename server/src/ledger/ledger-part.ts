/** What the ledger brings to the posting engine; inventory and market register beside it. */
import { accounts } from "./accounts.ts";
import { currencies, exchangePairs } from "./currencies.ts";
import { resource, type EnginePart } from "./engine/registry.ts";
import { holds, openHolds } from "./holds.ts";
import { openWallet } from "./kinds/open-wallet.ts";
import { postLegs } from "./kinds/post-legs.ts";
import { transfer } from "./kinds/transfer.ts";
import { walletOwners, wallets } from "./wallet-rows.ts";

export const ledgerPart: EnginePart = {
  resources: [
    resource(walletOwners),
    resource(wallets),
    resource(currencies),
    resource(exchangePairs),
    resource(accounts),
    resource(openHolds),
    resource(holds),
  ],
  kinds: [transfer, postLegs, openWallet],
};
