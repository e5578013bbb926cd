/** Whether an act needs a second person, and what an approval says about it. Pure. */
import type { DecisionContext, PlainRefusal, View } from "../../engine/operation.ts";
import { change, type RowChange } from "../../engine/resource.ts";
import { dayOf } from "../../ledger/limits/limit-counters.ts";
import type { ActWeight } from "./act.ts";
import { ACT_LIMIT_DEFAULT, actLimits, actTotals } from "./act-limit-rows.ts";
import { approvals, type ApprovalRow, type ApprovalStatus } from "./approval-rows.ts";

/** Counts what a person does alone, by day; refuses with `approval_required` what goes beyond the limit. */
export function countAlone(
  view: View,
  { now }: DecisionContext,
  { person, weight }: { readonly person: string; readonly weight: ActWeight },
): RowChange[] | PlainRefusal {
  if (weight === "never") return [];
  if (weight === "always") return { refuse: "approval_required" };
  const { currency, amount } = weight;
  const maximum = view.get(actLimits, currency)?.maximum ?? ACT_LIMIT_DEFAULT;
  const id = `${person} ${currency}`;
  const known = view.get(actTotals, id);
  const day = dayOf(now);
  const total = (known?.day === day ? known.total : 0n) + amount;
  if (total > maximum) return { refuse: "approval_required" };
  return [change(actTotals, id, { id, day, total, revision: known?.revision ?? 0n })];
}

/** A pending approval. */
export function requirePending(
  view: View,
  { now }: DecisionContext,
  id: string,
): ApprovalRow | PlainRefusal {
  const row = view.get(approvals, id);
  if (!row) return { refuse: "approval_not_found" };
  if (row.status !== "pending") return { refuse: "approval_decided" };
  return row.expiresAt.getTime() <= now.getTime() ? { refuse: "approval_expired" } : row;
}

/** The decision on a pending approval, by an operator. */
export function decidedApproval(
  row: ApprovalRow,
  { now }: DecisionContext,
  { status, decidedBy }: { readonly status: ApprovalStatus; readonly decidedBy: string },
): RowChange {
  return change(approvals, row.id, { ...row, status, decidedBy, decidedAt: now });
}
