/**
 * Crafting: items and money in, items out, in one posting or not at all.
 *
 * The recipe's version is a fact that never changes, so it travels in the payload. What is used up
 * keeps its row in state `used`; what is made is issued anew.
 */
import type { Leg, OperationKind, Refusal } from "../../ledger/engine/operation.ts";
import { change, touch, type RowChange } from "../../ledger/engine/resource.ts";
import { accounts } from "../../ledger/accounts.ts";
import { issueItem, items, moveItem, splitItem, type NewItem } from "../../inventory/item-rows.ts";
import { refuseUnlessOwned, tooMany } from "../../inventory/kinds/transfer-item.ts";

export interface CraftPayload {
  readonly userId: string;
  /** The stacks to use up, each with the id of the part, should it be split. */
  readonly uses: readonly {
    readonly itemId: string;
    readonly definitionId: string;
    readonly quantity: bigint;
    readonly partId: string;
  }[];
  readonly makes: readonly NewItem[];
  /** From the user to the platform's fees. */
  readonly legs: readonly Leg[];
}

export const craft: OperationKind<CraftPayload> = {
  name: "craft",
  touches: ({ uses, makes, legs }) => [
    ...legs.map(({ account }) => touch(accounts, account)),
    ...uses.flatMap(({ itemId, partId }) => [touch(items, itemId), touch(items, partId)]),
    ...makes.map(({ id }) => touch(items, id)),
  ],
  decide({ userId, uses, makes, legs }, view, context) {
    const step = { action: "craft" as const, context };
    const changes: RowChange[] = [];
    for (const { itemId, definitionId, quantity, partId } of uses) {
      const item = view.get(items, itemId);
      if (item?.ownerId !== userId || item.definitionId !== definitionId) return gone(itemId);
      const refusal = refuseUnlessOwned(item);
      if (refusal) return refusal;
      if (quantity > item.quantity) return tooMany(item);
      if (quantity === item.quantity) {
        changes.push(change(items, itemId, moveItem(item, { state: "used" }, step)));
        continue;
      }
      const { rest, part } = splitItem(item, { id: partId, quantity, state: "used" }, step);
      changes.push(change(items, itemId, rest), change(items, partId, part));
    }
    for (const item of makes) changes.push(change(items, item.id, issueItem(item, step)));
    return {
      legs,
      changes,
      result: {
        used: uses.map(({ itemId, quantity }) => ({ itemId, quantity: `${quantity}` })),
        made: makes.map(({ id, quantity }) => ({ itemId: id, quantity: `${quantity}` })),
      },
    };
  },
};

function gone(itemId: string): Refusal {
  return { refuse: "item_not_found", details: { field: "items", itemId } };
}
