/** What a user may do whose login no platform has vouched for; the sandbox lets such users in. */
import { NewDayError } from "../../errors.ts";
import type { Caller } from "./caller.ts";

/**
 * What a new wallet starts with: enough to try everything out, too little to be worth farming
 * through made-up users (INCIDENTS.md G11).
 */
const UNPROVEN_AMOUNT_MAX = 1_000n;

/** The amount unchanged. Errors: `unproven_limit`. */
export function confineUnproven(caller: Caller, amount: bigint): bigint {
  if (caller.kind === "user" && !caller.proven && amount > UNPROVEN_AMOUNT_MAX)
    throw new NewDayError("unproven_limit", {
      field: "amount",
      rule: `must be at most ${UNPROVEN_AMOUNT_MAX} for a login without proof`,
      remedy: "log in with an assertion of the platform; see docs/login.md",
    });
  return amount;
}
