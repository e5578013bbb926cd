/** Translates callers' words (user ids, currency codes) into the ledger's numbers, and back. */
import { coalesceReads } from "../../../lib/coalesced-read.ts";
import type { Database } from "../../../db/database.ts";
import { accountId, currencyOf, walletOf } from "../../../ledger/accounts/accounts.ts";
import type { CurrencyRow } from "../../../ledger/currencies/currencies.ts";
import {
  createCurrencyTable,
  requireDefinedCurrency,
} from "../../../ledger/currencies/currency-table.ts";
import {
  findOwnedWalletsByNumber,
  findOwnedWalletsByUserId,
  type OwnedWallet,
} from "../../../ledger/wallets/owned-wallet-queries.ts";

export interface Directory {
  findWallet(userId: string): Promise<OwnedWallet | undefined>;
  /** Wallets of these accounts, by wallet number. */
  walletsOf(accounts: Iterable<bigint>): Promise<ReadonlyMap<bigint, OwnedWallet>>;
  /** Errors: `invalid_currency`. */
  currency(code: string, field?: string): Promise<CurrencyRow>;
  codeOf(account: bigint): Promise<string>;
}

export function createDirectory(db: Database): Directory {
  const byUserId = coalesceReads<OwnedWallet>((userIds) => findOwnedWalletsByUserId(db, userIds));
  const byNumber = coalesceReads<OwnedWallet>((numbers) => findOwnedWalletsByNumber(db, numbers));
  const known = createCurrencyTable(db);
  return {
    findWallet: byUserId,
    async walletsOf(accounts) {
      const numbers = [...new Set([...accounts].map(walletOf))];
      const wallets = await Promise.all(numbers.map((number) => byNumber(`${number}`)));
      return new Map(wallets.flatMap((wallet) => (wallet ? [[wallet.number, wallet]] : [])));
    },
    currency: (code, field = "currency") => requireDefinedCurrency(known, code, field),
    async codeOf(account) {
      const number = BigInt(currencyOf(account));
      const currency = await known((one) => one.number === number);
      if (!currency) throw new Error(`currency ${number} has no row`);
      return currency.code;
    },
  };
}

/** Account of a wallet in a currency. */
export function accountOf(wallet: OwnedWallet, currency: CurrencyRow): bigint {
  return accountId(wallet.number, Number(currency.number));
}
