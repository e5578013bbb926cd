/**
 * Refills a test user's coins before a purchase from the shop, out of its daily budget. The transfer has a type of
 * its own, so that every statement tells test money from earned money.
 */
import { accountId, accounts } from "../../ledger/accounts/accounts.ts";
import { GAME_COINS } from "../../ledger/currencies/currencies.ts";
import { spendableOf } from "../../ledger/holds/expired-holds.ts";
import { accountRow } from "../../ledger/transfers/apply-posting.ts";
import type { Refusal } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { touch } from "../../engine/resource.ts";
import { counterId, limitCounters, moveCounter } from "../../items/items/limit-counters.ts";

export interface TestTopUpPayload {
  readonly userId: string;
  /** Numbers of the user's wallet and of New Day's mint. */
  readonly wallets: { readonly user: bigint; readonly mint: bigint };
  /** Coins that the purchase needs. */
  readonly needed: bigint;
  /** Coins to refill to when the budget allows, so that not every purchase refills. */
  readonly target: bigint;
  readonly dailyBudget: bigint;
  /** UTC. */
  readonly day: string;
}

function counterOf({ userId, day }: TestTopUpPayload): string {
  return counterId("test_top_up", userId, day);
}

export const testTopUpOperation = defineOperationType<TestTopUpPayload>()({
  name: "test_top_up",
  touches: (payload) => [
    touch(accounts, accountId(payload.wallets.user, GAME_COINS)),
    touch(accounts, accountId(payload.wallets.mint, GAME_COINS)),
    touch(limitCounters, counterOf(payload)),
  ],
  decide(payload, view, { now }) {
    const { wallets, needed, target, dailyBudget } = payload;
    const account = accountId(wallets.user, GAME_COINS);
    const spendable = spendableOf(view, accountRow(view, account), now);
    // A purchase beside this one has refilled them already.
    if (spendable >= needed) return { changes: [] };
    const id = counterOf(payload);
    const spent = view.get(limitCounters, id)?.count ?? 0n;
    const left = dailyBudget - spent;
    const amount = smaller((target > needed ? target : needed) - spendable, left);
    const counted = moveCounter(view, id, { by: amount });
    if (!counted || spendable + amount < needed) return budgetSpent(payload, spent);
    return {
      changes: [counted],
      legs: [
        { account: accountId(wallets.mint, GAME_COINS), amount: -amount },
        { account, amount },
      ],
    };
  },
});

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function budgetSpent({ dailyBudget }: TestTopUpPayload, spent: bigint): Refusal {
  return {
    refuse: "test_budget_spent",
    details: {
      dailyBudget: `${dailyBudget}`,
      spent: `${spent}`,
      rule: {
        en: `${spent} of ${dailyBudget} coins of today's budget of this test user are spent`,
        zh: `此测试用户今日预算 ${dailyBudget} 游戏币中已用 ${spent}`,
      },
    },
  };
}
