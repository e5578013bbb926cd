/** An exported item comes back to the user who exported it (docs/incidents.md E2). */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, touch } from "../../engine/resource.ts";
import { items, moveItem } from "../items/item-rows.ts";
import { itemResult } from "../items/item-snapshot.ts";
import type { ItemMoveResult } from "./transfer-item-operation.ts";
import { itemReceipts, requestId } from "../items/receipts.ts";

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
  touches: (payload) => [touch(items, payload.itemId), touch(itemReceipts, requestOf(payload))],
  decide(payload, view, context) {
    const item = view.get(items, payload.itemId);
    if (!item || item.ownerId !== payload.userId) return { refuse: "item_not_found" };
    const request = requestOf(payload);
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
