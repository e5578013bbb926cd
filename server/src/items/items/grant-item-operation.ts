/** Issues an item to a user: rewards of the game and of platforms. */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { issueItem, items, type NewItem } from "./item-rows.ts";
import { itemResult, type ItemResult } from "./item-snapshot.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export const grantItemOperation = defineOperationType<{ readonly item: NewItem }, ItemResult>()({
  name: "item_grant",
  readWriteSet: ({ item }) => [rowKey(items, item.id)],
  decide({ item, ...unread }, _view, context) {
    unread satisfies NothingElse;
    const issued = issueItem(item, { action: "grant", context });
    return { changes: [change(items, item.id, issued)], result: itemResult(issued) };
  },
});
