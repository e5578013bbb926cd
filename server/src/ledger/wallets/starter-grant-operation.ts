/**
 * Posts the starter grant that a wallet was promised at its opening, once, out of its platform's budget of the day.
 * The coins are locked until their owner is verified.
 */
import { accounts, changedAccount } from "../accounts/accounts.ts";
import { counterId, limitCounters, moveCounter } from "../limits/limit-counters.ts";
import type { Refusal } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";

export interface StarterGrantPayload {
  readonly account: bigint;
  /** The account of New Day's mint in the same currency. */
  readonly mint: bigint;
  /** The user's platform, whose budget pays. */
  readonly platform: string;
  /** null: no bound. */
  readonly budgetPerDay: bigint | null;
  /** UTC. */
  readonly day: string;
}

function counterOf({ platform, day }: StarterGrantPayload): string {
  return counterId("starter", platform, day);
}

export const starterGrantOperation = defineOperationType<StarterGrantPayload>()({
  name: "starter_grant",
  readWriteSet: (payload) => [
    rowKey(accounts, payload.account),
    rowKey(accounts, payload.mint),
    rowKey(limitCounters, counterOf(payload)),
  ],
  decide(payload, view) {
    const { account, mint, budgetPerDay } = payload;
    const row = view.get(accounts, account);
    // A request beside this one has posted it already.
    if (!row || row.claim === 0n) return { changes: [] };
    const amount = row.claim;
    const limit = budgetPerDay === null ? {} : { limit: budgetPerDay };
    const counted = moveCounter(view, counterOf(payload), { by: amount, ...limit });
    if (!counted) return budgetSpent(payload, amount);
    return {
      changes: [counted, change(accounts, account, changedAccount(row, { claim: 0n }))],
      legs: [
        { account: mint, amount: -amount },
        { account, amount },
      ],
      locks: [{ account, amount }],
    };
  },
});

function budgetSpent({ platform, budgetPerDay }: StarterGrantPayload, claim: bigint): Refusal {
  return {
    refuse: "starter_budget_spent",
    details: {
      platform,
      budgetPerDay: `${budgetPerDay}`,
      claim: `${claim}`,
      rule: {
        en: `the starter coins of ${platform}, ${budgetPerDay} a day, do not suffice for ${claim} more`,
        zh: `${platform} 每日的新手币预算为 ${budgetPerDay}，今日已不足 ${claim}`,
      },
    },
  };
}
