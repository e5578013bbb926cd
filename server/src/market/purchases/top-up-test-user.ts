/** Refills a test user's coins when they do not suffice for a purchase from the shop. */
import { operationOf } from "../../engine/operation-type.ts";
import { requirePosted } from "../../engine/outcome.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { dayOf } from "../../ledger/limits/limit-counters.ts";
import { accountId } from "../../ledger/accounts/accounts.ts";
import { GAME_COINS } from "../../ledger/currencies/currencies.ts";
import { findAccount } from "../../ledger/statements/statement-queries.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { testTopUpOperation } from "./test-top-up-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

/** Coins of a new wallet: a test user begins each refill like a newcomer. */
const TARGET = 1_000n;

export interface TestPurchase {
  readonly userId: string;
  readonly dailyBudget: bigint;
  /** Coins, commission included. */
  readonly needed: bigint;
}

/** Errors: `test_budget_spent`, `wallet_not_found`. */
export async function topUpTestUser(
  { db, engine, directory }: PostingServices,
  { userId, dailyBudget, needed, ...unread }: TestPurchase,
): Promise<void> {
  unread satisfies NothingElse;
  const user = await directory.walletNumber(userId);
  const account = await findAccount(db, accountId(user, GAME_COINS));
  if (account && account.available + account.locked >= needed) return;
  const mint = await directory.systemWallet(HOME_PLATFORM, "mint");
  const payload = {
    userId,
    wallets: { user, mint },
    needed,
    target: TARGET,
    dailyBudget,
    day: dayOf(new Date()),
  };
  requirePosted(
    await engine.submit(operationOf(testTopUpOperation, payload, { caller: HOME_PLATFORM })),
  );
}
