/**
 * Opens a wallet with its first balances: the row of the user and the opening transfer, together.
 * A second opening for the same user is refused with `wallet_exists` and moves nothing.
 */
import { accountId, accounts, type AccountRow } from "../accounts/accounts.ts";
import { currencies } from "../currencies/currencies.ts";
import type { Leg, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, touch, type RowChange } from "../../engine/resource.ts";
import { walletOwners, wallets } from "./wallet-rows.ts";

export interface OpeningBalance {
  readonly currency: number;
  /** Minor units; below zero only for a negative legacy balance. */
  readonly amount: bigint;
}

export interface OpenWalletPayload {
  /** From the sequence `newday.wallet_number`. */
  readonly number: bigint;
  readonly id: string;
  readonly userId: string;
  readonly platform: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
  readonly opening: readonly OpeningBalance[];
  /** Wallet number of the mint or adoption account that the balances come from. */
  readonly source: bigint;
}

export const openWalletOperation = defineOperationType<OpenWalletPayload>()({
  name: "open_wallet",

  touches: ({ number, userId, opening, source }) => [
    touch(walletOwners, userId),
    touch(wallets, number),
    ...opening.flatMap(({ currency }) => [
      touch(accounts, accountId(number, currency)),
      touch(accounts, accountId(source, currency)),
    ]),
  ],

  decide({ opening, source, ...wallet }, view) {
    const existing = view.get(walletOwners, wallet.userId);
    if (existing) return { refuse: "wallet_exists", details: { id: existing.id } };
    const row = { ...wallet, role: null };
    return {
      changes: [
        change(walletOwners, wallet.userId, row),
        change(wallets, wallet.number, row),
        ...opening.flatMap((balance) => overdrawn(view, wallet.number, balance)),
      ],
      legs: opening.flatMap(({ currency, amount }) => legsOf(wallet, source, currency, amount)),
    };
  },
});

function legsOf(
  wallet: { number: bigint },
  source: bigint,
  currency: number,
  amount: bigint,
): Leg[] {
  if (amount === 0n) return [];
  return [
    { account: accountId(source, currency), amount: -amount },
    { account: accountId(wallet.number, currency), amount },
  ];
}

/** A negative legacy balance is kept: it becomes the account's lower bound. */
function overdrawn(view: View, number: bigint, { currency, amount }: OpeningBalance): RowChange[] {
  if (amount >= 0n) return [];
  const id = accountId(number, currency);
  const maximum = view.get(currencies, BigInt(currency))?.maximum ?? 0n;
  const row: AccountRow = {
    id,
    balance: 0n,
    held: 0n,
    version: 0n,
    revision: 0n,
    minimum: amount,
    maximum,
    flags: 0,
    lastTransfer: null,
  };
  return [change(accounts, id, row)];
}
