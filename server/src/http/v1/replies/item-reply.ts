/** Items as /api/v1 shows them, within the caller's authorization scope. */
import type { Static } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import type { ItemEventRow } from "../../../items/items/item-page-queries.ts";
import { findItem, type Item, type ItemFacts } from "../../../items/items/item-queries.ts";
import type { ItemMoveResult } from "../../../items/gifts/transfer-item-operation.ts";
import type { PostedOutcome } from "../../../engine/operation.ts";
import { requireItemOf, type ItemResult } from "../../../items/items/item-snapshot.ts";
import type { Caller } from "../app/caller.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import type { ItemEventSchema, ItemMove, ItemSchema } from "../schemas/schemas-items.ts";
import type { Services } from "../../context/services.ts";

/** Errors: `item_not_found`, also for items of users outside the caller's scope. */
export async function requireReachableItem(
  { db, directory }: Services,
  caller: Caller,
  id: string,
  field = "id",
): Promise<Item> {
  const item = await findItem(db, id);
  const owner = item && (await directory.findWallet(item.ownerId));
  if (!item || !owner || !isWithinReach(caller, owner))
    throw new NewDayError("item_not_found", {
      field,
      rule: { en: "names no item that this caller can reach", zh: "不是此调用方可访问的道具" },
    });
  return item;
}

export function toFacts({ name, description, itemType, rarity, ...more }: ItemFacts) {
  const { stats, icon, imageUrl, ownType, ownRarity, fields } = more;
  return {
    name,
    description,
    type: ownType ?? itemType,
    rarity: ownRarity ?? rarity,
    baseType: itemType,
    baseRarity: rarity,
    fields: { ...fields },
    stats: stats === null ? null : { ...stats },
    icon,
    imageUrl,
  };
}

export function toItem(row: Item): Static<typeof ItemSchema> {
  return {
    id: row.id,
    userId: row.ownerId,
    state: row.state,
    quantity: Number(row.quantity),
    ...toFacts(row),
    definitionId: row.definitionId,
    obtainedFrom: row.obtainedFrom,
    externalId: row.externalId,
    giftFrom: row.giftFrom,
    locked: row.locked,
    version: `${row.version}`,
    obtainedAt: row.obtainedAt.toISOString(),
  };
}

export function toItemEvent(
  row: ItemEventRow,
  { showsOwner }: { readonly showsOwner: boolean },
): Static<typeof ItemEventSchema> {
  return {
    version: `${row.version}`,
    action: row.action,
    ...(showsOwner ? { userId: row.ownerId } : {}),
    state: row.state,
    quantity: Number(row.quantity),
    quantityChange: Number(row.quantityChange),
    ...(row.fieldsAfter ? { fields: { ...row.fieldsAfter } } : {}),
    ...(row.fieldsBefore ? { fieldsBefore: { ...row.fieldsBefore } } : {}),
    transferId: row.transferId,
    recordedAt: row.recordedAt.toISOString(),
  };
}

/** `remaining` of those that can take a part of a stack. */
type MovedItem = ItemResult & Partial<ItemMoveResult>;

/** The reply of a posted operation whose result names the item that moved. */
export async function toItemMove(
  services: Services,
  { transferId, result, recordedAt, replayed }: PostedOutcome<MovedItem>,
): Promise<Static<typeof ItemMove>> {
  const { remaining } = result;
  return {
    transferId,
    item: toItem(await requireItemOf(services, result)),
    ...(remaining === undefined ? {} : { remaining: Number(remaining) }),
    recordedAt: recordedAt.toISOString(),
    replayed,
  };
}
