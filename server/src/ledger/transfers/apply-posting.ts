/**
 * Applies an accepted posting to the rows of the batch: the account rules in one place.
 *
 * Guarantees for every operation type: legs sum to zero per currency, accounts stay within their
 * bounds, reserved amounts stay reserved, locked coins pay the official shop alone, frozen and closed
 * accounts stand still, and each movement gets the balance after and the next version of both its accounts.
 */
import {
  accountId,
  accounts,
  changedAccount,
  currencyOf,
  sameCurrency,
  UNBOUNDED,
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
import { currencies, GAME_COINS, type CurrencyRow } from "../currencies/currencies.ts";
import { debited, described, requireFunds, type Debit } from "./locked-coins.ts";
import { wallets, type WalletRow } from "../wallets/wallet-rows.ts";
import type {
  DecisionContext,
  Leg,
  Lock,
  Movement,
  OperationTerms,
  Posting,
  Reserve,
  View,
} from "../../engine/operation.ts";
import type { MutableView } from "../../engine/posting-rules.ts";
import { Refused } from "../../engine/refused.ts";
import { change } from "../../engine/resource.ts";

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
  const paysLocked = posting.paysLocked ?? false;
  const movements = applyLegs(view, posting.legs ?? [], { context, paysLocked });
  for (const lock of posting.locks ?? []) applyLock(view, lock);
  return movements;
}

/** The terms of the payments of one posting. */
type Terms = Omit<Debit, "amount">;

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
    row = requireFunds(view, row, { amount, context, paysLocked: false });
  }
  store(view, changedAccount(row, { held: row.held + amount }));
}

/** Money that the legs have brought becomes locked. */
function applyLock(view: MutableView, { account, amount }: Lock): void {
  const row = accountRow(view, account);
  store(view, changedAccount(row, { locked: row.locked + amount }));
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

function applyLegs(view: MutableView, legs: readonly Leg[], terms: Terms): Movement[] {
  const [payer, payee] = legs;
  const simple = legs.length === 2 && payer && payee && isMovement(payer, payee);
  if (!simple) {
    readForEmptyAccounts(view, legs);
    return pairLegs(view, netLegs(legs), terms);
  }
  return [move(view, payer.account, payee.account, { amount: payee.amount, terms })];
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
function pairLegs(view: MutableView, legs: readonly Leg[], terms: Terms): Movement[] {
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
      movements.push(move(view, payer.account, payee.account, { amount, terms }));
    }
  if (payers.some(isLeft) || payees.some(isLeft))
    throw new Error(`legs of ${terms.context.operation.type.name} do not sum to zero per currency`);
  return movements;
}

function isLeft({ amount }: Leg): boolean {
  return amount !== 0n;
}

function move(
  view: MutableView,
  from: bigint,
  to: bigint,
  { amount, terms: { context, paysLocked } }: { amount: bigint; terms: Terms },
): Movement {
  const payer = accountRow(view, from);
  const payee = accountRow(view, to);
  if ((payer.flags ^ payee.flags) & TEST_USER) refuseOtherUser(payer, payee);
  const paid = debit(view, payer, { amount, context, paysLocked });
  const credited = credit(view, payee, amount, context);
  return {
    from,
    to,
    amount,
    fromBalance: paid.balance,
    toBalance: credited.balance,
    fromVersion: paid.version,
    toVersion: credited.version,
    fromPrevious: payer.lastTransfer,
    toPrevious: payee.lastTransfer,
  };
}

function debit(view: MutableView, row: AccountRow, payment: Debit) {
  refuseFlags(row, DEBITS_FROZEN);
  return store(view, debited(requireFunds(view, row, payment), payment));
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

/** The stored row, or the empty one that the first entry will insert. Refuses unknown wallets. */
export function accountRow(view: View, id: bigint): AccountRow {
  return view.get(accounts, id) ?? emptyAccount(view, id);
}

/** Reads at once what the empty accounts of many legs need: one by one, the engine would give up. */
function readForEmptyAccounts(view: View, legs: readonly Leg[]): void {
  const empty = legs.filter(({ account }) => view.get(accounts, account) === undefined);
  if (empty.length < 2) return;
  const owners = view.getAll(
    wallets,
    empty.map(({ account }) => walletOf(account)),
  );
  view.getAll(
    accounts,
    owners.flatMap((owner) => (owner?.role === null ? [accountId(owner.number, GAME_COINS)] : [])),
  );
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
    locked: 0n,
    claim: 0n,
    version: 0n,
    revision: 0n,
    minimum,
    maximum,
    flags: flagsOfUser(view, wallet, currency),
    lastTransfer: null,
  };
}

/** A test user's coins are marked when it is named; accounts of other currencies follow them. */
function flagsOfUser(view: View, { role, number }: WalletRow, currency: CurrencyRow): number {
  if (role !== null || Number(currency.number) === GAME_COINS) return 0;
  const coins = view.get(accounts, accountId(number, GAME_COINS));
  return coins ? coins.flags & TEST_USER : 0;
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
