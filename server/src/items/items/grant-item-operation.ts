/** Issues an item to a user: rewards of the game and of platforms. */
import type { OperationKind } from "../../engine/operation.ts";
import { change, touch } from "../../engine/resource.ts";
import { issueItem, items, type NewItem } from "./item-rows.ts";

export const grantItem: OperationKind<{ readonly item: NewItem }> = {
  name: "item_grant",
  touches: ({ item }) => [touch(items, item.id)],
  decide: ({ item }, _view, context) => ({
    changes: [change(items, item.id, issueItem(item, { action: "grant", context }))],
    result: { itemId: item.id },
  }),
};
