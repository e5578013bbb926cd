/** Offers of platforms' own stock as the posting engine sees them. */
import type { Queryable } from "../../db/database.ts";
import { textArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import { writeChanges, type Resource } from "../../engine/resource.ts";
import { readStockOffers, stockOfferStatements } from "./stock-queries.ts";

/** The users of the selling platform, or those of every platform. */
export const STOCK_BUYERS = ["platform", "all"] as const;
export type StockBuyers = (typeof STOCK_BUYERS)[number];

/** `ended` is final. */
export const STOCK_STATUSES = ["active", "paused", "ended"] as const;
export type StockStatus = (typeof STOCK_STATUSES)[number];

/** Of one piece, in minor units. */
export interface StockPrice {
  readonly currency: string;
  readonly price: bigint;
}

export interface StockOfferRow extends StockPrice {
  /** Begins with `stock-`. */
  readonly id: string;
  readonly platform: string;
  readonly definitionId: string;
  /** Pieces for sale in all; null: without end. */
  readonly stock: bigint | null;
  readonly sold: bigint;
  readonly perUserLimit: bigint | null;
  /** Per user and UTC day. */
  readonly perDayLimit: bigint | null;
  readonly buyers: StockBuyers;
  readonly status: StockStatus;
  /** null: at once. */
  readonly startsAt: Date | null;
  /** null: without end. */
  readonly endsAt: Date | null;
  /** Counts the changes of its terms. */
  readonly version: bigint;
  readonly createdAt: Date;
  readonly revision: bigint;
}

/** By offer id. Cached: the revision of a row that was read only is checked with every batch. */
export const stockOffers: Resource<string, StockOfferRow> = {
  name: "stock_offers",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<StockOfferRow>(readStockOffers(lock), [textArray(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(stockOfferStatements.update, updates),
      insert: (rows) => bindRows(stockOfferStatements.insert, rows),
    }),
  rowToCache: ({ before, after }) => ({ ...after, revision: (before?.revision ?? 0n) + 1n }),
  requireAsRead: (rows) => bindRows(stockOfferStatements.require, rows),
};
