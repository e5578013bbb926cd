/** An exported item comes back to the user who exported it (docs/incidents.md E2). */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { items, moveItem } from "../items/item-rows.ts";
import { itemResult } from "../items/item-snapshot.ts";
import type { ItemMoveResult } from "./transfer-item-operation.ts";
import { itemReceipts, requestId } from "../items/receipts.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface ReturnItemPayload {
  readonly userId: string;
  readonly itemId: string;
}

/** The word for a return in a request's id. */
const RETURN_TARGET = "platform:newday";

function requestOf({ userId, itemId }: ReturnItemPayload): string {
  return requestId(userId, itemId, RETURN_TARGET);
}

export const returnItemOperation = defineOperationType<ReturnItemPayload, ItemMoveResult>()({
  name: "item_return",
  readWriteSet: (payload) => [
    rowKey(items, payload.itemId),
    rowKey(itemReceipts, requestOf(payload)),
  ],
  decide({ userId, itemId, ...unread }, view, context) {
    unread satisfies NothingElse;
    const item = view.get(items, itemId);
    if (!item || item.ownerId !== userId) return { refuse: "item_not_found" };
    const request = requestOf({ userId, itemId });
    const last = view.get(itemReceipts, request);
    if (item.state !== "exported" && last)
      return {
        refuse: "already_transferred",
        details: {
          transferId: last.transferId,
          itemId: item.id,
          remaining: `${item.quantity}`,
        },
      };
    if (item.state !== "exported") return { refuse: "item_not_exported" };
    const { transferId, now } = context;
    const { id, quantity } = item;
    const returned = moveItem(item, { state: "owned" }, { action: "return", context });
    const sequence = (last?.sequence ?? 0n) + 1n;
    const receipt = { request, sequence, transferId, itemId: id, quantity, createdAt: now };
    return {
      changes: [change(items, id, returned), change(itemReceipts, request, receipt)],
      result: { ...itemResult(returned), quantity: `${quantity}`, remaining: `${quantity}` },
    };
  },
});
