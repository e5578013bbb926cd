/** Uses up one of an item: it stays as a row in state `used`, so that history is complete. */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { items, moveItem, splitItem } from "../items/item-rows.ts";
import { itemResult, type ItemResult } from "../items/item-snapshot.ts";
import { acceptedGifts } from "../gifts/gift-limits.ts";
import { refuseUnlessOwned } from "../items/item-refusals.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface UseItemPayload {
  readonly userId: string;
  readonly itemId: string;
  /** Id of the used one, should it come out of a stack. */
  readonly newItemId: string;
}

export type UseItemResult = ItemResult & {
  readonly remaining: string;
};

export const useItemOperation = defineOperationType<UseItemPayload, UseItemResult>()({
  name: "item_use",
  readWriteSet: ({ itemId, newItemId }) => [rowKey(items, itemId), rowKey(items, newItemId)],
  decide({ userId, itemId, newItemId, ...unread }, view, context) {
    unread satisfies NothingElse;
    const item = view.get(items, itemId);
    if (!item || item.ownerId !== userId) return { refuse: "item_not_found" };
    const refusal = refuseUnlessOwned(item);
    if (refusal) return refusal;
    const step = { action: "use" as const, context };
    const remaining = `${item.quantity - 1n}`;
    const accepted = acceptedGifts(view, [item]);
    if (item.quantity === 1n) {
      const used = moveItem(item, { state: "used" }, step);
      const result = { ...itemResult(used), remaining };
      return { changes: [...accepted, change(items, itemId, used)], result };
    }
    const wanted = { id: newItemId, quantity: 1n, state: "used" as const };
    const { rest, part } = splitItem(item, wanted, step);
    return {
      changes: [...accepted, change(items, itemId, rest), change(items, part.id, part)],
      result: { ...itemResult(rest), remaining },
    };
  },
});
