/** One part of the legacy database for adoption: wallets here, items in the inventory. */
import type { AdoptedPart } from "../db/adoption-state.ts";
import type { Database, Queryable } from "../db/database.ts";
import type { JsonObject, PostingEngine } from "../engine/operation.ts";

export interface AdoptionContext {
  readonly db: Database;
  readonly engine: PostingEngine;
  /** Legacy rows per step. */
  readonly batchSize: number;
  readonly progress: (part: string, done: number, total: number) => void;
}

/**
 * The steps run in this order, each from its beginning after a crash: each finds its finished rows
 * and does the rest. The legacy tables stay authoritative until `switchOver` commits.
 */
export interface AdoptionPart {
  /** Primary key in `newday.adoptions`. */
  readonly name: AdoptedPart;
  /** A preview: counts, sums, and every merged, changed or odd row. Reads only. */
  plan(db: Queryable): Promise<JsonObject>;
  /** Copies legacy rows into the ledger, batch by batch, while the old server may still write. */
  backfill(context: AdoptionContext): Promise<void>;
  /**
   * In one short transaction: locks the legacy tables, posts what changed since the backfill, checks
   * counts and sums exactly (`adoption_mismatch`), replaces the tables by read-only views, and writes
   * the row of `newday.adoptions`. Returns its report.
   */
  switchOver(context: AdoptionContext): Promise<JsonObject>;
}
