/** Issues an item to a user: rewards of the game and of platforms. */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, touch } from "../../engine/resource.ts";
import { issueItem, items, type NewItem } from "./item-rows.ts";

export type GrantItemResult = { readonly itemId: string };

export const grantItemOperation = defineOperationType<
  { readonly item: NewItem },
  GrantItemResult
>()({
  name: "item_grant",
  touches: ({ item }) => [touch(items, item.id)],
  decide: ({ item }, _view, context) => ({
    changes: [change(items, item.id, issueItem(item, { action: "grant", context }))],
    result: { itemId: item.id },
  }),
});
