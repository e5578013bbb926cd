/** The refunded amount of each line of a transfer, and the lines themselves. */
import type { BoundStatement, Queryable } from "../../db/database.ts";
import { plainArray } from "../../db/pipeline/array-parameters.ts";
import type { Movement } from "../../engine/operation.ts";
import type { Change, Resource } from "../../engine/resource.ts";
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
    for (const [id, { verdict }] of await readOutcomes(db, ids))
      if (verdict.status === "posted") rows.set(id, { id, movements: verdict.movements });
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
  write(changes: readonly Change<string, RefundRow>[]): BoundStatement[] {
    const inserted = changes.filter(({ before }) => before === undefined);
    const updated = changes.filter(({ before }) => before !== undefined);
    return [
      ...(updated.length > 0 ? [update(updated)] : []),
      ...(inserted.length > 0 ? [insert(inserted.map(({ after }) => after))] : []),
    ];
  },
};

function update(changes: readonly Change<string, RefundRow>[]): BoundStatement {
  return {
    statement: updateRefunds,
    values: [
      plainArray(changes.map(({ after }) => after.transferId)),
      plainArray(changes.map(({ after }) => after.line)),
      plainArray(changes.map(({ before }) => before?.revision ?? 0n)),
      plainArray(changes.map(({ after }) => after.refunded)),
      changes.length,
    ],
  };
}

function insert(rows: readonly RefundRow[]): BoundStatement {
  return {
    statement: insertRefunds,
    values: [
      plainArray(rows.map(({ transferId }) => transferId)),
      plainArray(rows.map(({ line }) => line)),
      plainArray(rows.map(({ amount }) => amount)),
      plainArray(rows.map(({ refunded }) => refunded)),
    ],
  };
}
