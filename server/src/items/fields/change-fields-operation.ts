/** Changes the fields of an item in hand: a stack is changed as a whole. */
import { NewDayError } from "../../errors/errors.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, insert, rowKey } from "../../engine/resource.ts";
import { refuseUnlessOwned } from "../items/item-refusals.ts";
import { items, moveItem } from "../items/item-rows.ts";
import { itemResult, type ItemResult } from "../items/item-snapshot.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import { fieldChanges } from "../items/field-changes.ts";

export interface ChangeFieldsPayload {
  readonly itemId: string;
  /** The user for whom the caller may act. */
  readonly ownerId: string;
  /** The definition from which `definitionAfter` was made. */
  readonly definitionBefore: string;
  readonly definitionAfter: string;
  /** Of an If-Match header; null: whichever it is. */
  readonly version: bigint | null;
}

export const changeFieldsOperation = defineOperationType<ChangeFieldsPayload, ItemResult>()({
  name: "item_change",
  readWriteSet: ({ itemId }) => [rowKey(items, itemId)],
  decide({ itemId, ownerId, version, ...definitions }, view, context) {
    const { definitionBefore, definitionAfter, ...unread } = definitions;
    unread satisfies NothingElse;
    const item = view.get(items, itemId);
    if (!item || item.ownerId !== ownerId) return { refuse: "item_not_found" };
    const refusal = refuseUnlessOwned(item);
    if (refusal) return refusal;
    if (version !== null && item.version !== version)
      return { refuse: "precondition_failed", details: { field: "If-Match" } };
    // Another change came first: only a new reading gives the right fields.
    if (item.definitionId !== definitionBefore) throw new NewDayError("database_busy");
    // A waiting gift goes on waiting: its receiver has not acted.
    const patch = { definitionId: definitionAfter, giftFrom: item.giftFrom };
    const changed = moveItem(item, patch, { action: "change", context });
    const row = { itemId, version: changed.version, definitionBefore, definitionAfter };
    return {
      changes: [change(items, itemId, changed), insert(fieldChanges, context.transferId, row)],
      result: itemResult(changed),
    };
  },
});
