/**
 * Opens a wallet with its first balances: the row of the user and the opening transfer, together. A starter grant
 * becomes a claim, which is posted with the first payment that needs it.
 * A second opening for the same user is refused with `wallet_exists` and moves nothing.
 */
import { accountId, accounts, type AccountRow } from "../accounts/accounts.ts";
import { currencies, GAME_COINS } from "../currencies/currencies.ts";
import type { Leg, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey, type RowChange } from "../../engine/resource.ts";
import { walletOwners, wallets } from "./wallet-rows.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

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
  /** Game coins of the starter grant. */
  readonly claim: bigint;
  /** Wallet number of the mint or adoption account that the balances come from. */
  readonly source: bigint;
}

export const openWalletOperation = defineOperationType<OpenWalletPayload>()({
  name: "open_wallet",

  readWriteSet: ({ number, userId, opening, claim, source }) => [
    rowKey(walletOwners, userId),
    rowKey(wallets, number),
    ...opening.flatMap(({ currency }) => [
      rowKey(accounts, accountId(number, currency)),
      rowKey(accounts, accountId(source, currency)),
    ]),
    ...(claim > 0n
      ? [rowKey(accounts, accountId(number, GAME_COINS)), rowKey(currencies, BigInt(GAME_COINS))]
      : []),
  ],

  decide({ opening, claim, source, number, id, userId, ...more }, view) {
    const { platform, createdAt, updatedAt, ...unread } = more;
    unread satisfies NothingElse;
    const existing = view.get(walletOwners, userId);
    if (existing) return { refuse: "wallet_exists", details: { id: existing.id } };
    const row = { number, id, userId, platform, role: null, createdAt, updatedAt };
    return {
      changes: [
        change(walletOwners, userId, row),
        change(wallets, number, row),
        ...opening.flatMap((balance) => overdrawn(view, number, balance)),
        ...claimed(view, number, claim),
      ],
      legs: opening.flatMap((balance) => legsOf(number, source, balance)),
    };
  },
});

function legsOf(
  number: bigint,
  source: bigint,
  { currency, amount, ...unread }: OpeningBalance,
): Leg[] {
  unread satisfies NothingElse;
  if (amount === 0n) return [];
  return [
    { account: accountId(source, currency), amount: -amount },
    { account: accountId(number, currency), amount },
  ];
}

/** A negative legacy balance is kept: it becomes the account's lower bound. */
function overdrawn(view: View, number: bigint, { currency, amount }: OpeningBalance): RowChange[] {
  if (amount >= 0n) return [];
  const maximum = view.get(currencies, BigInt(currency))?.maximum ?? 0n;
  const bounds = { minimum: amount, maximum, claim: 0n };
  return [newAccount(accountId(number, currency), bounds)];
}

function claimed(view: View, number: bigint, claim: bigint): RowChange[] {
  if (claim === 0n) return [];
  const { minimum = 0n, maximum = 0n } = view.get(currencies, BigInt(GAME_COINS)) ?? {};
  return [newAccount(accountId(number, GAME_COINS), { minimum, maximum, claim })];
}

function newAccount(
  id: bigint,
  given: Pick<AccountRow, "minimum" | "maximum" | "claim">,
): RowChange {
  const row: AccountRow = {
    id,
    balance: 0n,
    held: 0n,
    locked: 0n,
    version: 0n,
    revision: 0n,
    flags: 0,
    lastTransfer: null,
    ...given,
  };
  return change(accounts, id, row);
}
