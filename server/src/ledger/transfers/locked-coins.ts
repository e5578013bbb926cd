/**
 * What an account can pay: any account from its available amount, the official shop also from its locked coins.
 *
 * Locked coins come from a starter grant. They are void as a lock once the owner is verified, so a proof changes
 * the user's row alone, and the account drops its lock with the first payment that needs it.
 */
import {
  accounts,
  availableOf,
  changedAccount,
  currencyOf,
  walletOf,
  withEntry,
  type AccountRow,
} from "../accounts/accounts.ts";
import { currencies } from "../currencies/currencies.ts";
import { releaseExpiredHolds, spendableOf } from "../holds/expired-holds.ts";
import { wallets } from "../wallets/wallet-rows.ts";
import type { DecisionContext, View } from "../../engine/operation.ts";
import type { MutableView } from "../../engine/posting-rules.ts";
import { Refused } from "../../engine/refused.ts";
import { verifiedUsers } from "../../identity/verified-users.ts";

export interface Debit {
  readonly amount: bigint;
  readonly context: DecisionContext;
  /** True for the official shop, which takes locked coins, and takes them first. */
  readonly paysLocked: boolean;
}

/** The row with enough to pay, after releasing expired holds. Throws `Refused` for a shortage. */
export function requireFunds(view: MutableView, row: AccountRow, payment: Debit): AccountRow {
  if (payment.paysLocked) return requireShopFunds(view, row, payment);
  const { amount, context } = payment;
  if (availableOf(row) >= amount) return row;
  const current = row.held > 0n ? releaseExpiredHolds(view, row, context.now) : row;
  if (availableOf(current) >= amount) return current;
  return unlock(view, current, payment);
}

/** The account after a payment of the amount; locked coins go first to the shop. */
export function debited(row: AccountRow, { amount, context, paysLocked }: Debit): AccountRow {
  const paid = withEntry(row, -amount, context.transferId);
  return paysLocked && row.locked > 0n
    ? { ...paid, locked: row.locked - lockedPartOf(row, amount) }
    : paid;
}

/** The part of a payment to the official shop that locked coins make. */
export function lockedPartOf({ locked }: Pick<AccountRow, "locked">, amount: bigint): bigint {
  return locked < amount ? locked : amount;
}

/** The amount that the owner may send to any user; a verified owner's whole balance. */
export function movableOf(view: View, row: AccountRow, now: Date): bigint {
  const spendable = spendableOf(view, row, now);
  return row.locked > 0n && isOwnerVerified(view, row) ? spendable + row.locked : spendable;
}

/** A payment that would need locked coins, or a grant that is not posted. */
function unlock(view: MutableView, row: AccountRow, payment: Debit): AccountRow {
  const { amount, context } = payment;
  const available = availableOf(row);
  const blocked = row.locked + row.claim;
  if (available + blocked < amount) throw shortage(view, row, { amount, available });
  if (!isOwnerVerified(view, row))
    throw new Refused({
      refuse: "coins_locked",
      details: {
        ...described(view, row),
        available: `${available}`,
        locked: `${blocked}`,
        required: `${amount}`,
      },
    });
  if (available + row.locked < amount) throw claimNotPosted(view, row, context);
  return changedAccount(row, { locked: 0n });
}

function requireShopFunds(view: MutableView, row: AccountRow, payment: Debit): AccountRow {
  const { amount, context } = payment;
  const current =
    row.held > 0n && availableOf(row) + row.locked < amount
      ? releaseExpiredHolds(view, row, context.now)
      : row;
  const available = availableOf(current) + current.locked;
  if (available + current.claim < amount) throw shortage(view, current, { amount, available });
  const isDue = current.claim > 0n && !context.operation.terms.withoutClaim;
  if (isDue || available < amount) throw claimNotPosted(view, current, context);
  return current;
}

/** The grant is a transfer of its own, posted before this one (granting-engine.ts). */
function claimNotPosted(view: View, row: AccountRow, { operation }: DecisionContext): Refused {
  const details = { ...described(view, row), claim: `${row.claim}` };
  return operation.terms.withoutClaim
    ? new Refused({ refuse: "starter_budget_spent", details })
    : new Refused({ refuse: "starter_grant_due", details: { account: `${row.id}`, ...details } });
}

function shortage(
  view: View,
  row: AccountRow,
  { amount, available }: { readonly amount: bigint; readonly available: bigint },
): Refused {
  return new Refused({
    refuse: "insufficient_funds",
    details: { ...described(view, row), available: `${available}`, required: `${amount}` },
  });
}

function isOwnerVerified(view: View, { id }: AccountRow): boolean {
  const wallet = view.get(wallets, walletOf(id));
  return wallet !== undefined && view.get(verifiedUsers, wallet.userId) !== undefined;
}

/** Whose account it is, and its currency, for refusals. */
export function described(view: View, { id }: Pick<AccountRow, "id">) {
  const wallet = view.get(wallets, walletOf(id));
  const currency = view.get(currencies, BigInt(currencyOf(id)));
  return { userId: wallet?.userId ?? "", currency: currency?.code ?? "" };
}

/** The balance as its owner sees it: with the grant that is still to be posted. */
export function shownBalanceOf(view: View, account: bigint): bigint {
  const row = view.get(accounts, account);
  return row ? row.balance + row.claim : 0n;
}
