/**
 * Undoes a merge: the original comes back as an item of its own, beside the one that stayed. Only
 * while the latter has the owner and the quantity of its adoption: a used or given part may have
 * been the duplicate, and a person has to decide that.
 */
import type { Refusal } from "../engine/operation.ts";
import type { Message } from "../lib/messages.ts";
import { defineOperationType } from "../engine/operation-type.ts";
import { change, rowKey } from "../engine/resource.ts";
import {
  issueItem,
  items,
  moveItem,
  type ItemRow,
  type NewItem,
} from "../items/items/item-rows.ts";
import { itemMerges } from "./merge-rows.ts";
import type { NothingElse } from "../lib/nothing-else.ts";

export interface UnmergeItemPayload {
  readonly mergedId: string;
  /** The item that stayed and its adopted quantity: constants. */
  readonly itemId: string;
  readonly adoptedQuantity: bigint;
  readonly restored: NewItem;
  readonly obtainedAt: Date;
}

export type UnmergeItemResult = {
  readonly itemId: string;
  readonly keptItemId: string;
};

export const unmergeItemOperation = defineOperationType<UnmergeItemPayload, UnmergeItemResult>()({
  name: "item_unmerge",
  readWriteSet: ({ mergedId, itemId }) => [
    rowKey(items, itemId),
    rowKey(items, mergedId),
    rowKey(itemMerges, mergedId),
  ],
  decide(payload, view, context) {
    const { mergedId, itemId, restored, obtainedAt, adoptedQuantity, ...unread } = payload;
    unread satisfies NothingElse;
    const merge = view.get(itemMerges, mergedId);
    const stayed = view.get(items, itemId);
    if (!merge || !stayed) return { refuse: "item_not_found", details: { field: "id" } };
    if (merge.unmergedTransferId !== null)
      return {
        refuse: "merge_undone",
        details: {
          field: "id",
          rule: {
            en: `${mergedId} is an item of its own already`,
            zh: `${mergedId} 已是独立的道具`,
          },
        },
      };
    const refusal = movedOn(stayed, { restored, adoptedQuantity });
    if (refusal) return refusal;
    const step = { action: "unmerge" as const, context };
    const item: ItemRow = { ...issueItem(restored, step), obtainedAt };
    return {
      changes: [
        change(items, itemId, moveItem(stayed, {}, step)),
        change(items, mergedId, item),
        change(itemMerges, mergedId, { ...merge, unmergedTransferId: context.transferId }),
      ],
      // An operator's correction of the adoption, which no freeze is about.
      overrides: ["platform", "operator", "audit"],
      result: { itemId: mergedId, keptItemId: itemId },
    };
  },
});

const WAYS_BACK: Readonly<Record<string, Message>> = {
  escrowed: { en: "Cancel its listing and try again.", zh: "请先下架再重试" },
  exported: { en: "Return it to New Day and try again.", zh: "请先退回 New Day 再重试" },
};
const GRANT: Message = {
  en: "Grant the owner another one if one is missing: POST /api/v1/items/grants.",
  zh: "如持有人缺少，请另行发放：POST /api/v1/items/grants",
};

function movedOn(
  stayed: ItemRow,
  { restored, adoptedQuantity }: Pick<UnmergeItemPayload, "restored" | "adoptedQuantity">,
) {
  const { id, state, ownerId, quantity } = stayed;
  if (state !== "owned")
    return refuse(
      { en: `${id} is ${state} now`, zh: `${id} 现在的状态是 ${state}` },
      WAYS_BACK[state] ?? GRANT,
    );
  if (ownerId !== restored.ownerId)
    return refuse(
      { en: `${id} belongs to ${ownerId} now`, zh: `${id} 现在属于 ${ownerId}` },
      GRANT,
    );
  if (quantity !== adoptedQuantity)
    return refuse(
      {
        en: `of ${id} there are ${quantity} left of ${adoptedQuantity}`,
        zh: `${id} 原有 ${adoptedQuantity} 个，现剩 ${quantity} 个`,
      },
      GRANT,
    );
  return undefined;
}

function refuse(rule: Message, remedy: Message): Refusal {
  return {
    refuse: "merge_moved_on",
    details: { field: "id", rule, remedy },
  };
}
