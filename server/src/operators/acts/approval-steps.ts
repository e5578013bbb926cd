/**
 * The two marks of an approval whose act is more than one posting: `approved` before the first step, `done` behind
 * the last. One that stays `approved` was interrupted, and is approved again to finish.
 */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { logAct } from "../../identity/operator-changes/act-rows.ts";
import type { ActChange } from "./act.ts";
import { approvals } from "./approval-rows.ts";
import type { LoggedResult } from "./logged-act.ts";
import { decidedApproval, requirePending } from "./second-person.ts";

export interface BegunApproval {
  readonly id: string;
  readonly approver: string;
  readonly what: string;
  readonly subject: string;
  /** For the erasure of the log. */
  readonly userId: string | null;
  /** As previewed for the approver. */
  readonly change: ActChange;
}

export const beginApprovalOperation = defineOperationType<BegunApproval, LoggedResult>()({
  name: "begin_approval",
  readWriteSet: ({ id }) => [rowKey(approvals, id)],
  decide({ id, approver, what, subject, userId, change: previewed }, view, context) {
    const row = requirePending(view, context, id);
    if ("refuse" in row) return { refuse: row.refuse, details: {} };
    return {
      changes: [
        decidedApproval(row, context, { status: "approved", decidedBy: approver }),
        logAct(context.transferId, {
          operator: approver,
          what: "approval approve",
          subject: id,
          reason: null,
          before: { status: "pending" },
          after: { status: "approved", what, subject, userId },
        }),
      ],
      result: { change: previewed, approval: id, waits: false },
    };
  },
});

export interface FinishedApproval {
  readonly id: string;
}

export const finishApprovalOperation = defineOperationType<FinishedApproval>()({
  name: "finish_approval",
  readWriteSet: ({ id }) => [rowKey(approvals, id)],
  decide({ id }, view) {
    const row = view.get(approvals, id);
    if (!row) return { refuse: "approval_not_found", details: {} };
    if (row.status !== "approved") return {};
    return { changes: [change(approvals, id, { ...row, status: "done" })] };
  },
});
