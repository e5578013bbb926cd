/**
 * A player buys an adventure's offer: the item moves to the player, the coins go back to the mint. An item that
 * locked coins paid is locked.
 */
import { accounts } from "../../ledger/accounts/accounts.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { items, moveItem } from "../../items/items/item-rows.ts";
import { itemResult, type ItemResult } from "../../items/items/item-snapshot.ts";
import { accountRow } from "../../ledger/transfers/apply-posting.ts";
import { lockedPartOf } from "../../ledger/transfers/locked-coins.ts";
import { ownAccountOf } from "../../ledger/wallets/wallet-accounts.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface BuyOfferedItemPayload {
  readonly itemId: string;
  /** Game coins. */
  readonly price: bigint;
  readonly buyer: bigint;
  readonly mint: bigint;
}

export const buyOfferedItemOperation = defineOperationType<
  BuyOfferedItemPayload,
  ItemResult | null
>()({
  name: "adventure_purchase",
  readWriteSet: ({ itemId, buyer, mint }) => [
    rowKey(items, itemId),
    rowKey(accounts, ownAccountOf(buyer, "game_coins")),
    rowKey(accounts, ownAccountOf(mint, "game_coins")),
  ],
  decide({ itemId, price, buyer, mint, ...unread }, view, context) {
    unread satisfies NothingElse;
    const item = view.get(items, itemId);
    if (!item) return { refuse: "item_not_found" };
    if (item.state !== "offered") return { refuse: "item_not_available" };
    const buyerAccount = ownAccountOf(buyer, "game_coins");
    const paidLocked = lockedPartOf(accountRow(view, buyerAccount), price);
    const patch = { state: "owned" as const, obtainedAt: context.now, locked: paidLocked > 0n };
    const bought = moveItem(item, patch, { action: "purchase", context });
    const legs = [
      { account: buyerAccount, amount: -price },
      { account: ownAccountOf(mint, "game_coins"), amount: price },
    ];
    return {
      legs: price > 0n ? legs : [],
      paysLocked: true,
      changes: [change(items, itemId, bought)],
      result: itemResult(bought),
    };
  },
});
