/** One part of the legacy database for adoption: wallets here, items in the inventory. */
import type { AdoptedPart } from "../db/adoption-state.ts";
import type { Database, Queryable } from "../db/database.ts";
import type { Patience } from "../db/patient-transaction.ts";
import { NewDayError } from "../errors/errors.ts";
import type { JsonObject, PostingEngine } from "../engine/operation.ts";

export interface AdoptionContext {
  readonly db: Database;
  readonly engine: PostingEngine;
  /** Legacy rows per step. */
  readonly batchSize: number;
  /** Longest time under the locks of one part, beside its work per row; then it is rolled back. */
  readonly holdMs: number;
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

/** One snapshot of a table of any size; locks nothing. */
export const SNAPSHOT_OF_ANY_SIZE = {
  readOnly: true,
  isolation: "repeatable read",
  statementTimeoutMs: 0,
} as const;

/** How a part takes and holds its locks; `holdMs` is its longest time under them. */
export function patienceOf(holdMs: number): Patience {
  return { holdMs, overrun: (cause) => overran(Math.round(holdMs / 1000), cause) };
}

function overran(seconds: number, cause: unknown): NewDayError {
  return new NewDayError(
    "adoption_refused",
    { holdSeconds: seconds },
    {
      cause,
      message: {
        en: `The switch took longer than ${seconds} s under its locks and was rolled back: the old tables are as they were, and clients continue. Event triggers of the database run inside it. At a quiet hour allow it more time: \`newday adopt --hold-seconds ${seconds * 6}\`.`,
        zh: `切换持锁超过 ${seconds} 秒，已回滚：旧表保持原样，客户端照常使用。数据库的事件触发器也在其中运行。请在空闲时段放宽时限：newday adopt --hold-seconds ${seconds * 6}。`,
      },
    },
  );
}
