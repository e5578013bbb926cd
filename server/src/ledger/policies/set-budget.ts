/** Sets, changes and lifts the issuance budget of a platform: acts of operators, logged with their reason. */
import type { Operation, OperationTerms } from "../../engine/operation.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import { accountId } from "../accounts/accounts.ts";
import { listCurrencies } from "../currencies/currency-queries.ts";
import type {
  ModelChange,
  OperatorContext,
} from "../../identity/operator-changes/operator-changes.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import {
  operatorTerms,
  requirePolicyField,
  requireReason,
  submitPolicyChange,
  type PolicyChange,
} from "./policy-command.ts";
import { setBudgetOperation } from "./set-budget-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface BudgetWanted {
  /** A platform that exists. */
  readonly platform: string;
  readonly currency: string;
  /** Minor units; null: without this bound. */
  readonly perDay: bigint | null;
  readonly total: bigint | null;
  readonly reason: string;
}

/** Both null lift the budget. Errors: `invalid_currency`, `invalid_field`, `already_so`. */
export async function setIssuanceBudget<Given extends BudgetWanted>(
  services: PostingServices,
  context: OperatorContext,
  wanted: Exactly<BudgetWanted, Given>,
): Promise<ModelChange> {
  const operation = await prepareBudget(services, wanted, operatorTerms(context));
  return submitPolicyChange(services, context, { what: "budget", operation });
}

/** The change as an operation. Errors: `invalid_currency`, `invalid_field`. */
export async function prepareBudget(
  services: Pick<PostingServices, "db" | "directory">,
  wanted: BudgetWanted,
  terms: OperationTerms,
): Promise<Operation<PolicyChange>> {
  const { platform, currency, perDay, total, reason, ...unread } = wanted;
  unread satisfies NothingElse;
  const { number } = await services.directory.currency(currency);
  // The directory caches currencies, and an operator changes their minters.
  const { minters = [] } =
    (await listCurrencies(services.db)).find((row) => row.number === number) ?? {};
  requirePolicyField(minters.includes(platform), "platform", {
    en: `is one that may issue ${currency}: ${minters.join(", ") || "none"}`,
    zh: `必须是可发行 ${currency} 的平台：${minters.join("、") || "无"}`,
  });
  for (const [field, bound] of Object.entries({ "per-day": perDay, total }))
    requirePolicyField((bound ?? 0n) >= 0n, field, { en: "is not below 0", zh: "不能小于 0" });
  const mint = accountId(await services.directory.systemWallet(platform, "mint"), Number(number));
  const payload = { mint, platform, currency, perDay, total, reason: requireReason(reason) };
  return operationOf(setBudgetOperation, payload, terms);
}
