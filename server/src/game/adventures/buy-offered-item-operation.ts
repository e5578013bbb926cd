/**
 * A player buys an adventure's offer: the item moves to the player, the coins go back to the mint.
 */
import { accounts } from "../../ledger/accounts/accounts.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, touch } from "../../engine/resource.ts";
import { items, moveItem } from "../../items/items/item-rows.ts";
import { itemResult, type ItemResult } from "../../items/items/item-snapshot.ts";
import { ownAccountOf } from "../../ledger/wallets/wallet-accounts.ts";

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
  touches: ({ itemId, buyer, mint }) => [
    touch(items, itemId),
    touch(accounts, ownAccountOf(buyer, "game_coins")),
    touch(accounts, ownAccountOf(mint, "game_coins")),
  ],
  decide({ itemId, price, buyer, mint }, view, context) {
    const item = view.get(items, itemId);
    if (!item) return { refuse: "item_not_found" };
    if (item.state !== "offered") return { refuse: "item_not_available" };
    const patch = { state: "owned" as const, obtainedAt: context.now };
    const bought = moveItem(item, patch, { action: "purchase", context });
    const legs = [
      { account: ownAccountOf(buyer, "game_coins"), amount: -price },
      { account: ownAccountOf(mint, "game_coins"), amount: price },
    ];
    return {
      legs: price > 0n ? legs : [],
      changes: [change(items, itemId, bought)],
      result: itemResult(bought),
    };
  },
});
