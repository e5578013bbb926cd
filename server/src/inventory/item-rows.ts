/**
 * Items as the posting engine sees them, and the few ways in which one may change.
 *
 * Nothing is ever deleted: an item is issued once, then moves between owners and states, or is
 * split. Every change adds a row to its history in the same transaction, so that the quantities of
 * all items of a definition always equal what was issued of it.
 */
import type { BoundStatement, Queryable } from "../db/database.ts";
import { bigintArray, plainArray, textArray } from "../ledger/array-parameters.ts";
import type { DecisionContext } from "../ledger/engine/operation.ts";
import type { Change, Resource } from "../ledger/engine/resource.ts";
import {
  insertHistory, insertItems, readItems, requireItems, updateItems,
} from "./item-queries.ts"; // prettier-ignore

/** `offered`: shown to one player by an adventure, not his yet. */
export type ItemState = "offered" | "owned" | "escrowed" | "exported" | "used" | "retired";

/** What an item's history calls a change. */
export type ItemAction =
  | "import" | "grant" | "purchase" | "gift" | "export" | "return" | "use" | "list" | "cancel"
  | "split" | "craft" | "adopt" | "unmerge"; // prettier-ignore

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
  /** The listing it was bought from, so that its buyer can name it by that id. */
  readonly listingId: string | null;
  readonly obtainedAt: Date;
  /** Changes of this batch that are not stored yet. */
  readonly pending: readonly ItemEvent[];
}

interface ItemEvent {
  readonly version: bigint;
  readonly transferId: string;
  readonly action: ItemAction;
  readonly ownerId: string;
  readonly state: ItemState;
  readonly quantity: bigint;
  readonly quantityChange: bigint;
  readonly issued: bigint;
}

/** What may be said about an item that comes into existence or changes hands. */
export type ItemPatch = Partial<
  Pick<ItemRow, "ownerId" | "state" | "quantity" | "obtainedFrom" | "listingId" | "obtainedAt">
>;

export type NewItem = Pick<ItemRow, "id" | "ownerId" | "definitionId" | "quantity"> &
  Partial<Pick<ItemRow, "source" | "externalId" | "allinoneItemId" | "obtainedFrom" | "listingId">>;

interface Step {
  readonly action: ItemAction;
  readonly context: DecisionContext;
}

/** A new item, owned at once. */
export function issueItem(item: NewItem, { action, context }: Step): ItemRow {
  return record(
    {
      obtainedFrom: null,
      source: null,
      externalId: null,
      allinoneItemId: null,
      listingId: null,
      ...item,
      state: "owned",
      version: 0n,
      obtainedAt: context.now,
      pending: [],
    },
    { action, context, quantityChange: item.quantity, issued: item.quantity },
  );
}

/** The item after a move; its quantity stays. */
export function moveItem(item: ItemRow, patch: Omit<ItemPatch, "quantity">, step: Step): ItemRow {
  return record({ ...item, ...patch }, { ...step, quantityChange: 0n, issued: 0n });
}

/**
 * Takes `quantity` out of a larger stack: what remains, and the part as an item of its own with the
 * same provenance. Throws when the stack is not larger: that is a move, and a fault of the caller.
 */
export function splitItem(
  item: ItemRow,
  part: { id: string; quantity: bigint } & Omit<ItemPatch, "quantity">,
  { action, context }: Step,
): { rest: ItemRow; part: ItemRow } {
  if (part.quantity <= 0n || part.quantity >= item.quantity)
    throw new Error("a split takes some of a stack, never all of it");
  const rest = { ...item, quantity: item.quantity - part.quantity };
  const change = { context, issued: 0n };
  return {
    rest: record(rest, { ...change, action: "split", quantityChange: -part.quantity }),
    part: record(
      { ...item, ...part, version: 0n, pending: [] },
      { ...change, action, quantityChange: part.quantity },
    ),
  };
}

function record(
  row: ItemRow,
  { context, ...event }: Step & Pick<ItemEvent, "quantityChange" | "issued">,
): ItemRow {
  const version = row.version + 1n;
  const { ownerId, state, quantity } = row;
  const { transferId } = context;
  return {
    ...row,
    version,
    pending: [...row.pending, { ...event, version, transferId, ownerId, state, quantity }],
  };
}

/** By item id. */
export const items: Resource<string, ItemRow> = {
  name: "items",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<Omit<ItemRow, "pending">>(readItems(lock), [textArray(ids)]);
    return new Map(rows.map((row) => [row.id, { ...row, pending: [] }]));
  },
  write(changes: readonly Change<string, ItemRow>[]): BoundStatement[] {
    const inserted = changes.filter(({ before }) => before === undefined);
    const updated = changes.filter(({ before }) => before !== undefined);
    return [
      ...(updated.length > 0 ? [update(updated)] : []),
      ...(inserted.length > 0 ? [insert(inserted.map(({ after }) => after))] : []),
      history(changes.map(({ after }) => after)),
    ];
  },
  remembered: ({ after }) => ({ ...after, pending: [] }),
  requireAsRead: (rows) => ({
    statement: requireItems,
    values: [
      textArray(rows.map(({ id }) => id)),
      bigintArray(rows.map(({ row }) => row?.version ?? 0n)),
    ],
  }),
};

function update(changes: readonly Change<string, ItemRow>[]): BoundStatement {
  return {
    statement: updateItems,
    values: [
      textArray(changes.map(({ id }) => id)),
      plainArray(changes.map(({ before }) => before?.version ?? 0n)),
      plainArray(changes.map(({ after }) => after.version)),
      textArray(changes.map(({ after }) => after.ownerId)),
      plainArray(changes.map(({ after }) => after.state)),
      plainArray(changes.map(({ after }) => after.quantity)),
      textArray(changes.map(({ after }) => after.obtainedFrom)),
      textArray(changes.map(({ after }) => after.listingId)),
      textArray(changes.map(({ after }) => after.obtainedAt.toISOString())),
      changes.length,
    ],
  };
}

function insert(rows: readonly ItemRow[]): BoundStatement {
  return {
    statement: insertItems,
    values: [
      textArray(rows.map(({ id }) => id)),
      textArray(rows.map(({ ownerId }) => ownerId)),
      plainArray(rows.map(({ definitionId }) => definitionId)),
      plainArray(rows.map(({ state }) => state)),
      plainArray(rows.map(({ quantity }) => quantity)),
      plainArray(rows.map(({ version }) => version)),
      textArray(rows.map(({ obtainedFrom }) => obtainedFrom)),
      textArray(rows.map(({ source }) => source)),
      textArray(rows.map(({ externalId }) => externalId)),
      textArray(rows.map(({ allinoneItemId }) => allinoneItemId)),
      textArray(rows.map(({ listingId }) => listingId)),
      textArray(rows.map(({ obtainedAt }) => obtainedAt.toISOString())),
    ],
  };
}

function history(rows: readonly ItemRow[]): BoundStatement {
  const events = rows.flatMap(({ id, pending }) => pending.map((event) => ({ id, ...event })));
  return {
    statement: insertHistory,
    values: [
      textArray(events.map(({ id }) => id)),
      plainArray(events.map(({ version }) => version)),
      plainArray(events.map(({ transferId }) => transferId)),
      plainArray(events.map(({ action }) => action)),
      textArray(events.map(({ ownerId }) => ownerId)),
      plainArray(events.map(({ state }) => state)),
      plainArray(events.map(({ quantity }) => quantity)),
      plainArray(events.map(({ quantityChange }) => quantityChange)),
      plainArray(events.map(({ issued }) => issued)),
    ],
  };
}
