/** Counts payments against limits, and gives back what a hold did not take. */
import type { View } from "../../engine/operation.ts";
import type { MutableView } from "../../engine/posting-rules.ts";
import type { RefusalDetails } from "../../engine/operation.ts";
import { change } from "../../engine/resource.ts";
import { policyDetails } from "../rules/policy-refusal.ts";
import type { SpendingKind } from "../rules/spending-kinds.ts";
import {
  bucketAt,
  liveBuckets,
  passesAt,
  sumOf,
  withAmount,
  type Bucket,
} from "../rules/windows.ts";
import { spendingCounters, type Counted, type SpendingCounterRow } from "./counter-rows.ts";
import type { SpendingLimit } from "./limit-rows.ts";

/** Whether the limit bounds a payment of this kind and currency by a user of this platform. */
export function bounds(
  limit: SpendingLimit,
  payment: { readonly currencyNumber: number; readonly kind: SpendingKind },
): boolean {
  return (
    limit.currencyNumber === payment.currencyNumber &&
    (limit.kind === null || limit.kind === payment.kind)
  );
}

/** Names the limit in refusals and in the log. */
export function limitName({ id }: Pick<SpendingLimit, "id">): string {
  return `limit:${id}`;
}

export function counterOf({ id, scope }: SpendingLimit, account: bigint): string {
  return scope === "each" ? `${id}/${account}` : id;
}

export interface Headroom {
  readonly live: readonly Bucket[];
  readonly used: bigint;
  /** The amount that still passes. */
  readonly left: bigint;
}

export function headroomOf(
  limit: SpendingLimit,
  counter: SpendingCounterRow | undefined,
  now: Date,
): Headroom {
  const live = liveBuckets(limit, counter?.buckets ?? [], now.getTime());
  const used = sumOf(live);
  return { live, used, left: used < limit.maximum ? limit.maximum - used : 0n };
}

export interface Payment {
  readonly account: bigint;
  readonly amount: bigint;
  readonly now: Date;
}

/** In the order of the limits. At once, because an operation has few steps to discover its rows. */
function countersOf(
  view: View,
  limits: readonly SpendingLimit[],
  account: bigint,
): (SpendingCounterRow | undefined)[] {
  return view.getAll(
    spendingCounters,
    limits.map((limit) => counterOf(limit, account)),
  );
}

/** The first limit that the payment would pass, as details of its refusal. */
export function findExceeded(
  view: View,
  limits: readonly SpendingLimit[],
  { account, amount, now }: Payment,
): RefusalDetails | undefined {
  const counters = countersOf(view, limits, account);
  for (const [place, limit] of limits.entries()) {
    const { live, used, left } = headroomOf(limit, counters[place], now);
    if (amount > left) return exceeded(limit, { live, used, amount });
  }
  return undefined;
}

/** Adds the payment to each limit; returns where it was counted. */
export function countSpending(
  view: MutableView,
  limits: readonly SpendingLimit[],
  { account, amount, now }: Payment,
): Counted[] {
  const counters = countersOf(view, limits, account);
  return limits.map((limit, place) => {
    const id = counterOf(limit, account);
    const row = counters[place] ?? { id, buckets: [], revision: 0n };
    const { live } = headroomOf(limit, row, now);
    const start = bucketAt(limit, now.getTime());
    const buckets = withAmount(live, start, amount);
    view.put(change(spendingCounters, id, { ...row, buckets }));
    return { counter: id, start };
  });
}

/** Takes the amount out of the bucket that counted it; one that is gone counts no more. */
export function uncountSpending(
  view: MutableView,
  { counter, start }: { readonly counter: string; readonly start: number },
  amount: bigint,
): void {
  const row = view.get(spendingCounters, counter);
  if (!row) return;
  view.put(
    change(spendingCounters, counter, { ...row, buckets: withAmount(row.buckets, start, -amount) }),
  );
}

const WINDOW_WORDS = {
  day: { en: "a day (UTC)", zh: "每日（UTC）" },
  week: { en: "a week (UTC)", zh: "每周（UTC）" },
  month: { en: "a month (UTC)", zh: "每月（UTC）" },
} as const;

function exceeded(
  limit: SpendingLimit,
  { live, used, amount }: Pick<Headroom, "live" | "used"> & { readonly amount: bigint },
): RefusalDetails {
  const { version, window, seconds, maximum, currency, scope, kind } = limit;
  const when =
    window === "rolling"
      ? { en: `in ${seconds} seconds`, zh: `${seconds} 秒内` }
      : WINDOW_WORDS[window];
  const who = WHO[scope];
  return {
    ...policyDetails(
      {
        policy: limitName(limit),
        version,
        window,
        maximum,
        used,
        amount,
        passesAt: passesAt(limit, live, { amount, maximum }),
      },
      {
        rule: {
          en: `${who.en} at most ${maximum} ${currency} ${when.en}; ${used} are counted, and this pays ${amount}`,
          zh: `${who.zh}${when.zh}最多支出 ${maximum} ${currency}；已计 ${used}，本次支出 ${amount}`,
        },
      },
    ),
    scope,
    kind,
  };
}

const WHO = {
  user: { en: "this user pays", zh: "该用户" },
  each: { en: "each user of the platform pays", zh: "该平台每位用户" },
  platform: { en: "the users of the platform pay together", zh: "该平台全部用户合计" },
} as const;
