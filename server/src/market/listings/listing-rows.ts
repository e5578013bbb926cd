/** Listings and purchases as the posting engine sees them. */
import type { Queryable } from "../../db/database.ts";
import { textArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import { writeChanges, type Resource } from "../../engine/resource.ts";
import type { SaleType } from "../prices/commission.ts";
import {
  insertListings,
  insertPurchases,
  readListings,
  requireListings,
  updateListings,
  type StoredListing,
} from "./listing-queries.ts";
import type { Prices } from "../prices/prices.ts";

/** `official`: stock of a store. `escrowed`: a player's item. `declared`: an unowned item. */
export type ListingKind = "official" | "escrowed" | "declared";
export const LISTING_STATUSES = ["active", "sold", "removed", "expired"] as const;
export type ListingStatus = (typeof LISTING_STATUSES)[number];

export interface ListingRow {
  readonly id: string;
  readonly kind: ListingKind;
  readonly saleType: SaleType;
  /** The platform whose market shows it first. */
  readonly platform: string;
  readonly sellerId: string | null;
  readonly sellerName: string;
  readonly definitionId: string;
  readonly itemId: string | null;
  readonly prices: Prices;
  readonly currency: string;
  readonly amount: bigint;
  /** null: unlimited. */
  readonly remaining: bigint | null;
  readonly status: ListingStatus;
  readonly perUserLimit: bigint | null;
  readonly perDayLimit: bigint | null;
  /** Place among the listings that come before all others. */
  readonly pin: number | null;
  readonly views: bigint;
  readonly listedAt: Date;
  /** null: on sale at once. */
  readonly startsAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revision: bigint;
}

/**
 * The listing after a change. Members are written out, because a spread of so many costs eight times as
 * much and each purchase makes two of them.
 */
export function changedListing(
  listing: ListingRow,
  {
    remaining = listing.remaining,
    status = listing.status,
    revision = listing.revision,
  }: Partial<Pick<ListingRow, "remaining" | "status" | "revision">>,
): ListingRow {
  return {
    id: listing.id,
    kind: listing.kind,
    saleType: listing.saleType,
    platform: listing.platform,
    sellerId: listing.sellerId,
    sellerName: listing.sellerName,
    definitionId: listing.definitionId,
    itemId: listing.itemId,
    prices: listing.prices,
    currency: listing.currency,
    amount: listing.amount,
    remaining,
    status,
    perUserLimit: listing.perUserLimit,
    perDayLimit: listing.perDayLimit,
    pin: listing.pin,
    views: listing.views,
    listedAt: listing.listedAt,
    startsAt: listing.startsAt,
    expiresAt: listing.expiresAt,
    revision,
  };
}

/** By listing id. Only the rest and the status change. */
export const listings: Resource<string, ListingRow> = {
  name: "listings",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<StoredListing>(readListings(lock), [textArray(ids)]);
    return new Map(rows.map((row) => [row.id, fromStored(row)]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(updateListings, updates, updates.length),
      insert: (rows) => bindRows(insertListings, rows.map(toStored)),
    }),
  rowToCache: ({ before, after }) =>
    changedListing(after, { revision: (before?.revision ?? 0n) + 1n }),
  requireAsRead: (rows) => bindRows(requireListings, rows),
};

/** Amounts are text in the stored object, because JSON numbers lose digits. */
export function fromStored({ prices, ...row }: StoredListing): ListingRow {
  const entries = Object.entries(prices).map(([code, amount]) => [code, BigInt(amount)]);
  return { ...row, prices: Object.fromEntries(entries) as Prices };
}

function toStored({ prices, ...row }: ListingRow): StoredListing {
  return { ...row, prices: pricesAsText(prices) };
}

export function pricesAsText(prices: Prices): StoredListing["prices"] {
  return Object.fromEntries(Object.entries(prices).map(([code, amount]) => [code, `${amount}`]));
}

export interface PurchaseRow {
  readonly id: string;
  readonly transferId: string;
  readonly listingId: string;
  readonly itemId: string;
  readonly buyerId: string;
  readonly sellerId: string | null;
  readonly currency: string;
  readonly quantity: bigint;
  readonly price: bigint;
  readonly commission: bigint;
  readonly saleType: SaleType;
  /** Part of the total that locked coins paid. */
  readonly locked: bigint;
}

/** Insert-only, under the id of the buyer's item: needs no read before. */
export const purchases: Resource<string, PurchaseRow> = {
  name: "purchases",
  read: async () => new Map(),
  write: (changes) => [
    bindRows(
      insertPurchases,
      changes.map(({ after }) => after),
    ),
  ],
};
