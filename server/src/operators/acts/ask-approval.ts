/** Asks a second person to decide about an act, and takes the refusal of one. */
import type { JsonObject } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { insert, rowKey } from "../../engine/resource.ts";
import { logAct } from "../../identity/operator-changes/act-rows.ts";
import type { ActChange } from "./act.ts";
import { approvals } from "./approval-rows.ts";
import type { LoggedResult } from "./logged-act.ts";
import { decidedApproval, requirePending } from "./second-person.ts";

/** Over a weekend; what an approver judges is no older. */
const APPROVAL_LIFETIME_MS = 72 * 60 * 60_000;

export interface AskedApproval {
  readonly what: string;
  readonly subject: string;
  readonly userId: string | null;
  readonly request: JsonObject;
  readonly reason: string;
  /** As the act was previewed for the asker. */
  readonly change: ActChange;
  readonly operator: string;
  readonly person: string;
  readonly role: string;
}

export const askApprovalOperation = defineOperationType<AskedApproval, LoggedResult>()({
  name: "ask_approval",
  readWriteSet: () => [],
  decide(asked, _view, { now, transferId }) {
    const { what, role, person, operator, subject, userId, request, reason, change } = asked;
    const row = {
      id: transferId,
      what,
      role,
      person,
      askedBy: operator,
      askedAt: now,
      expiresAt: new Date(now.getTime() + APPROVAL_LIFETIME_MS),
      status: "pending",
      decidedBy: null,
      decidedAt: null,
      revision: 0n,
    };
    return {
      changes: [
        insert(approvals, transferId, row),
        logAct(transferId, {
          operator,
          what: "approval ask",
          subject: transferId,
          reason,
          before: null,
          after: { what, subject, userId, request, change },
        }),
      ],
      result: { change, approval: transferId, waits: true },
    };
  },
});

export interface RejectedApproval {
  readonly id: string;
  readonly operator: string;
  readonly reason: string;
  /** Of the act, for the log. */
  readonly userId: string | null;
}

export const rejectApprovalOperation = defineOperationType<RejectedApproval, LoggedResult>()({
  name: "reject_approval",
  readWriteSet: ({ id }) => [rowKey(approvals, id)],
  decide({ id, operator, reason, userId }, view, context) {
    const row = requirePending(view, context, id);
    if ("refuse" in row) return { refuse: row.refuse, details: {} };
    const change = { before: { status: "pending" }, after: { status: "rejected" } };
    return {
      changes: [
        decidedApproval(row, context, { status: "rejected", decidedBy: operator }),
        logAct(context.transferId, {
          operator,
          what: "approval reject",
          subject: id,
          reason,
          before: change.before,
          after: { ...change.after, userId },
        }),
      ],
      result: { change, approval: id, waits: false },
    };
  },
});
