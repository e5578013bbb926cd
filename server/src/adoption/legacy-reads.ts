/**
 * The market and the inventories of a database before adoption, read from the legacy tables as the
 * ledger would show them. Writes stay refused (adoption-due.ts) until the ledger holds the rows.
 */
import type { Queryable } from "../db/database.ts";
import type { Item } from "../items/items/item-queries.ts";
import type { ListingFilter, ListingOrder } from "../market/listings/listing-queries.ts";
import type { Offer } from "../market/listings/offers.ts";
import { adventureFacts, EPOCH, inventoryFacts, OBTAINED_FROM_ADVENTURE } from "./adopt-items.ts";
import { marketFacts, legacyListing } from "./adopt-listings.ts";
import {
  existingTables,
  listLegacyAdventureItems,
  listLegacyInventory,
  listLegacyMarket,
} from "./legacy-queries.ts";

/** Every active row of a usual market; a larger one shows its newest rows until the adoption. */
const MARKET_ROWS_MAX = 5_000;

/** A listing without a definition: the adoption makes those. */
export type LegacyOffer = Omit<Offer, "definitionId">;
export type LegacyItem = Omit<Item, "definitionId" | "version">;

const COMPARE: Readonly<Record<ListingOrder, (a: LegacyOffer, b: LegacyOffer) => number>> = {
  listed_desc: (a, b) => pinOf(a) - pinOf(b) || b.listedAt.getTime() - a.listedAt.getTime(),
  listed_asc: (a, b) => a.listedAt.getTime() - b.listedAt.getTime(),
  price_asc: (a, b) => Number(a.amount - b.amount),
  price_desc: (a, b) => Number(b.amount - a.amount),
};

function pinOf({ pin }: LegacyOffer): number {
  return pin ?? Number.MAX_SAFE_INTEGER;
}

/** As `listOffers` of an adopted database. */
export async function listLegacyOffers(
  db: Queryable,
  { platform, itemType }: Pick<ListingFilter, "platform" | "itemType">,
  { order, limit, offset }: { order: ListingOrder; limit: number; offset: number },
): Promise<{ readonly offers: readonly LegacyOffer[]; readonly total: number }> {
  const tables = await existingTables(db);
  const rows = tables.includes("market_items") ? await listLegacyMarket(db, MARKET_ROWS_MAX) : [];
  const offers = rows
    .map((row) => ({ ...legacyListing(row), ...marketFacts(row), origin: null }))
    .filter(
      (offer) =>
        offer.status === "active" &&
        (platform === null || offer.platform === platform) &&
        (itemType === null || offer.itemType === itemType),
    )
    .toSorted(COMPARE[order]);
  return { offers: offers.slice(offset, offset + limit), total: offers.length };
}

/** As `listOwnedItems` of an adopted database, newest first. */
export async function listLegacyItems(db: Queryable, userId: string): Promise<LegacyItem[]> {
  const tables = await existingTables(db);
  const inventory = tables.includes("user_inventories")
    ? await listLegacyInventory(db, userId, tables)
    : [];
  const adventure = tables.includes("adventure_items")
    ? await listLegacyAdventureItems(db, userId)
    : [];
  const items = [
    ...inventory
      .filter(({ quantity }) => (quantity ?? 1n) > 0n)
      .map((row) => ({
        ...owned(`inv-${row.id}`, row.ownerId, row.obtainedAt),
        ...inventoryFacts(row),
        quantity: row.quantity ?? 1n,
        obtainedFrom: row.obtainedFrom,
        source: row.obtainedFrom,
        listingId: row.listingId,
      })),
    ...adventure
      .filter(({ purchased, used }) => purchased && !used)
      .map((row) => ({
        ...owned(`adv-${row.id}`, row.ownerId, row.createdAt),
        ...adventureFacts(row),
        obtainedFrom: OBTAINED_FROM_ADVENTURE,
        source: OBTAINED_FROM_ADVENTURE,
      })),
  ];
  return items.toSorted((a, b) => b.obtainedAt.getTime() - a.obtainedAt.getTime());
}

function owned(id: string, ownerId: string, obtainedAt: string | null) {
  return {
    id,
    ownerId,
    state: "owned",
    quantity: 1n,
    source: null,
    externalId: null,
    giftFrom: null,
    locked: false,
    allinoneItemId: null,
    listingId: null,
    obtainedAt: new Date(obtainedAt ?? EPOCH),
  } as const;
}
