/** SQL of approvals, with what the log holds about them. */
import type { Queryable } from "../../db/database.ts";
import type { JsonObject } from "../../engine/operation.ts";
import type { ActChange } from "./act.ts";
import { APPROVAL_COLUMNS, type ApprovalRow } from "./approval-rows.ts";

/** What was asked for, as the log has it. */
export type AskedAct = JsonObject & {
  readonly what: string;
  readonly subject: string;
  readonly userId: string | null;
  readonly request: JsonObject & { readonly reason: string };
  readonly change: ActChange;
};

export interface LoggedApproval extends ApprovalRow {
  /** null once its user was erased. */
  readonly asked: AskedAct | null;
  readonly reason: string | null;
  /** Of a rejection. */
  readonly decisionReason: string | null;
  readonly isExpired: boolean;
}

const SELECT = `select ${APPROVAL_COLUMNS}, c.after as asked, c.reason, d.reason as "decisionReason",
    a.status = 'pending' and a.expires_at <= now() as "isExpired"
  from newday.approvals a
  left join newday.operator_changes c on c.what = 'approval ask' and c.subject = a.id::text
  left join newday.operator_changes d on d.what = 'approval reject' and d.subject = a.id::text`;

export async function findApproval(db: Queryable, id: string): Promise<LoggedApproval | undefined> {
  const [row] = await db.query<LoggedApproval>(`${SELECT} where a.id = $1`, [id]);
  return row;
}

/** Newest first; behind the one of `before` where it is given. */
export function listApprovals(
  db: Queryable,
  {
    status = null,
    before,
    limit,
  }: {
    readonly status?: string | null | undefined;
    readonly before?: { readonly at: Date; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<LoggedApproval[]> {
  return db.query(
    `${SELECT} where ($1::text is null or a.status = $1)
      and ($2::timestamptz is null or (a.asked_at, a.id) < ($2, $3::uuid))
    order by a.asked_at desc, a.id desc limit $4`,
    [status, before?.at ?? null, before?.id ?? null, limit],
  );
}
