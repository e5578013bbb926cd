/** Reads the issuance budgets that are set. */
import type { Queryable } from "../../db/database.ts";
import type { IssuanceBudgetRow } from "./budget-rows.ts";

export function listBudgets(db: Queryable): Promise<IssuanceBudgetRow[]> {
  return db.query(
    `select account, platform, currency, per_day as "perDay", total, version,
        since_version as "sinceVersion", day, issued_on_day as "issuedOnDay", issued, revision
      from newday.issuance_budgets where per_day is not null or total is not null
      order by platform, currency`,
  );
}
