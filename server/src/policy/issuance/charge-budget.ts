/** Charges issued money to its budget. */
import type { Refusal } from "../../engine/operation.ts";
import type { MutableView } from "../../engine/posting-rules.ts";
import { Refused } from "../../engine/refused.ts";
import { change } from "../../engine/resource.ts";
import type { Message } from "../../lib/messages.ts";
import { policyDetails } from "../rules/policy-refusal.ts";
import { bucketAt, bucketEnd, type Window } from "../rules/windows.ts";
import { budgetName, issuanceBudgets, type IssuanceBudgetRow } from "./budget-rows.ts";

const DAY: Window = { window: "day", seconds: null };

/** The sum that the mint has issued on the day of `now`. */
export function issuedToday({ day, issuedOnDay }: IssuanceBudgetRow, now: Date): bigint {
  return day.getTime() < bucketAt(DAY, now.getTime()) ? 0n : issuedOnDay;
}

/** Begin of the UTC day. */
export function startOfDay(now: Date): Date {
  return new Date(bucketAt(DAY, now.getTime()));
}

/** When the bound of the day begins anew. */
export function nextDay(now: Date): Date {
  return new Date(bucketEnd(DAY, bucketAt(DAY, now.getTime())));
}

/**
 * Counts the amount; false for a mint without a budget. Throws `Refused` when it passes the bound of the day or
 * in total.
 */
export function chargeBudget(view: MutableView, mint: bigint, amount: bigint, now: Date): boolean {
  const row = view.get(issuanceBudgets, mint);
  if (!row) return false;
  const onDay = issuedToday(row, now);
  if (row.perDay !== null && onDay + amount > row.perDay)
    throw refused(row, {
      window: "day",
      maximum: row.perDay,
      used: onDay,
      amount,
      passesAt: amount > row.perDay ? null : nextDay(now),
    });
  if (row.total !== null && row.issued + amount > row.total)
    throw refused(row, {
      window: "total",
      maximum: row.total,
      used: row.issued,
      amount,
      passesAt: null,
    });
  const day = startOfDay(now);
  const counted = {
    day: row.day.getTime() > day.getTime() ? row.day : day,
    issuedOnDay: onDay + amount,
    issued: row.issued + amount,
  };
  view.put(change(issuanceBudgets, mint, { ...row, ...counted }));
  return true;
}

/** The refusal of a platform that issues a currency of several platforms before it has a budget. */
export function withoutBudget(
  named: Pick<IssuanceBudgetRow, "platform" | "currency">,
  amount: bigint,
): Refusal {
  const { platform, currency } = named;
  return {
    refuse: "issuance_budget_exceeded",
    details: policyDetails(
      {
        policy: budgetName(named),
        version: 0n,
        window: "total",
        maximum: 0n,
        used: 0n,
        amount,
        passesAt: null,
      },
      {
        rule: {
          en: `${platform} has no budget for ${currency}, which several platforms issue`,
          zh: `平台 ${platform} 没有 ${currency} 的发行预算，而该货币由多个平台发行`,
        },
      },
    ),
  };
}

interface Bound {
  readonly window: "day" | "total";
  readonly maximum: bigint;
  readonly used: bigint;
  readonly amount: bigint;
  readonly passesAt: Date | null;
}

function refused(row: IssuanceBudgetRow, bound: Bound): Refused {
  const { platform, currency, version } = row;
  const { window, maximum, used, amount } = bound;
  const when: Message =
    window === "day" ? { en: "today (UTC)", zh: "今日（UTC）" } : { en: "in total", zh: "累计" };
  return new Refused({
    refuse: "issuance_budget_exceeded",
    details: policyDetails(
      { policy: budgetName(row), version, ...bound },
      {
        rule: {
          en: `${platform} may issue ${maximum} ${currency} ${when.en}, has issued ${used}, and this issues ${amount}`,
          zh: `平台 ${platform} ${when.zh}最多发行 ${maximum} ${currency}，已发行 ${used}，本次发行 ${amount}`,
        },
      },
    ),
  });
}
