/**
 * Issuance budgets: how much a platform's mint may issue of a currency. No row: no bound.
 *
 * A budget counts what the mint pays out from the moment it is set, whatever the operation; money that
 * a refund gives back was issued before and is left out.
 */
import type { Queryable } from "../../db/database.ts";
import { bigintArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import { writeChanges, type Resource } from "../../engine/resource.ts";
import { readIssuanceBudgets, issuanceBudgetStatements } from "./budget-queries.ts";

export interface IssuanceBudgetRow {
  /** The mint account. */
  readonly account: bigint;
  readonly platform: string;
  /** Its code. */
  readonly currency: string;
  /** null: without this bound. */
  readonly perDay: bigint | null;
  readonly total: bigint | null;
  /** Counts the operators' changes. */
  readonly version: bigint;
  /** The mint account's last entry before the budget. */
  readonly sinceVersion: bigint;
  /** Begin of the UTC day that `issuedOnDay` counts. */
  readonly day: Date;
  readonly issuedOnDay: bigint;
  readonly issued: bigint;
  readonly revision: bigint;
}

/** By mint account. Cached: a row, or its absence, has its revision checked with every batch. */
export const issuanceBudgets: Resource<bigint, IssuanceBudgetRow> = {
  name: "issuance_budgets",
  async read(db: Queryable, ids: readonly bigint[], lock: boolean) {
    const rows = await db.query<IssuanceBudgetRow>(readIssuanceBudgets(lock), [bigintArray(ids)]);
    return new Map(rows.map((row) => [row.account, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(issuanceBudgetStatements.update, updates),
      insert: (rows) => bindRows(issuanceBudgetStatements.insert, rows.map(inserted)),
    }),
  rowToCache: ({ before, after }) =>
    before ? { ...after, revision: before.revision + 1n } : inserted(after),
  requireAsRead: (rows) => bindRows(issuanceBudgetStatements.require, rows),
};

/** Names the budget in refusals and in the log. */
export function budgetName({
  platform,
  currency,
}: Pick<IssuanceBudgetRow, "platform" | "currency">): string {
  return `budget:${platform}:${currency}`;
}

function inserted(row: IssuanceBudgetRow): IssuanceBudgetRow {
  return { ...row, revision: 1n };
}
