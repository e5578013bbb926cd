/**
 * Holds: amounts reserved on an account, to be captured (wholly, partly, repeatedly), voided, or
 * released at their expiry. A hold's id is the id of the transfer that opened it.
 */
import type { Queryable } from "../../db/database.ts";
import { plainArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import { writeChanges, type Resource } from "../../engine/resource.ts";
import { insertHolds, listExpiringHoldIds, readHolds, updateHolds } from "./hold-queries.ts";

export type HoldState = "open" | "captured" | "voided" | "expired";

export interface HoldRow {
  readonly id: string;
  readonly account: bigint;
  /** The default payee of a capture. */
  readonly toAccount: bigint | null;
  readonly amount: bigint;
  readonly captured: bigint;
  readonly state: HoldState;
  readonly expiresAt: Date | null;
  readonly revision: bigint;
}

/** The rest that the hold still reserves. */
export function remainingOf(hold: HoldRow): bigint {
  return hold.state === "open" ? hold.amount - hold.captured : 0n;
}

/** Exact: at the instant of its expiry a hold reserves nothing, swept or unswept. */
export function hasExpired(hold: HoldRow, now: Date): boolean {
  return hold.expiresAt !== null && hold.expiresAt.getTime() <= now.getTime();
}

/** By hold id. */
export const holds: Resource<string, HoldRow> = {
  name: "holds",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<HoldRow>(readHolds(lock), [plainArray(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(updateHolds, updates, updates.length),
      insert: (rows) => bindRows(insertHolds, rows),
    }),
};

export interface ExpiringHoldsRow {
  readonly account: bigint;
  readonly holdIds: readonly string[];
}

/** By account: open holds that have expired, or soon will. Each is then read from `holds`. */
export const expiringHolds: Resource<bigint, ExpiringHoldsRow> = {
  name: "expiring_holds",
  async read(db: Queryable, ids: readonly bigint[]) {
    const rows = await db.query<ExpiringHoldsRow>(listExpiringHoldIds, [plainArray(ids)]);
    return new Map(rows.map((row) => [row.account, row]));
  },
  write: () => [],
};
