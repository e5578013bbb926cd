/** Refunds of purchases, and the policies about them, as the posting engine sees them. */
import type { Queryable } from "../../db/database.ts";
import { textArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import { writeChanges, type Resource } from "../../engine/resource.ts";
import {
  insertPurchaseRefunds,
  insertRefundPolicies,
  readPurchaseRefunds,
  readRefundPolicies,
  updatePurchaseRefunds,
  updateRefundPolicies,
} from "./refund-queries.ts";

/** The sum of all refunds of one purchase, beside what was bought. */
export interface PurchaseRefundRow {
  readonly purchaseId: string;
  readonly ofQuantity: bigint;
  readonly ofPrice: bigint;
  readonly ofCommission: bigint;
  readonly quantity: bigint;
  /** What came back of the goods. */
  readonly items: bigint;
  readonly price: bigint;
  readonly commission: bigint;
  /** What is locked again, because locked coins had paid it. */
  readonly locked: bigint;
  readonly revision: bigint;
}

/** By purchase id. */
export const purchaseRefunds: Resource<string, PurchaseRefundRow> = {
  name: "purchase_refunds",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<PurchaseRefundRow>(readPurchaseRefunds(lock), [textArray(ids)]);
    return new Map(rows.map((row) => [row.purchaseId, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(updatePurchaseRefunds, updates),
      insert: (rows) => bindRows(insertPurchaseRefunds, rows),
    }),
};

/** Who gives the commission back: the account that took it, the seller, or no one, and the buyer bears it. */
export const COMMISSION_PAYERS = ["fees", "seller", "kept"] as const;
export type CommissionPayer = (typeof COMMISSION_PAYERS)[number];

export interface RefundPolicyRow {
  readonly platform: string;
  /** Days after the purchase in which sellers and the platform may refund it. */
  readonly windowDays: number;
  readonly commission: CommissionPayer;
  readonly version: bigint;
  readonly revision: bigint;
}

/** Of a platform without a row. */
export function defaultRefundPolicy(platform: string): RefundPolicyRow {
  return { platform, windowDays: 14, commission: "fees", version: 0n, revision: 0n };
}

/** By platform. */
export const refundPolicies: Resource<string, RefundPolicyRow> = {
  name: "refund_policies",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<RefundPolicyRow>(readRefundPolicies(lock), [textArray(ids)]);
    return new Map(rows.map((row) => [row.platform, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(updateRefundPolicies, updates),
      insert: (rows) => bindRows(insertRefundPolicies, rows),
    }),
};
