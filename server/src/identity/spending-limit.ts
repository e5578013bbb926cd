/** The spending limit of a user with an unverified login; the sandbox accepts such users. */
import { NewDayError } from "../errors/errors.ts";

/**
 * Per payment to another user, by transfer, exchange or purchase from a player. Equal to a new
 * wallet's start: enough to try everything, too little to farm made-up users for (docs/incidents.md
 * G11). Official stock pays the mint, so its purchase is unlimited.
 */
export const UNVERIFIED_AMOUNT_MAX = 1_000n;

/** The amount unchanged; `field` is what the caller sent. Errors: `unproven_limit`. */
export function requireWithinSpendingLimit(
  { isVerified }: { readonly isVerified: boolean },
  amount: bigint,
  field = "amount",
): bigint {
  if (!isVerified && amount > UNVERIFIED_AMOUNT_MAX)
    throw new NewDayError("unproven_limit", spendingLimitDetails(amount, field));
  return amount;
}

/** The refusal of an amount above the limit. */
export function spendingLimitDetails(amount: bigint, field: string) {
  return {
    field,
    rule: {
      en: `pays ${amount}; a login without proof pays at most ${UNVERIFIED_AMOUNT_MAX} at a time`,
      zh: `需支付 ${amount}；未验证的登录每次最多支付 ${UNVERIFIED_AMOUNT_MAX}`,
    },
    remedy: {
      en: "Log in with an assertion of the platform; see docs/login.md.",
      zh: "请使用平台签名的凭证登录，见 docs/login.md",
    },
  };
}
