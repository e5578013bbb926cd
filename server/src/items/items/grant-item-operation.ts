/** Issues an item to a user: rewards of the game and of platforms. */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, touch } from "../../engine/resource.ts";
import { issueItem, items, type NewItem } from "./item-rows.ts";
import { itemResult, type ItemResult } from "./item-snapshot.ts";

export const grantItemOperation = defineOperationType<{ readonly item: NewItem }, ItemResult>()({
  name: "item_grant",
  touches: ({ item }) => [touch(items, item.id)],
  decide({ item }, _view, context) {
    const issued = issueItem(item, { action: "grant", context });
    return { changes: [change(items, item.id, issued)], result: itemResult(issued) };
  },
});
