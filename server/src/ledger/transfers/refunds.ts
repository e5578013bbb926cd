/** The refunded amount of each line of a transfer, and the lines themselves. */
import type { Queryable } from "../../db/database.ts";
import { plainArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import type { Movement } from "../../engine/operation.ts";
import { writeChanges, type Resource } from "../../engine/resource.ts";
import { insertRefunds, readRefunds, updateRefunds } from "./refund-queries.ts";
import { readOutcomes } from "./transfer-rows.ts";

export interface PostedTransferRow {
  readonly id: string;
  readonly movements: readonly Movement[];
}

/** Posted transfers by id. They are immutable, so a decision needs no version check of them. */
export const postedTransfers: Resource<string, PostedTransferRow> = {
  name: "posted_transfers",
  async read(db: Queryable, ids: readonly string[]) {
    const rows = new Map<string, PostedTransferRow>();
    for (const [id, { decision }] of await readOutcomes(db, ids))
      if (decision.status === "posted") rows.set(id, { id, movements: decision.movements });
    return rows;
  },
  write: () => [],
};

export interface RefundRow {
  readonly key: string;
  readonly transferId: string;
  readonly line: number;
  readonly amount: bigint;
  readonly refunded: bigint;
  readonly revision: bigint;
}

export function refundKey(transferId: string, line: number): string {
  return `${transferId}/${line}`;
}

/** By `refundKey`; a missing row means a line without refunds. */
export const refunds: Resource<string, RefundRow> = {
  name: "refunds",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const parts = ids.map((id) => id.split("/"));
    const rows = await db.query<RefundRow>(readRefunds(lock), [
      plainArray(parts.map(([transferId = ""]) => transferId)),
      plainArray(parts.map(([, line = ""]) => line)),
    ]);
    return new Map(rows.map((row) => [row.key, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(updateRefunds, updates, updates.length),
      insert: (rows) => bindRows(insertRefunds, rows),
    }),
};
