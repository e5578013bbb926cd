/** Details of a refusal by a budget, a consent or a limit: the rule, its version, numbers, and when it would pass. */
import type { Refusal, RefusalDetails } from "../../engine/operation.ts";
import type { Message } from "../../lib/messages.ts";

export interface BrokenRule {
  /** The rule's name, such as `budget:acme:game_coins`; it finds the rule's log. */
  readonly policy: string;
  readonly version: bigint;
  readonly window: string;
  readonly maximum: bigint;
  readonly used: bigint;
  readonly amount: bigint;
  /** null: only a change of the rule lets it pass. */
  readonly passesAt: Date | null;
}

export function policyDetails(
  broken: BrokenRule,
  texts: { readonly rule: Message; readonly remedy?: Message },
): RefusalDetails {
  const { policy, version, window, maximum, used, amount, passesAt } = broken;
  return {
    policy,
    version: Number(version),
    window,
    maximum: `${maximum}`,
    used: `${used}`,
    left: `${used < maximum ? maximum - used : 0n}`,
    required: `${amount}`,
    passesAt: passesAt?.toISOString() ?? null,
    ...texts,
  };
}

/** The refusal of a time that is over already. */
export function notInFuture(field: string): Refusal {
  return {
    refuse: "invalid_field",
    details: {
      field,
      rule: { en: "lies in the future", zh: "必须是将来的时间" },
      remedy: { en: "Send a later time.", zh: "请发送更晚的时间" },
    },
  };
}
