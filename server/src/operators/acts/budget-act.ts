/** Sets, changes or lifts what a platform may issue of a currency. */
import type { PolicyChange } from "../../ledger/policies/policy-command.ts";
import { prepareBudget } from "../../ledger/policies/set-budget.ts";
import { budgetName } from "../../policy/issuance/budget-rows.ts";
import type { ActKind } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";

/** Minor units as decimal strings; null: without this bound. */
export type WantedBudget = {
  readonly platform: string;
  readonly currency: string;
  readonly perDay: string | null;
  readonly total: string | null;
  readonly reason: string;
};

/** Errors: `invalid_currency`, `invalid_field`, `already_so`. */
export const setBudgetAct: ActKind<WantedBudget, PolicyChange> = {
  what: "budget set",
  role: "economist",
  async prepare(services, context, { perDay, total, ...wanted }) {
    const bounds = { perDay: unitsOf(perDay), total: unitsOf(total) };
    return {
      subject: budgetName(wanted),
      userId: null,
      reason: wanted.reason,
      operation: await prepareBudget(services, { ...wanted, ...bounds }, termsOfAct(context)),
      weigh: () => "never",
      describe: (_view, { posting: { result } }) => ({
        before: result.before,
        after: result.after,
      }),
    };
  },
};

function unitsOf(amount: string | null): bigint | null {
  return amount === null ? null : BigInt(amount);
}
