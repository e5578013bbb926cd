/** Sets, changes or lifts how much a platform's mint may issue. */
import { accounts, type AccountRow } from "../accounts/accounts.ts";
import type { JsonObject } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { logChange } from "../../policy/changes/policy-changes.ts";
import {
  budgetName,
  issuanceBudgets,
  type IssuanceBudgetRow,
} from "../../policy/issuance/budget-rows.ts";
import { startOfDay } from "../../policy/issuance/charge-budget.ts";
import { accountRow } from "../transfers/apply-posting.ts";
import type { PolicyChange } from "./policy-command.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface SetBudgetPayload {
  /** The platform's mint account in the currency. */
  readonly mint: bigint;
  readonly platform: string;
  readonly currency: string;
  /** null: without this bound. */
  readonly perDay: bigint | null;
  readonly total: bigint | null;
  readonly reason: string;
}

/** Counting begins with the first bound, and goes on while none is set. */
export const setBudgetOperation = defineOperationType<SetBudgetPayload, PolicyChange>()({
  name: "set_budget",
  readWriteSet: ({ mint }) => [rowKey(issuanceBudgets, mint), rowKey(accounts, mint)],
  decide({ mint, platform, currency, perDay, total, reason, ...unread }, view, context) {
    unread satisfies NothingElse;
    const known = view.get(issuanceBudgets, mint);
    const row =
      known ??
      newBudget({ account: mint, platform, currency }, accountRow(view, mint), context.now);
    const [before, after] = [boundsOf(known), boundsOf({ perDay, total })];
    if (JSON.stringify(before) === JSON.stringify(after)) return { refuse: "already_so" };
    const version = known ? known.version + 1n : 1n;
    const changed = { what: "budget", subject: budgetName(row), reason, before, after };
    return {
      changes: [
        change(issuanceBudgets, mint, { ...row, perDay, total, version }),
        logChange(context, changed),
      ],
      result: { subject: budgetName(row), before, after },
    };
  },
});

function newBudget(
  named: Pick<IssuanceBudgetRow, "account" | "platform" | "currency">,
  { version: sinceVersion }: AccountRow,
  now: Date,
): IssuanceBudgetRow {
  return {
    ...named,
    perDay: null,
    total: null,
    version: 0n,
    sinceVersion,
    day: startOfDay(now),
    issuedOnDay: 0n,
    issued: 0n,
    revision: 0n,
  };
}

function boundsOf(row: Pick<IssuanceBudgetRow, "perDay" | "total"> | undefined): JsonObject | null {
  if (!row || (row.perDay === null && row.total === null)) return null;
  return {
    perDay: row.perDay === null ? null : `${row.perDay}`,
    total: row.total === null ? null : `${row.total}`,
  };
}
