/**
 * Refills a test user's coins before a purchase from the shop, out of its daily budget. The coins are locked: the
 * shop alone takes them. The transfer has a type of its own, so that every statement tells test money from earned
 * money.
 */
import { accountId, accounts } from "../../ledger/accounts/accounts.ts";
import { GAME_COINS } from "../../ledger/currencies/currencies.ts";
import { spendableOf } from "../../ledger/holds/expired-holds.ts";
import { accountRow } from "../../ledger/transfers/apply-posting.ts";
import type { Refusal } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { rowKey } from "../../engine/resource.ts";
import { counterId, limitCounters, moveCounter } from "../../ledger/limits/limit-counters.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

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

function counterOf({ userId, day }: Pick<TestTopUpPayload, "userId" | "day">): string {
  return counterId("test_top_up", userId, day);
}

export const testTopUpOperation = defineOperationType<TestTopUpPayload>()({
  name: "test_top_up",
  readWriteSet: (payload) => [
    rowKey(accounts, accountId(payload.wallets.user, GAME_COINS)),
    rowKey(accounts, accountId(payload.wallets.mint, GAME_COINS)),
    rowKey(limitCounters, counterOf(payload)),
  ],
  decide({ userId, wallets, needed, target, dailyBudget, day, ...unread }, view, { now }) {
    unread satisfies NothingElse;
    const { user, mint, ...unreadWallets } = wallets;
    unreadWallets satisfies NothingElse;
    const account = accountId(user, GAME_COINS);
    const row = accountRow(view, account);
    const spendable = spendableOf(view, row, now) + row.locked + row.claim;
    // A purchase beside this one has refilled them already.
    if (spendable >= needed) return { changes: [] };
    const id = counterOf({ userId, day });
    const spent = view.get(limitCounters, id)?.count ?? 0n;
    const left = dailyBudget - spent;
    const amount = smaller((target > needed ? target : needed) - spendable, left);
    const counted = moveCounter(view, id, { by: amount });
    if (!counted || spendable + amount < needed) return budgetSpent(dailyBudget, spent);
    return {
      changes: [counted],
      legs: [
        { account: accountId(mint, GAME_COINS), amount: -amount },
        { account, amount },
      ],
      locks: [{ account, amount }],
    };
  },
});

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function budgetSpent(dailyBudget: bigint, spent: bigint): Refusal {
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
