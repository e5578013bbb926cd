/**
 * Issuing and burning money: the only ways in which the sum of all users' balances changes. Each
 * platform mints through a mint account of its own, and only currencies that list it as a minter.
 */
import { accountId, accounts, currencyOf } from "../accounts/accounts.ts";
import { currencies } from "../currencies/currencies.ts";
import { accountRow } from "./apply-posting.ts";
import type { Refusal, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { touch } from "../../engine/resource.ts";
import { wallets } from "../wallets/wallet-rows.ts";

export interface MintPayload {
  readonly platform: string;
  /** Number of that platform's mint wallet. */
  readonly mint: bigint;
  readonly account: bigint;
  readonly amount: bigint;
}

function touches({ mint, account }: MintPayload) {
  return [
    touch(wallets, mint),
    touch(currencies, BigInt(currencyOf(account))),
    touch(accounts, account),
    touch(accounts, accountId(mint, currencyOf(account))),
  ];
}

function refusal(view: View, { platform, mint, account }: MintPayload): Refusal | undefined {
  const currency = view.get(currencies, BigInt(currencyOf(account)));
  if (!currency) return { refuse: "invalid_currency", details: {} };
  const wallet = view.get(wallets, mint);
  const own = wallet?.role === "mint" && wallet.platform === platform;
  if (own && currency.minters.includes(platform)) return undefined;
  return { refuse: "mint_not_allowed", details: { platform, currency: currency.code } };
}

export const mintOperation = defineOperationType<MintPayload>()({
  name: "mint",
  touches,
  decide(payload, view) {
    const issuer = accountId(payload.mint, currencyOf(payload.account));
    return (
      refusal(view, payload) ??
      refuseMoreThanFits(view, payload) ?? {
        legs: [
          { account: issuer, amount: -payload.amount },
          { account: payload.account, amount: payload.amount },
        ],
      }
    );
  },
});

/** The paid account's bound is reported first, before the issuer's own. */
function refuseMoreThanFits(view: View, { account, amount }: MintPayload): Refusal | undefined {
  const { maximum } = accountRow(view, account);
  if (amount <= maximum) return undefined;
  return { refuse: "balance_limit", details: { maximum: `${maximum}` } };
}

export const burnOperation = defineOperationType<MintPayload>()({
  name: "burn",
  touches,
  decide(payload, view) {
    const issuer = accountId(payload.mint, currencyOf(payload.account));
    return (
      refusal(view, payload) ?? {
        legs: [
          { account: payload.account, amount: -payload.amount },
          { account: issuer, amount: payload.amount },
        ],
      }
    );
  },
});
