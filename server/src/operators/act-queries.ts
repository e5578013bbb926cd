/** SQL of the log of operators' acts. */
import type { Queryable } from "../db/database.ts";
import type { JsonObject } from "../engine/operation.ts";

export interface OperatorActRow {
  readonly id: bigint;
  readonly at: Date;
  readonly operator: string;
  readonly what: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/** Newest first, of the ids below `before`. */
export function listOperatorActs(
  db: Queryable,
  {
    operator = null,
    subject = null,
    before = null,
    limit,
  }: {
    readonly operator?: string | null | undefined;
    readonly subject?: string | null | undefined;
    readonly before?: bigint | null | undefined;
    readonly limit: number;
  },
): Promise<OperatorActRow[]> {
  return db.query(
    `select id, changed_at as at, operator, what, coalesce(subject, 'erased') as subject, reason, before, after
     from newday.operator_changes
     where ($1::text is null or operator = $1) and ($2::text is null or subject = $2)
       and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [operator, subject, before, limit],
  );
}
