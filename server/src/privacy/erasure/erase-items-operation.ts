/** Passes items of an erased user on to the name that replaces them; what they still own is retired. */
import type { DecisionContext, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey, type RowChange } from "../../engine/resource.ts";
import { acceptedGifts } from "../../items/gifts/gift-limits.ts";
import { items, moveItem, type ItemRow, type ItemState } from "../../items/items/item-rows.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface EraseItemsPayload {
  readonly userId: string;
  readonly erasedAs: string;
  readonly itemIds: readonly string[];
}

/** States that end an item; the others become `retired`. */
const ENDED: ReadonlySet<ItemState> = new Set(["used", "retired"]);

export const eraseItemsOperation = defineOperationType<EraseItemsPayload>()({
  name: "erase_items",
  readWriteSet: ({ itemIds }) => itemIds.map((id) => rowKey(items, id)),
  decide({ userId, erasedAs, itemIds, ...unread }, view, context) {
    unread satisfies NothingElse;
    const rows = view.getAll(items, itemIds).flatMap((row) => row ?? []);
    const person = { userId, erasedAs };
    const moved = rows.flatMap((item) => {
      const after = withoutPerson(item, person, context);
      return after ? [change(items, item.id, after)] : [];
    });
    return {
      changes: [...moved, ...takenGifts(view, rows, userId)],
      overrides: ["platform", "operator", "audit", "erasure"],
    };
  },
});

/** An unanswered gift goes back to its giver; one that the user gave is its receiver's. */
function withoutPerson(
  item: ItemRow,
  { userId, erasedAs }: Pick<EraseItemsPayload, "userId" | "erasedAs">,
  context: DecisionContext,
): ItemRow | undefined {
  const isGiver = item.giftFrom === userId;
  if (item.ownerId !== userId)
    return isGiver ? moveItem(item, {}, { action: "accept", context }) : undefined;
  if (item.giftFrom !== null && !isGiver)
    return moveItem(item, { ownerId: item.giftFrom }, { action: "decline", context });
  const state = ENDED.has(item.state) ? item.state : "retired";
  return moveItem(item, { ownerId: erasedAs, state }, { action: "erase", context });
}

/** The counters of waiting gifts of their receivers. */
function takenGifts(view: View, rows: readonly ItemRow[], userId: string): RowChange[] {
  const given = rows.filter((item) => item.giftFrom === userId && item.ownerId !== userId);
  const receivers = new Set(given.map(({ ownerId }) => ownerId));
  return [...receivers].flatMap((receiver) =>
    acceptedGifts(
      view,
      given.filter(({ ownerId }) => ownerId === receiver),
    ),
  );
}
