/**
 * Issuing and burning money: the only ways in which the sum of all users' balances changes. Each
 * platform mints through a mint account of its own, and only currencies that list it as a minter. Locked coins can
 * be burned, because no user receives them.
 */
import { accountId, accounts, currencyOf } from "../accounts/accounts.ts";
import { currencies } from "../currencies/currencies.ts";
import { accountRow } from "./apply-posting.ts";
import type { Refusal, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { rowKey } from "../../engine/resource.ts";
import { wallets } from "../wallets/wallet-rows.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface MintPayload {
  readonly platform: string;
  /** Number of that platform's mint wallet. */
  readonly mint: bigint;
  readonly account: bigint;
  readonly amount: bigint;
}

function readWriteSet({ mint, account }: MintPayload) {
  return [
    rowKey(wallets, mint),
    rowKey(currencies, BigInt(currencyOf(account))),
    rowKey(accounts, account),
    rowKey(accounts, accountId(mint, currencyOf(account))),
  ];
}

function refusal(
  view: View,
  { platform, mint, account }: Omit<MintPayload, "amount">,
): Refusal | undefined {
  const currency = view.get(currencies, BigInt(currencyOf(account)));
  if (!currency) return { refuse: "invalid_currency", details: {} };
  const wallet = view.get(wallets, mint);
  const own = wallet?.role === "mint" && wallet.platform === platform;
  if (own && currency.minters.includes(platform)) return undefined;
  return { refuse: "mint_not_allowed", details: { platform, currency: currency.code } };
}

export const mintOperation = defineOperationType<MintPayload>()({
  name: "mint",
  readWriteSet,
  decide({ platform, mint, account, amount, ...unread }, view) {
    unread satisfies NothingElse;
    const issuer = accountId(mint, currencyOf(account));
    return (
      refusal(view, { platform, mint, account }) ??
      refuseMoreThanFits(view, { account, amount }) ?? {
        legs: [
          { account: issuer, amount: -amount },
          { account, amount },
        ],
      }
    );
  },
});

/** The paid account's bound is reported first, before the issuer's own. */
function refuseMoreThanFits(
  view: View,
  { account, amount }: Pick<MintPayload, "account" | "amount">,
): Refusal | undefined {
  const { maximum } = accountRow(view, account);
  if (amount <= maximum) return undefined;
  return { refuse: "balance_limit", details: { maximum: `${maximum}` } };
}

export const burnOperation = defineOperationType<MintPayload>()({
  name: "burn",
  readWriteSet,
  decide({ platform, mint, account, amount, ...unread }, view) {
    unread satisfies NothingElse;
    const issuer = accountId(mint, currencyOf(account));
    return (
      refusal(view, { platform, mint, account }) ?? {
        legs: [
          { account, amount: -amount },
          { account: issuer, amount },
        ],
        paysLocked: true,
      }
    );
  },
});
