/**
 * Items as the posting engine sees them, and the allowed changes.
 *
 * Rows stay for ever: an item is issued once, then moves between owners and states, or is split.
 * Every change adds a row to its history in the same transaction. So the quantities of a
 * definition's items always equal the issued ones.
 */
import type { Queryable } from "../../db/database.ts";
import { textArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import type { DecisionContext } from "../../engine/operation.ts";
import { writeChanges, type Resource } from "../../engine/resource.ts";
import type { WithOnly } from "../../lib/nothing-else.ts";
import {
  insertHistory,
  insertItems,
  readItems,
  requireItems,
  updateItems,
} from "./item-queries.ts";

/** `offered`: shown to one player by an adventure, before a purchase. */
export const ITEM_STATES = ["offered", "owned", "escrowed", "exported", "used", "retired"] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** The names of changes in an item's history. */
export type ItemAction =
  | "import"
  | "grant"
  | "purchase"
  | "gift"
  | "accept"
  | "decline"
  | "export"
  | "return"
  | "use"
  | "list"
  | "cancel"
  | "split"
  | "craft"
  | "adopt"
  | "unmerge"
  | "refund"
  | "erase"
  | "confiscate"
  | "give-back"
  | "change";

export interface ItemRow {
  readonly id: string;
  readonly ownerId: string;
  readonly definitionId: string;
  readonly state: ItemState;
  readonly quantity: bigint;
  /** Number of rows in its history. */
  readonly version: bigint;
  readonly obtainedFrom: string | null;
  readonly source: string | null;
  readonly externalId: string | null;
  readonly allinoneItemId: string | null;
  /** The listing of its purchase, so that its buyer can name it by that id. */
  readonly listingId: string | null;
  readonly obtainedAt: Date;
  /** The user whose gift it is, until its owner accepts or declines it, or acts on it. */
  readonly giftFrom: string | null;
  /** Bought with locked coins: it is not passed on while its owner is unverified. */
  readonly locked: boolean;
  /** Changes of this batch that are still to be stored. */
  readonly pending: readonly ItemEvent[];
}

export interface ItemEvent {
  readonly itemId: string;
  readonly version: bigint;
  readonly transferId: string;
  readonly action: ItemAction;
  readonly ownerId: string;
  readonly state: ItemState;
  readonly quantity: bigint;
  readonly quantityChange: bigint;
  readonly issued: bigint;
}

/** Facts of an item's issue or move. */
export type ItemPatch = Partial<
  Pick<
    ItemRow,
    | "ownerId"
    | "definitionId"
    | "state"
    | "quantity"
    | "obtainedFrom"
    | "listingId"
    | "obtainedAt"
    | "giftFrom"
    | "locked"
  >
>;

export type NewItem = Pick<ItemRow, "id" | "ownerId" | "definitionId" | "quantity"> &
  Partial<
    Pick<
      ItemRow,
      "source" | "externalId" | "allinoneItemId" | "obtainedFrom" | "listingId" | "locked"
    >
  >;

interface Step {
  readonly action: ItemAction;
  readonly context: DecisionContext;
}

/** Members that an issue stores. */
type IssuedMember =
  | "id"
  | "ownerId"
  | "definitionId"
  | "quantity"
  | "source"
  | "externalId"
  | "allinoneItemId"
  | "obtainedFrom"
  | "listingId"
  | "locked";

/** A new item, owned at once. */
export function issueItem(
  item: WithOnly<NewItem, IssuedMember>,
  { action, context }: Step,
): ItemRow {
  const issued: ItemRow = {
    id: item.id,
    ownerId: item.ownerId,
    definitionId: item.definitionId,
    state: "owned",
    quantity: item.quantity,
    version: 0n,
    obtainedFrom: item.obtainedFrom ?? null,
    source: item.source ?? null,
    externalId: item.externalId ?? null,
    allinoneItemId: item.allinoneItemId ?? null,
    listingId: item.listingId ?? null,
    obtainedAt: context.now,
    giftFrom: null,
    locked: item.locked ?? false,
    pending: NOTHING_PENDING,
  };
  const { quantity } = item;
  return record(issued, {}, { action, context, quantityChange: quantity, issued: quantity });
}

/** The item after a move; its quantity stays. */
export function moveItem(item: ItemRow, patch: Omit<ItemPatch, "quantity">, step: Step): ItemRow {
  const { action, context } = step;
  return record(item, patch, { action, context, quantityChange: 0n, issued: 0n });
}

/**
 * Takes `quantity` out of a larger stack: returns the rest, and the part as an item of its own with
 * the same provenance. Throws for a stack of that size: that is a move, and an internal fault.
 */
export function splitItem(
  item: ItemRow,
  part: { id: string; quantity: bigint } & Omit<ItemPatch, "quantity">,
  { action, context }: Step,
): { rest: ItemRow; part: ItemRow } {
  const { id, quantity } = part;
  if (quantity <= 0n || quantity >= item.quantity)
    throw new Error("a split takes some of a stack, never all of it");
  const left = { quantity: item.quantity - quantity };
  const taken = { action: "split" as const, context, quantityChange: -quantity, issued: 0n };
  const given = { action, context, quantityChange: quantity, issued: 0n };
  return {
    rest: record(item, left, taken),
    part: record(item, part, given, { id, version: 0n, pending: NOTHING_PENDING }),
  };
}

const NOTHING_PENDING: readonly ItemEvent[] = [];

/**
 * The row after one more step of its history, or of that of `origin`. Every member is written out,
 * because copying whole rows was the most expensive part of deciding a purchase.
 */
function record(
  row: ItemRow,
  patch: ItemPatch,
  { action, context, quantityChange, issued }: Step & Pick<ItemEvent, "quantityChange" | "issued">,
  origin: Pick<ItemRow, "id" | "version" | "pending"> = row,
): ItemRow {
  const { id } = origin;
  const version = origin.version + 1n;
  const { ownerId = row.ownerId, state = row.state, quantity = row.quantity } = patch;
  const { obtainedFrom = row.obtainedFrom, listingId = row.listingId } = patch;
  // Whatever else is done with a gift accepts it.
  const { obtainedAt = row.obtainedAt, giftFrom = null } = patch;
  // A lock is its owner's: an item that may be passed on is passed on without.
  const { locked = row.locked && ownerId === row.ownerId } = patch;
  const { definitionId = row.definitionId } = patch;
  const { source, externalId, allinoneItemId } = row;
  const { transferId } = context;
  const event: ItemEvent = {
    itemId: id,
    version,
    transferId,
    action,
    ownerId,
    state,
    quantity,
    quantityChange,
    issued,
  };
  const pending = origin.pending.length === 0 ? [event] : [...origin.pending, event];
  return {
    id,
    ownerId,
    definitionId,
    state,
    quantity,
    version,
    obtainedFrom,
    source,
    externalId,
    allinoneItemId,
    listingId,
    obtainedAt,
    giftFrom,
    locked,
    pending,
  };
}

/** The row as stored: its history is written. */
function withoutPending(row: Omit<ItemRow, "pending">): ItemRow {
  const { id, ownerId, definitionId, state, quantity, version, obtainedFrom, source } = row;
  const { externalId, allinoneItemId, listingId, obtainedAt, giftFrom, locked } = row;
  return {
    id,
    ownerId,
    definitionId,
    state,
    quantity,
    version,
    obtainedFrom,
    source,
    externalId,
    allinoneItemId,
    listingId,
    obtainedAt,
    giftFrom,
    locked,
    pending: NOTHING_PENDING,
  };
}

/** By item id. */
export const items: Resource<string, ItemRow> = {
  name: "items",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<Omit<ItemRow, "pending">>(readItems(lock), [textArray(ids)]);
    return new Map(rows.map((row) => [row.id, withoutPending(row)]));
  },
  write: (changes) => [
    ...writeChanges(changes, {
      update: (updates) => bindRows(updateItems, updates, updates.length),
      insert: (rows) => bindRows(insertItems, rows),
    }),
    bindRows(
      insertHistory,
      changes.flatMap(({ after }) => after.pending),
    ),
  ],
  rowToCache: ({ after }) => withoutPending(after),
  requireAsRead: (rows) => bindRows(requireItems, rows),
};
