/**
 * Gift and export: an item, or a part of a stack, leaves a user's hands (docs/contract.md 4.3).
 *
 * A repeated request is refused with `already_transferred` and the first transfer's id, which the
 * caller answers as a success: the real export button sends every export twice.
 */
import type { DecisionContext, Refusal, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey, type RowChange } from "../../engine/resource.ts";
import { acceptedGifts, countGift, giftRowKeys, type Gift } from "./gift-limits.ts";
import { refuseLocked, refuseUnlessOwned, tooMany } from "../items/item-refusals.ts";
import { items, moveItem, splitItem, type ItemRow, type ItemState } from "../items/item-rows.ts";
import { itemResult, type ItemResult } from "../items/item-snapshot.ts";
import { itemReceipts, requestId } from "../items/receipts.ts";
import type { WithOnly } from "../../lib/nothing-else.ts";

/**
 * For a stack with a rest, the same request within this time is a replay. A new idempotency key
 * means a new transfer.
 */
const STACK_REPLAY_MS = 30_000;

export interface TransferItemPayload {
  readonly userId: string;
  readonly itemId: string;
  /** Id of the part, should a stack be split. */
  readonly newItemId: string;
  readonly quantity: bigint;
  readonly to: { readonly user: string } | { readonly platform: string };
  /** True for an export to the owner's own platform, where a locked item may go. */
  readonly mayBeLocked: boolean;
  /** True when the request has an idempotency key. */
  readonly keyed: boolean;
  /** Limits of a gift from one user to another; null: an export, or a gift by a platform's key. */
  readonly gift: Gift | null;
}

/** The word for the target in a request's id. */
export function targetOf({ to }: Pick<TransferItemPayload, "to">): string {
  return "user" in to ? `user:${to.user}` : `platform:${to.platform}`;
}

function requestOf(payload: TransferItemPayload): string {
  return requestId(payload.userId, payload.itemId, targetOf(payload));
}

export type ItemMoveResult = ItemResult & {
  /** What moved. */
  readonly quantity: string;
  /** What is left of the stack. */
  readonly remaining: string;
};

/** Members that the rule reads. */
type ReadMember =
  | "userId"
  | "itemId"
  | "newItemId"
  | "quantity"
  | "to"
  | "mayBeLocked"
  | "keyed"
  | "gift";

export const transferItemOperation = defineOperationType<TransferItemPayload, ItemMoveResult>()({
  name: "item_transfer",
  readWriteSet: (payload) => [
    rowKey(items, payload.itemId),
    rowKey(items, payload.newItemId),
    rowKey(itemReceipts, requestOf(payload)),
    ...(payload.gift ? giftRowKeys(payload.gift) : []),
  ],
  decide(payload: WithOnly<TransferItemPayload, ReadMember>, view, context) {
    const item = view.get(items, payload.itemId);
    const replay = replayOf(payload, item, { view, context });
    if (replay) return replay;
    if (!item || item.ownerId !== payload.userId) return { refuse: "item_not_found" };
    const refusal =
      refuseUnlessOwned(item) ?? (payload.mayBeLocked ? undefined : refuseLocked(view, item));
    if (refusal) return refusal;
    const { quantity } = payload;
    if (quantity > item.quantity) return tooMany(item);
    const counted = payload.gift ? countGift(view, payload.gift) : [];
    if ("refuse" in counted) return counted;
    const { changes, result } = leave(payload, { item, quantity }, { view, context });
    return { changes: [...counted, ...acceptedGifts(view, [item]), ...changes], result };
  },
});

interface Situation {
  readonly view: View;
  readonly context: DecisionContext;
}

function replayOf(
  payload: TransferItemPayload,
  item: ItemRow | undefined,
  { view, context }: Situation,
): Refusal | undefined {
  const last = view.get(itemReceipts, requestOf(payload));
  if (!last) return undefined;
  const inHand = item?.ownerId === payload.userId && item.state === "owned";
  const wasPart = last.itemId !== payload.itemId;
  const recent = context.now.getTime() - last.createdAt.getTime() < STACK_REPLAY_MS;
  const samePart = !payload.keyed && wasPart && recent && last.quantity === payload.quantity;
  if (inHand && !samePart) return undefined;
  return {
    refuse: "already_transferred",
    details: {
      transferId: last.transferId,
      itemId: last.itemId,
      remaining: `${wasPart ? (item?.quantity ?? 0n) : 0n}`,
    },
  };
}

function leave(
  payload: TransferItemPayload,
  { item, quantity }: { item: ItemRow; quantity: bigint },
  { view, context }: Situation,
) {
  const patch = patchFor(payload, context);
  const step = { action: "user" in payload.to ? ("gift" as const) : ("export" as const), context };
  const whole = quantity === item.quantity;
  const { left, changes } = whole
    ? leaveWhole(moveItem(item, patch, step))
    : splitOff(item, { id: payload.newItemId, quantity, ...patch }, step);
  const request = requestOf(payload);
  const receipt = {
    request,
    sequence: (view.get(itemReceipts, request)?.sequence ?? 0n) + 1n,
    transferId: context.transferId,
    itemId: left.id,
    quantity,
    createdAt: context.now,
  };
  return {
    changes: [...changes, change(itemReceipts, request, receipt)],
    result: {
      ...itemResult(left),
      quantity: `${quantity}`,
      remaining: `${item.quantity - quantity}`,
    },
  };
}

interface Leaving {
  readonly left: ItemRow;
  readonly changes: RowChange[];
}

function leaveWhole(left: ItemRow): Leaving {
  return { left, changes: [change(items, left.id, left)] };
}

function splitOff(
  item: ItemRow,
  wanted: Parameters<typeof splitItem>[1],
  step: Parameters<typeof splitItem>[2],
): Leaving {
  const { rest, part } = splitItem(item, wanted, step);
  return { left: part, changes: [change(items, item.id, rest), change(items, part.id, part)] };
}

function patchFor({ to, gift }: TransferItemPayload, { now }: DecisionContext) {
  if ("platform" in to) return { state: "exported" as ItemState };
  const giftFrom = gift?.giverId ?? null;
  return { ownerId: to.user, obtainedFrom: "gift", listingId: null, obtainedAt: now, giftFrom };
}
