/** Listings and purchases as the posting engine sees them. */
import type { BoundStatement, Queryable } from "../../db/database.ts";
import {
  bigintArray, plainArray, textArray, timestampArray, uuidArray,
} from "../../db/pipeline/array-parameters.ts"; // prettier-ignore
import type { Change, Resource } from "../../engine/resource.ts";
import type { SaleType } from "../prices/commission.ts";
import {
  insertListings, insertPurchases, readListings, requireListings, updateListings,
  type StoredListing,
} from "./listing-queries.ts"; // prettier-ignore
import type { Prices } from "../prices/prices.ts";

/** `official`: stock of a store. `escrowed`: a player's item. `declared`: an unowned item. */
export type ListingKind = "official" | "escrowed" | "declared";
export type ListingStatus = "active" | "sold" | "removed" | "expired";

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

/** By listing id. Only the rest and the status change. */
export const listings: Resource<string, ListingRow> = {
  name: "listings",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<StoredListing>(readListings(lock), [textArray(ids)]);
    return new Map(rows.map((row) => [row.id, fromStored(row)]));
  },
  write(changes: readonly Change<string, ListingRow>[]): BoundStatement[] {
    const inserted = changes.filter(({ before }) => before === undefined);
    const updated = changes.filter(({ before }) => before !== undefined);
    return [
      ...(updated.length > 0 ? [update(updated)] : []),
      ...(inserted.length > 0 ? [insert(inserted.map(({ after }) => after))] : []),
    ];
  },
  remembered: ({ before, after }) => ({ ...after, revision: (before?.revision ?? 0n) + 1n }),
  requireAsRead: (rows) => ({
    statement: requireListings,
    values: [
      textArray(rows.map(({ id }) => id)),
      bigintArray(rows.map(({ row }) => row?.revision ?? 0n)),
    ],
  }),
};

/** Amounts are text in the stored object, because JSON numbers lose digits. */
export function fromStored({ prices, ...row }: StoredListing): ListingRow {
  const entries = Object.entries(prices).map(([code, amount]) => [code, BigInt(amount)]);
  return { ...row, prices: Object.fromEntries(entries) as Prices };
}

function update(changes: readonly Change<string, ListingRow>[]): BoundStatement {
  return {
    statement: updateListings,
    values: [
      textArray(changes.map(({ id }) => id)),
      bigintArray(changes.map(({ before }) => before?.revision ?? 0n)),
      bigintArray(changes.map(({ after }) => after.remaining)),
      plainArray(changes.map(({ after }) => after.status)),
      changes.length,
    ],
  };
}

function insert(rows: readonly ListingRow[]): BoundStatement {
  return {
    statement: insertListings,
    values: [
      textArray(rows.map(({ id }) => id)),
      plainArray(rows.map(({ kind }) => kind)),
      plainArray(rows.map(({ saleType }) => saleType)),
      textArray(rows.map(({ platform }) => platform)),
      textArray(rows.map(({ sellerId }) => sellerId)),
      textArray(rows.map(({ sellerName }) => sellerName)),
      plainArray(rows.map(({ definitionId }) => definitionId)),
      textArray(rows.map(({ itemId }) => itemId)),
      textArray(rows.map(({ prices }) => pricesToJson(prices))),
      plainArray(rows.map(({ currency }) => currency)),
      plainArray(rows.map(({ amount }) => amount)),
      plainArray(rows.map(({ remaining }) => remaining)),
      plainArray(rows.map(({ perUserLimit }) => perUserLimit)),
      plainArray(rows.map(({ perDayLimit }) => perDayLimit)),
      plainArray(rows.map(({ pin }) => pin)),
      plainArray(rows.map(({ views }) => views)),
      timestampArray(rows.map(({ listedAt }) => listedAt)),
      timestampArray(rows.map(({ expiresAt }) => expiresAt)),
      timestampArray(rows.map(({ startsAt }) => startsAt)),
      plainArray(rows.map(({ status }) => status)),
    ],
  };
}

export function pricesToJson(prices: Prices): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(prices).map(([code, amount]) => [code, `${amount}`])),
  );
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
}

/** Insert-only, under the id of the buyer's item: needs no read before. */
export const purchases: Resource<string, PurchaseRow> = {
  name: "purchases",
  read: async () => new Map(),
  write(changes: readonly Change<string, PurchaseRow>[]): BoundStatement[] {
    const rows = changes.map(({ after }) => after);
    return [
      {
        statement: insertPurchases,
        values: [
          textArray(rows.map(({ id }) => id)),
          uuidArray(rows.map(({ transferId }) => transferId)),
          textArray(rows.map(({ listingId }) => listingId)),
          textArray(rows.map(({ itemId }) => itemId)),
          textArray(rows.map(({ buyerId }) => buyerId)),
          textArray(rows.map(({ sellerId }) => sellerId)),
          plainArray(rows.map(({ currency }) => currency)),
          bigintArray(rows.map(({ quantity }) => quantity)),
          bigintArray(rows.map(({ price }) => price)),
          bigintArray(rows.map(({ commission }) => commission)),
          plainArray(rows.map(({ saleType }) => saleType)),
        ],
      },
    ];
  },
};
