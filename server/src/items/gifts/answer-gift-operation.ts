/** The receiver of a gift accepts it, or declines it: then it goes back to its giver, whole. */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { items, moveItem } from "../items/item-rows.ts";
import { itemResult, type ItemResult } from "../items/item-snapshot.ts";
import { limitCounters } from "../../ledger/limits/limit-counters.ts";
import { acceptedGifts, waitingCounter } from "./gift-limits.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface AnswerGiftPayload {
  readonly userId: string;
  readonly itemId: string;
  readonly answer: "accept" | "decline";
}

export const answerGiftOperation = defineOperationType<AnswerGiftPayload, ItemResult>()({
  name: "gift_answer",
  readWriteSet: ({ userId, itemId }) => [
    rowKey(items, itemId),
    rowKey(limitCounters, waitingCounter(userId)),
  ],
  decide({ userId, itemId, answer, ...unread }, view, context) {
    unread satisfies NothingElse;
    const item = view.get(items, itemId);
    if (!item || item.ownerId !== userId) return { refuse: "item_not_found" };
    if (item.giftFrom === null) return { refuse: "gift_not_waiting" };
    const back = { ownerId: item.giftFrom, obtainedFrom: "declined", obtainedAt: context.now };
    const answered = moveItem(item, answer === "accept" ? {} : back, { action: answer, context });
    return {
      changes: [...acceptedGifts(view, [item]), change(items, itemId, answered)],
      result: itemResult(answered),
    };
  },
});
