/** What a user may pay whose login no platform has vouched for; the sandbox lets such users in. */
import { NewDayError } from "../errors.ts";

/**
 * In one payment to another user, whichever way: transfer, exchange, purchase from a player. What a
 * new wallet starts with: enough to try everything out, too little to be worth farming through
 * made-up users (docs/incidents.md G11). Official stock pays nobody, so that its purchase is not
 * confined.
 */
export const UNPROVEN_AMOUNT_MAX = 1_000n;

/** The amount unchanged; `field` is what the caller sent. Errors: `unproven_limit`. */
export function confineUnproven(
  { proven }: { readonly proven: boolean },
  amount: bigint,
  field = "amount",
): bigint {
  if (!proven && amount > UNPROVEN_AMOUNT_MAX)
    throw new NewDayError("unproven_limit", unprovenDetails(amount, field));
  return amount;
}

/** What is said about an amount above the limit. */
export function unprovenDetails(amount: bigint, field: string) {
  return {
    field,
    rule: `pays ${amount}; a login without proof pays at most ${UNPROVEN_AMOUNT_MAX} at a time`,
    ruleZh: `需支付 ${amount}；未验证的登录每次最多支付 ${UNPROVEN_AMOUNT_MAX}`,
    remedy: "log in with an assertion of the platform; see docs/login.md",
  };
}
