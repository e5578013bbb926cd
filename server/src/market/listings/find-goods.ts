/** Finds what a seller of the older surfaces lists (docs/contract.md 5.2). */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { defineItem } from "../../items/items/definitions.ts";
import { findItemsByAnyId, findOldestOwnedItem } from "../../items/items/item-queries.ts";
import { ICONS, type ItemType } from "../../items/items/item-vocabulary.ts";
import type { Prices } from "../prices/prices.ts";
import type { NewListing } from "./list-item.ts";

export interface ListRequest {
  readonly sellerId: string;
  readonly sellerName: string;
  readonly platform: string;
  /** The item in any form of its id; undefined: the oldest one in hand with this name and type. */
  readonly itemId: string | undefined;
  readonly name: string;
  readonly description: string;
  /** The item in hand has one of them; a declared item has the first. */
  readonly itemTypes: readonly [ItemType, ...ItemType[]];
  readonly imageUrl: string | null;
  readonly prices: Prices;
  readonly quantity: number;
  readonly expiresAt: Date | undefined;
}

/**
 * An item that the seller does not own is listed as declared: common, with empty stats. Errors:
 * `item_not_found` for an id that names none.
 */
export async function resolveListing(db: Queryable, request: ListRequest): Promise<NewListing> {
  const { sellerId, sellerName, platform, prices, quantity, expiresAt } = request;
  return {
    goods: await findGoods(db, request),
    seller: { userId: sellerId, name: sellerName },
    platform,
    prices,
    quantity,
    startsAt: null,
    endsAt: expiresAt,
    endField: "expiresAt",
  };
}

async function findGoods(db: Queryable, request: ListRequest): Promise<NewListing["goods"]> {
  const { sellerId, itemId, name, description, itemTypes, imageUrl } = request;
  if (itemId !== undefined) {
    const [item] = await findItemsByAnyId(db, sellerId, itemId);
    if (!item) throw new NewDayError("item_not_found", { field: "itemId" });
    return { item };
  }
  const item = await findOldestOwnedItem(db, sellerId, { name, itemTypes });
  if (item) return { item };
  const [itemType] = itemTypes;
  const definitionId = await defineItem(db, {
    name,
    description,
    itemType,
    imageUrl,
    icon: ICONS[itemType],
    rarity: "common",
    stats: null,
  });
  return { definitionId };
}
