/** No payment passes a spending limit or a consent, whatever the operation. */
import type { DecisionContext, OperationTerms, Posting, View } from "../../engine/operation.ts";
import type { MutableView, PostingGuard } from "../../engine/posting-rules.ts";
import { Refused } from "../../engine/refused.ts";
import { resource, rowBeside } from "../../engine/registry.ts";
import { insert } from "../../engine/resource.ts";
import { chargeConsent, requireOpenConsent } from "../../policy/consents/charge-consent.ts";
import { partsOf } from "../../policy/consents/consent-queries.ts";
import { countedHolds, spendingCounters, type Counted } from "../../policy/limits/counter-rows.ts";
import {
  bounds,
  counterOf,
  countSpending,
  findExceeded,
} from "../../policy/limits/count-spending.ts";
import { giveBackHolds } from "../../policy/limits/give-back-hold.ts";
import {
  limitsOfAccount,
  PLATFORM_LIMITS,
  spendingLimits,
  type SpendingLimit,
} from "../../policy/limits/limit-rows.ts";
import { KIND_OF_TYPE, type SpendingKind } from "../../policy/rules/spending-kinds.ts";
import { accounts, currencyOf, UNBOUNDED, walletOf } from "../accounts/accounts.ts";
import { LIMITED } from "../accounts/account-restrictions.ts";
import { releaseExpiredHolds } from "../holds/expired-holds.ts";
import { captureOperation } from "../holds/hold-operation.ts";
import { holds } from "../holds/holds.ts";
import { walletPlatforms } from "../wallets/wallet-platforms.ts";

export const spendingGuard: PostingGuard = {
  beside: rowBeside({ of: resource(holds), resource: countedHolds, idOf: (id: string) => id }),

  check(view, posting, context) {
    giveBackEnded(view, posting);
    const { operation, now, transferId } = context;
    if (operation.type.name === captureOperation.name) requireOpenConsents(view, posting, now);
    const kind = KIND_OF_TYPE[operation.type.name];
    if (!kind || isUnbound(view, posting, operation.terms)) return;
    const counted: Counted[] = [];
    const payments = kind === "hold" ? reserved(posting) : paid(posting);
    if (payments.length > 1) readAtOnce(view, payments, kind);
    for (const { account, amount } of payments) {
      const limits = limitsFor(view, account, kind);
      const payment = { account, amount, now };
      if (limits.length > 0) counted.push(...countOrRefuse(view, limits, payment));
      for (const use of operation.terms.consents ?? NO_CONSENTS)
        if (use.account === account) counted.push(chargeConsent(view, { ...use, amount }, now));
    }
    if (kind === "hold" && counted.length > 0)
      view.put(insert(countedHolds, transferId, { holdId: transferId, counted }));
  },
};

const NO_CONSENTS: NonNullable<OperationTerms["consents"]> = [];

interface Paid {
  readonly account: bigint;
  readonly amount: bigint;
}

function reserved({ reserves = [] }: Posting): readonly Paid[] {
  return reserves.filter(({ amount }) => amount > 0n);
}

/** Sums the payments of each account; the ordinary transfer has one payer and one payee. */
function paid({ legs = [] }: Posting): readonly Paid[] {
  const [one, other] = legs;
  if (legs.length === 2 && one && other && one.account !== other.account) {
    const payer = one.amount < 0n ? one : other;
    return [{ account: payer.account, amount: -payer.amount }];
  }
  const net = new Map<bigint, bigint>();
  for (const { account, amount } of legs) net.set(account, (net.get(account) ?? 0n) - amount);
  return [...net]
    .filter(([, amount]) => amount > 0n)
    .map(([account, amount]) => ({ account, amount }));
}

/** A hold that ends gives back what was not taken of it. */
function giveBackEnded(view: MutableView, { related, reserves = [], legs = [] }: Posting): void {
  if (related === undefined) return;
  for (const { account, amount } of reserves) {
    if (amount >= 0n) continue;
    const left = legs.reduce(
      (sum, leg) => (leg.account === account ? sum + leg.amount : sum),
      -amount,
    );
    if (left > 0n) giveBackHolds(view, [{ id: related, amount: left }]);
  }
}

/** A revocation ends what is not captured yet. */
function requireOpenConsents(view: View, { related, legs = [] }: Posting, now: Date): void {
  if (related === undefined) return;
  const amount = legs.reduce((sum, leg) => (leg.amount > 0n ? sum + leg.amount : sum), 0n);
  for (const counted of view.get(countedHolds, related)?.counted ?? [])
    if ("consent" in counted)
      requireOpenConsent(view, { ...partsOf(counted.consent), verb: "hold", amount }, now);
}

/** The usual posting: no consent is used, and neither a platform nor a payer has limits. */
function isUnbound(view: View, { legs = NONE, reserves = NONE }: Posting, terms: OperationTerms) {
  if (terms.consents || platformLimits(view).length > 0) return false;
  for (const { account, amount } of legs) if (amount < 0n && isLimited(view, account)) return false;
  return !reserves.some(({ account }) => isLimited(view, account));
}

const NONE: readonly never[] = [];

function platformLimits(view: View): readonly SpendingLimit[] {
  return view.get(spendingLimits, PLATFORM_LIMITS)?.limits ?? NONE;
}

function isLimited(view: View, account: bigint): boolean {
  return ((view.get(accounts, account)?.flags ?? 0) & LIMITED) !== 0;
}

/** The limits of the account's user, and those of the user's platform. */
function limitsFor(view: View, account: bigint, kind: SpendingKind): readonly SpendingLimit[] {
  if (view.get(accounts, account)?.maximum === UNBOUNDED) return NONE;
  const payment = { currencyNumber: currencyOf(account), kind };
  const own = isLimited(view, account)
    ? view.get(spendingLimits, limitsOfAccount(account))
    : undefined;
  const found = (own?.limits ?? NONE).filter((limit) => bounds(limit, payment));
  const wide = platformLimits(view).filter((limit) => bounds(limit, payment));
  if (wide.length === 0) return found;
  const platform = view.get(walletPlatforms, walletOf(account))?.platform;
  return [...found, ...wide.filter((limit) => limit.platform === platform)];
}

/** A posting of a hundred payers would need as many steps to discover the rows of each. */
function readAtOnce(view: View, payments: readonly Paid[], kind: SpendingKind): void {
  const limited = payments.filter(({ account }) => isLimited(view, account));
  view.getAll(
    spendingLimits,
    limited.map(({ account }) => limitsOfAccount(account)),
  );
  if (platformLimits(view).length > 0)
    view.getAll(
      walletPlatforms,
      payments.map(({ account }) => walletOf(account)),
    );
  view.getAll(
    spendingCounters,
    payments.flatMap(({ account }) =>
      limitsFor(view, account, kind).map((limit) => counterOf(limit, account)),
    ),
  );
}

/** Expired holds are given back before a payment is refused. */
function countOrRefuse(
  view: MutableView,
  limits: readonly SpendingLimit[],
  payment: Paid & Pick<DecisionContext, "now">,
): Counted[] {
  const { account, now } = payment;
  if (findExceeded(view, limits, payment)) {
    const row = view.get(accounts, account);
    if (row && row.held > 0n) releaseExpiredHolds(view, row, now);
    const exceeded = findExceeded(view, limits, payment);
    if (exceeded) throw new Refused({ refuse: "spending_limit_exceeded", details: exceeded });
  }
  return countSpending(view, limits, payment);
}
