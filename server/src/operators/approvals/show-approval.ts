/** An approval as operators see it. */
import type { LoggedApproval } from "../acts/approval-queries.ts";
import type { ApprovalStatus } from "../acts/approval-rows.ts";
import type { OperatorRole } from "../roles.ts";

/** `person` is the reader, who cannot approve what they asked for. */
export function showApproval(row: LoggedApproval, person: string) {
  const { asked, isExpired, revision: _, person: asker, askedAt, expiresAt, decidedAt } = row;
  return {
    id: row.id,
    what: row.what,
    subject: asked?.subject ?? null,
    reason: row.reason,
    request: asked?.request ?? null,
    before: asked?.change.before ?? null,
    after: asked?.change.after ?? null,
    role: row.role as OperatorRole,
    askedBy: row.askedBy,
    askedAt: askedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    status: isExpired ? ("expired" as const) : (row.status as ApprovalStatus),
    decidedBy: row.decidedBy,
    decidedAt: decidedAt?.toISOString() ?? null,
    decisionReason: row.decisionReason,
    isOwn: asker === person,
  };
}
