/** Account ids of a wallet. */
import { accountId } from "../accounts/accounts.ts";
import { OWN_CURRENCY_NUMBERS, type CurrencyRow } from "../currencies/currencies.ts";
import type { CurrencyCode } from "../currencies/currency-names.ts";
import type { OwnedWallet } from "./owned-wallet-queries.ts";

/** Account of a wallet in a currency. */
export function accountOf(wallet: OwnedWallet, currency: CurrencyRow): bigint {
  return accountId(wallet.number, Number(currency.number));
}

/** Account of the wallet with this number in one of New Day's own currencies. */
export function ownAccountOf(walletNumber: bigint, code: CurrencyCode): bigint {
  return accountId(walletNumber, OWN_CURRENCY_NUMBERS[code]);
}
