/**
 * Crafting: items and money in, items out, in one posting or unchanged.
 *
 * The recipe's version is constant, so it travels in the payload. The used stacks are chosen here,
 * from those that the user still has: a stack that another request took meanwhile is skipped. A
 * used item keeps its row in state `used`; a product is issued anew, and locked if an ingredient was.
 */
import { NewDayError } from "../../errors/errors.ts";
import type { DecisionContext, JsonObject, Leg, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey, type RowChange } from "../../engine/resource.ts";
import { accounts } from "../../ledger/accounts/accounts.ts";
import { acceptedGifts } from "../gifts/gift-limits.ts";
import {
  issueItem,
  items,
  moveItem,
  splitItem,
  type ItemRow,
  type NewItem,
} from "../items/item-rows.ts";
import type { NothingElse, WithOnly } from "../../lib/nothing-else.ts";

interface Need {
  readonly definitionId: string;
  readonly quantity: bigint;
  /** The user's stacks at the time of reading, in order of use. */
  readonly itemIds: readonly string[];
  /** Whether the user had more stacks than are named. */
  readonly more: boolean;
  /** Id of the part, should a stack be split; only the last one of a definition is. */
  readonly partId: string;
}

/** Members that the rule reads; `more` is of the refusal. */
type NeedMember = "definitionId" | "quantity" | "itemIds" | "more" | "partId";

export interface CraftPayload {
  readonly userId: string;
  /** Each definition once. */
  readonly needs: readonly Need[];
  readonly makes: readonly NewItem[];
  /** From the user to the platform's fees. */
  readonly legs: readonly Leg[];
}

/** How many of an item were used up or made. */
export type CraftPart = {
  readonly itemId: string;
  readonly quantity: string;
};

export type CraftResult = {
  readonly used: readonly CraftPart[];
  readonly made: readonly CraftPart[];
};

export const craftOperation = defineOperationType<CraftPayload, CraftResult>()({
  name: "craft",
  readWriteSet: ({ needs, makes, legs }) => [
    ...legs.map(({ account }) => rowKey(accounts, account)),
    ...needs.flatMap(({ itemIds, partId }) => [...itemIds, partId].map((id) => rowKey(items, id))),
    ...makes.map(({ id }) => rowKey(items, id)),
  ],
  decide({ userId, needs, makes, legs, ...unread }, view, context) {
    unread satisfies NothingElse;
    const step = { action: "craft" as const, context };
    const changes: RowChange[] = [];
    const used: CraftPart[] = [];
    const from: ItemRow[] = [];
    for (const need of needs) {
      const taken = takeFrom(need, userId, { view, context });
      if (taken.left > 0n) return shortOf(need, taken.left);
      changes.push(...taken.changes);
      used.push(...taken.used);
      from.push(...taken.from);
    }
    changes.push(...acceptedGifts(view, from));
    const locked = from.some((item) => item.locked);
    for (const item of makes)
      changes.push(change(items, item.id, issueItem({ ...item, locked }, step)));
    const made = makes.map(({ id, quantity }) => ({ itemId: id, quantity: `${quantity}` }));
    return { legs, changes, result: { used, made } };
  },
});

function takeFrom(
  { definitionId, quantity, itemIds, partId }: WithOnly<Need, NeedMember>,
  userId: string,
  { view, context }: { readonly view: View; readonly context: DecisionContext },
) {
  const step = { action: "craft" as const, context };
  const changes: RowChange[] = [];
  const used: CraftPart[] = [];
  const from: ItemRow[] = [];
  let left = quantity;
  for (const itemId of itemIds) {
    if (left === 0n) break;
    const item = view.get(items, itemId);
    if (item?.ownerId !== userId || item.definitionId !== definitionId) continue;
    if (item.state !== "owned") continue;
    const part = item.quantity < left ? item.quantity : left;
    if (part === item.quantity)
      changes.push(change(items, itemId, moveItem(item, { state: "used" }, step)));
    else {
      const split = splitItem(item, { id: partId, quantity: part, state: "used" }, step);
      changes.push(change(items, itemId, split.rest), change(items, partId, split.part));
    }
    used.push({ itemId, quantity: `${part}` });
    from.push(item);
    left -= part;
  }
  return { changes, used, from, left };
}

/** Throws `database_busy` when further stacks may exist: only a later read can tell. */
function shortOf({ definitionId, quantity, more }: Need, left: bigint) {
  if (more) throw new NewDayError("database_busy");
  const details = lacking(definitionId, { wanted: quantity, left });
  return { refuse: "item_not_found" as const, details };
}

/** The refusal for too few items of a definition. */
export function lacking(
  definitionId: string,
  { wanted, left }: { readonly wanted: bigint; readonly left: bigint },
): JsonObject {
  return {
    field: "userId",
    rule: {
      en: `lacks ${left} of ${wanted} items of the definition ${definitionId}`,
      zh: `所需 ${wanted} 个道具（定义 ${definitionId}）尚缺 ${left} 个`,
    },
    definitionId,
  };
}
