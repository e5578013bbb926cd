/** What every sale to a user shares, of listings and of own stock: its accounts, legs, limit and result. */
import { accountId, accounts } from "../../ledger/accounts/accounts.ts";
import { CURRENCIES, isOwnCurrency } from "../../ledger/currencies/currency-names.ts";
import { spendableOf } from "../../ledger/holds/expired-holds.ts";
import { shownBalanceOf } from "../../ledger/transfers/locked-coins.ts";
import { ownAccountOf } from "../../ledger/wallets/wallet-accounts.ts";
import type { DecisionContext, Leg, Refusal, View } from "../../engine/operation.ts";
import { rowKey, type RowKey } from "../../engine/resource.ts";
import { spendingLimitDetails } from "../../identity/spending-limit.ts";

/** The members of a payload that say who pays whom how. */
export interface Sale {
  readonly quantity: bigint;
  readonly currency: string;
  readonly currencyNumber: number;
  /** The most that price and commission may be, for a buyer with an unverified login. */
  readonly payMax: bigint | null;
  readonly wallets: SaleWallets;
}

/** Numbers of wallets. */
interface SaleWallets {
  readonly buyer: bigint;
  readonly payee: bigint;
  readonly fees: bigint;
}

export type PurchaseResult = {
  readonly itemId: string;
  readonly currency: string;
  readonly quantity: string;
  readonly price: string;
  readonly commission: string;
  /** The buyer's balances after it, by currency code. */
  readonly balances: Readonly<Record<string, string>>;
};

/** Of the whole quantity, in minor units. */
interface Paid {
  readonly price: bigint;
  readonly commission: bigint;
}

/** The accounts that a sale reads and writes. */
export function accountsOfSale({
  wallets,
  currency,
  currencyNumber,
}: Pick<Sale, "wallets" | "currency" | "currencyNumber">): RowKey[] {
  const rows = CURRENCIES.map((code) => rowKey(accounts, ownAccountOf(wallets.buyer, code)));
  if (!isOwnCurrency(currency))
    rows.push(rowKey(accounts, accountId(wallets.buyer, currencyNumber)));
  rows.push(
    rowKey(accounts, accountId(wallets.payee, currencyNumber)),
    rowKey(accounts, accountId(wallets.fees, currencyNumber)),
  );
  return rows;
}

/** Insufficient funds come first, as for every other buyer. */
export function spendingLimitRefusal(
  { payMax, wallets, currencyNumber }: Pick<Sale, "payMax" | "wallets" | "currencyNumber">,
  total: bigint,
  { view, context: { now } }: { view: View; context: DecisionContext },
): Refusal | undefined {
  if (payMax === null || total <= payMax) return undefined;
  const account = view.get(accounts, accountId(wallets.buyer, currencyNumber));
  if (!account || spendableOf(view, account, now) < total) return undefined;
  return { refuse: "unproven_limit", details: spendingLimitDetails(total, "listingId") };
}

/** The payee is paid first, then the fees; refunds find the payee by that. */
export function legsOfSale(
  { wallets, currencyNumber }: Pick<Sale, "wallets" | "currencyNumber">,
  { price, commission }: Paid,
): Leg[] {
  const legs: Leg[] = [
    { account: accountId(wallets.buyer, currencyNumber), amount: -price - commission },
    { account: accountId(wallets.payee, currencyNumber), amount: price },
  ];
  if (commission > 0n)
    legs.push({ account: accountId(wallets.fees, currencyNumber), amount: commission });
  return legs;
}

export function resultOfSale(
  { wallets, currency, currencyNumber, quantity }: Omit<Sale, "payMax">,
  { itemId, price, commission }: Paid & { itemId: string },
  view: View,
): PurchaseResult {
  const balances: Record<string, string> = {};
  for (const code of CURRENCIES)
    balances[code] = `${shownBalanceOf(view, ownAccountOf(wallets.buyer, code))}`;
  const paidFrom = shownBalanceOf(view, accountId(wallets.buyer, currencyNumber));
  balances[currency] = `${paidFrom - price - commission}`;
  return {
    itemId,
    currency,
    quantity: `${quantity}`,
    price: `${price}`,
    commission: `${commission}`,
    balances,
  };
}
