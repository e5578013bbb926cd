/** Moves money between many accounts in one transfer. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { Leg, OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import { postLegsOperation } from "./post-legs-operation.ts";

/** The legs are those that `requireBalance` has accepted. */
export function transferLegs<Given extends Leg>(
  { engine }: PostingServices,
  given: readonly Exactly<Leg, Given>[],
  terms: OperationTerms,
): Promise<Submitted<null>> {
  const legs: readonly Leg[] = given;
  return submitOperation(engine, operationOf(postLegsOperation, { legs }, terms));
}

export interface CurrencyLeg {
  readonly currency: string;
  /** Minor units; below zero pays. */
  readonly amount: bigint;
}

/** Errors: `invalid_amount` for a leg of zero, `unbalanced_legs`. */
export function requireBalance(legs: readonly CurrencyLeg[]): void {
  const sums = new Map<string, bigint>();
  for (const [index, { currency, amount }] of legs.entries()) {
    if (amount === 0n)
      throw new NewDayError("invalid_amount", {
        field: `legs.${index}.amount`,
        rule: { en: "must not be zero", zh: "不能为零" },
      });
    sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  }
  for (const [currency, sum] of sums)
    if (sum !== 0n)
      throw new NewDayError("unbalanced_legs", {
        field: "legs",
        rule: { en: `sum to ${sum} in ${currency}`, zh: `${currency} 的合计为 ${sum}，必须为零` },
        remedy: {
          en: "Make the amounts of each currency sum to zero.",
          zh: "请使每种货币的金额之和为零",
        },
      });
}
