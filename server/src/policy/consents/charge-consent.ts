/** Charges a payment to the consent that permits it. */
import type { RefusalDetails, View } from "../../engine/operation.ts";
import type { MutableView } from "../../engine/posting-rules.ts";
import { Refused } from "../../engine/refused.ts";
import { change } from "../../engine/resource.ts";
import { nextDay, startOfDay } from "../issuance/charge-budget.ts";
import { policyDetails } from "../rules/policy-refusal.ts";
import { consentKey } from "./consent-queries.ts";
import { consents, type ConsentRow, type ConsentVerb } from "./consent-rows.ts";

/** Names the consent in refusals and in the log. */
export function consentName(
  userId: string,
  { platform, currency }: Pick<ConsentRow, "platform" | "currency">,
): string {
  return `consent:${userId}:${platform}:${currency}`;
}

/** The sum that was paid under it on the day of `now`. */
export function spentToday({ day, spentOnDay }: ConsentRow, now: Date): bigint {
  return day.getTime() < startOfDay(now).getTime() ? 0n : spentOnDay;
}

export type ConsentState = "open" | "revoked" | "expired";

export function consentState({ revokedAt, expiresAt }: ConsentRow, now: Date): ConsentState {
  if (revokedAt) return "revoked";
  return expiresAt && expiresAt.getTime() <= now.getTime() ? "expired" : "open";
}

export interface ConsentedPayment {
  readonly account: bigint;
  readonly platform: string;
  readonly verb: ConsentVerb;
  readonly amount: bigint;
}

/** The consent that permits it now. Throws `Refused` for none, a revoked, expired and narrower one. */
export function requireOpenConsent(view: View, payment: ConsentedPayment, now: Date): ConsentRow {
  const row = view.get(consents, consentKey(payment.account, payment.platform));
  if (!row) throw missing(payment, "none");
  const state = consentState(row, now);
  if (state !== "open") throw missing(payment, state, row);
  if (!row.verbs.includes(payment.verb)) throw missing(payment, "verb", row);
  return row;
}

/** Counts the payment; returns where. Throws `Refused` without a consent, and beyond it. */
export function chargeConsent(
  view: MutableView,
  payment: ConsentedPayment,
  now: Date,
): { readonly consent: string; readonly start: number } {
  const { account, platform, amount } = payment;
  const key = consentKey(account, platform);
  const row = requireOpenConsent(view, payment, now);
  const spent = spentToday(row, now);
  if (spent + amount > row.perDay)
    throw new Refused({
      refuse: "consent_exceeded",
      details: exceeded(row, { spent, amount, now }),
    });
  const day = startOfDay(now);
  view.put(change(consents, key, { ...row, day, spentOnDay: spent + amount }));
  return { consent: key, start: day.getTime() };
}

/** Gives back what a hold did not take, on the day on which it was counted. */
export function uncountConsent(
  view: MutableView,
  { consent, start }: { readonly consent: string; readonly start: number },
  amount: bigint,
): void {
  const row = view.get(consents, consent);
  if (!row || row.day.getTime() !== start) return;
  const left = row.spentOnDay - amount;
  view.put(change(consents, consent, { ...row, spentOnDay: left > 0n ? left : 0n }));
}

const WHY_MISSING = {
  none: { en: "has permitted nothing to", zh: "未授权" },
  revoked: { en: "has revoked the consent to", zh: "已撤销授权：" },
  expired: { en: "gave a consent that has expired to", zh: "授权已过期：" },
  verb: { en: "has permitted other operations only to", zh: "未授权此类操作：" },
} as const;

function missing(
  { platform, verb, amount }: ConsentedPayment,
  why: keyof typeof WHY_MISSING,
  row?: ConsentRow,
): Refused {
  const details = {
    ...(row ? { policy: consentName(row.userId, row) } : {}),
    version: Number(row?.version ?? 0n),
    required: `${amount}`,
    verb,
    verbs: row ? [...row.verbs] : [],
    passesAt: null,
    rule: {
      en: `the payer ${WHY_MISSING[why].en} the platform ${platform} (${verb})`,
      zh: `付款方${WHY_MISSING[why].zh}平台 ${platform}（${verb}）`,
    },
  };
  return new Refused({ refuse: "consent_required", details });
}

function exceeded(
  row: ConsentRow,
  { spent, amount, now }: { spent: bigint; amount: bigint; now: Date },
): RefusalDetails {
  const { platform, perDay, currency, version, userId } = row;
  return policyDetails(
    {
      policy: consentName(userId, row),
      version,
      window: "day",
      maximum: perDay,
      used: spent,
      amount,
      passesAt: amount > perDay ? null : nextDay(now),
    },
    {
      rule: {
        en: `the payer permits ${platform} ${perDay} ${currency} a day (UTC); ${spent} are used, and this pays ${amount}`,
        zh: `付款方每日（UTC）允许平台 ${platform} 使用 ${perDay} ${currency}；已用 ${spent}，本次 ${amount}`,
      },
    },
  );
}
