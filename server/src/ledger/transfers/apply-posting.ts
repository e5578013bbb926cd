/**
 * Applies an accepted posting to the rows of the batch: the account rules in one place.
 *
 * Guarantees for every operation type: legs sum to zero per currency, accounts stay within their
 * bounds, reserved amounts stay reserved, frozen and closed accounts stand still, and each movement
 * gets the balance after and the next version of both its accounts.
 */
import {
  accountId,
  accounts,
  availableOf,
  changedAccount,
  currencyOf,
  sameCurrency,
  walletOf,
  withEntry,
  type AccountRow,
} from "../accounts/accounts.ts";
import {
  CLOSED,
  CREDITS_FROZEN,
  DEBITS_FROZEN,
  TEST_USER,
} from "../accounts/account-restrictions.ts";
import { currencies, type CurrencyRow } from "../currencies/currencies.ts";
import { releaseExpiredHolds } from "../holds/expired-holds.ts";
import { wallets, type WalletRow } from "../wallets/wallet-rows.ts";
import type {
  DecisionContext,
  Leg,
  Movement,
  OperationTerms,
  Posting,
  Reserve,
  View,
} from "../../engine/operation.ts";
import type { MutableView } from "../../engine/posting-rules.ts";
import { Refused } from "../../engine/refused.ts";
import { change } from "../../engine/resource.ts";

/** Room below zero for system accounts that issue money; far from a bigint's end. */
const UNBOUNDED = 4_611_686_018_427_387_904n;

/**
 * The movements of the posting. Throws `Refused` at the first broken rule; the view is half changed
 * then, and the caller rolls back to its mark. Legs with another sum than zero are a fault of the
 * operation type and throw an ordinary error.
 */
export function applyPosting(
  view: MutableView,
  posting: Posting,
  context: DecisionContext,
): readonly Movement[] {
  requireRevisions(view, context.operation.terms);
  for (const row of posting.changes ?? []) view.put(row);
  for (const reserve of posting.reserves ?? []) applyReserve(view, reserve, context);
  return applyLegs(view, posting.legs ?? [], context);
}

/** If-Match: the caller decided from an earlier revision, and refuses any other. */
function requireRevisions(view: View, { expects = [] }: OperationTerms): void {
  for (const { account, revision } of expects) {
    const current = view.get(accounts, account)?.revision ?? 0n;
    if (current !== revision)
      throw new Refused({ refuse: "precondition_failed", details: { current: `${current}` } });
  }
}

function applyReserve(view: MutableView, { account, amount }: Reserve, context: DecisionContext) {
  let row = accountRow(view, account);
  if (amount > 0n) {
    refuseFlags(row, DEBITS_FROZEN);
    row = withAvailable(view, row, amount, context);
  }
  store(view, changedAccount(row, { held: row.held + amount }));
}

/** One leg per account: amounts into and out of the same account are netted inside the transfer. */
function netLegs(legs: readonly Leg[]): readonly Leg[] {
  if (legs.length <= COMPARED_MAX && areDistinct(legs)) return legs;
  const net = new Map<bigint, bigint>();
  for (const { account, amount } of legs) net.set(account, (net.get(account) ?? 0n) + amount);
  if (net.size === legs.length) return legs;
  return [...net].map(([account, amount]) => ({ account, amount })).filter((leg) => leg.amount);
}

/** Few legs are compared with each other faster than a map of them is made. */
const COMPARED_MAX = 8;

function areDistinct(legs: readonly Leg[]): boolean {
  for (let one = 1; one < legs.length; one += 1)
    for (let other = 0; other < one; other += 1)
      if (legs[one]?.account === legs[other]?.account) return false;
  return true;
}

function applyLegs(view: MutableView, legs: readonly Leg[], context: DecisionContext): Movement[] {
  const [payer, payee] = legs;
  const simple = legs.length === 2 && payer && payee && isMovement(payer, payee);
  if (!simple) return pairLegs(view, netLegs(legs), context);
  return [move(view, payer.account, payee.account, { amount: payee.amount, context })];
}

/** The ordinary transfer, which needs no pairing. */
function isMovement(payer: Leg, payee: Leg): boolean {
  return (
    payee.amount > 0n &&
    payer.amount === -payee.amount &&
    payer.account !== payee.account &&
    sameCurrency(payer.account, payee.account)
  );
}

/** Pairs payers with payees in the order given, currency by currency: the same legs, same lines. */
function pairLegs(view: MutableView, legs: readonly Leg[], context: DecisionContext): Movement[] {
  const payers: { readonly account: bigint; amount: bigint }[] = [];
  const payees: { readonly account: bigint; amount: bigint }[] = [];
  for (const { account, amount } of legs)
    if (amount !== 0n) (amount < 0n ? payers : payees).push({ account, amount });
  const movements: Movement[] = [];
  for (const payer of payers)
    for (const payee of payees) {
      if (payer.amount === 0n) break;
      if (payee.amount === 0n || !sameCurrency(payee.account, payer.account)) continue;
      const amount = payee.amount < -payer.amount ? payee.amount : -payer.amount;
      payer.amount += amount;
      payee.amount -= amount;
      movements.push(move(view, payer.account, payee.account, { amount, context }));
    }
  if (payers.some(isLeft) || payees.some(isLeft))
    throw new Error(`legs of ${context.operation.type.name} do not sum to zero per currency`);
  return movements;
}

function isLeft({ amount }: Leg): boolean {
  return amount !== 0n;
}

function move(
  view: MutableView,
  from: bigint,
  to: bigint,
  { amount, context }: { amount: bigint; context: DecisionContext },
): Movement {
  const payer = accountRow(view, from);
  const debited = debit(view, payer, amount, context);
  const payee = accountRow(view, to);
  if ((payer.flags ^ payee.flags) & TEST_USER) refuseOtherUser(payer, payee);
  const credited = credit(view, payee, amount, context);
  return {
    from,
    to,
    amount,
    fromBalance: debited.balance,
    toBalance: credited.balance,
    fromVersion: debited.version,
    toVersion: credited.version,
    fromPrevious: payer.lastTransfer,
    toPrevious: payee.lastTransfer,
  };
}

function debit(view: MutableView, row: AccountRow, amount: bigint, context: DecisionContext) {
  refuseFlags(row, DEBITS_FROZEN);
  const funded = withAvailable(view, row, amount, context);
  return store(view, withEntry(funded, -amount, context.transferId));
}

function credit(view: MutableView, row: AccountRow, amount: bigint, context: DecisionContext) {
  refuseFlags(row, CREDITS_FROZEN);
  if (row.balance + amount > row.maximum)
    throw new Refused({
      refuse: "balance_limit",
      details: { ...described(view, row), maximum: `${row.maximum}` },
    });
  return store(view, withEntry(row, amount, context.transferId));
}

/** The row with enough available, after releasing expired holds; refuses a shortage. */
function withAvailable(
  view: MutableView,
  row: AccountRow,
  amount: bigint,
  context: DecisionContext,
): AccountRow {
  if (availableOf(row) >= amount) return row;
  const current = row.held > 0n ? releaseExpiredHolds(view, row, context.now) : row;
  if (availableOf(current) >= amount) return current;
  throw new Refused({
    refuse: "insufficient_funds",
    details: {
      ...described(view, row),
      available: `${availableOf(current)}`,
      required: `${amount}`,
    },
  });
}

/** Test money stays among test users; system accounts (the shop's mint, fees) deal with both. */
function refuseOtherUser(payer: AccountRow, payee: AccountRow): void {
  const other = payer.flags & TEST_USER ? payee : payer;
  if (other.maximum !== UNBOUNDED) throw new Refused({ refuse: "test_users_only", details: {} });
}

function refuseFlags(row: AccountRow, frozen: number): void {
  if (row.flags & CLOSED) throw new Refused({ refuse: "account_closed" });
  if (row.flags & frozen)
    throw new Refused({
      refuse: "account_frozen",
      details: { direction: frozen === DEBITS_FROZEN ? "debit" : "credit" },
    });
}

function store(view: MutableView, row: AccountRow): AccountRow {
  view.put(change(accounts, row.id, row));
  return row;
}

function described(view: View, { id }: AccountRow) {
  const wallet = view.get(wallets, walletOf(id));
  const currency = view.get(currencies, BigInt(currencyOf(id)));
  return { userId: wallet?.userId ?? "", currency: currency?.code ?? "" };
}

/** The stored row, or the empty one that the first entry will insert. Refuses unknown wallets. */
export function accountRow(view: View, id: bigint): AccountRow {
  return view.get(accounts, id) ?? emptyAccount(view, id);
}

function emptyAccount(view: View, id: bigint): AccountRow {
  const wallet = view.get(wallets, walletOf(id));
  if (!wallet) throw new Refused({ refuse: "wallet_not_found" });
  const currency = view.get(currencies, BigInt(currencyOf(id)));
  if (!currency) throw new Refused({ refuse: "invalid_currency" });
  const { minimum, maximum } = boundsFor(wallet, currency);
  return {
    id: accountId(wallet.number, currencyOf(id)),
    balance: 0n,
    held: 0n,
    version: 0n,
    revision: 0n,
    minimum,
    maximum,
    flags: 0,
    lastTransfer: null,
  };
}

function boundsFor(
  { role }: WalletRow,
  currency: CurrencyRow,
): { minimum: bigint; maximum: bigint } {
  switch (role) {
    case null:
      return currency;
    case "mint":
    case "adjustments":
    case "adoption":
      return { minimum: -UNBOUNDED, maximum: UNBOUNDED };
    case "exchange":
      // A partner that mints its own coin must buy a limited amount of ours only.
      return { minimum: -currency.exposure, maximum: UNBOUNDED };
    case "fees":
    case "escrow":
      return { minimum: 0n, maximum: UNBOUNDED };
  }
}
