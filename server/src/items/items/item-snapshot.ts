/**
 * An item as a posting left it. It is kept in the posting's result, so that a repeated request answers the
 * item as the first answer did, whatever has become of the item since.
 */
import { requireItem } from "./require-item.ts";
import type { Queryable } from "../../db/database.ts";
import { findDefinitionAt } from "./field-changes.ts";
import { findDefinition, type Item } from "./item-queries.ts";
import type { ItemRow, ItemState } from "./item-rows.ts";

/** The members that later postings change; the others are constant. */
type ItemSnapshot = {
  readonly userId: string;
  readonly state: ItemState;
  readonly quantity: string;
  readonly version: string;
  readonly obtainedFrom: string | null;
  readonly obtainedAt: string;
  readonly giftFrom: string | null;
  /** Absent in results of earlier releases. */
  readonly locked?: boolean;
};

/** A result that names an item; results of earlier releases lack the item itself. */
export type ItemResult = { readonly itemId: string; readonly item?: ItemSnapshot };

export function itemResult(row: ItemRow): Required<ItemResult> {
  const { id: itemId, ownerId: userId, state, obtainedFrom, giftFrom, locked } = row;
  const [quantity, version] = [`${row.quantity}`, `${row.version}`];
  const obtainedAt = row.obtainedAt.toISOString();
  const item = { userId, state, quantity, version, obtainedFrom, obtainedAt, giftFrom, locked };
  return { itemId, item };
}

/** The item of a result as its posting left it; of a result without it, as it is now. */
export async function requireItemOf(
  services: { readonly db: Queryable },
  { itemId, item }: ItemResult,
): Promise<Item> {
  const now = await requireItem(services, itemId);
  if (!item) return now;
  return {
    ...now,
    ...(await factsAt(services.db, now, BigInt(item.version))),
    ownerId: item.userId,
    state: item.state,
    quantity: BigInt(item.quantity),
    version: BigInt(item.version),
    obtainedFrom: item.obtainedFrom,
    obtainedAt: new Date(item.obtainedAt),
    giftFrom: item.giftFrom,
    locked: now.locked && (item.locked ?? false),
  };
}

/** What later changes of its fields have replaced; a common item never changes. */
async function factsAt(db: Queryable, item: Item, version: bigint): Promise<Partial<Item>> {
  if (!item.ownType || item.version === version) return {};
  const definitionId = await findDefinitionAt(db, item.id, version);
  if (definitionId === undefined) return {};
  return { ...(await findDefinition(db, definitionId)), definitionId };
}
