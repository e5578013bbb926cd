/** Lists the limits that stand, for operators. */
import type { Queryable } from "../../db/database.ts";

export interface ListedLimit {
  readonly id: string;
  readonly version: bigint;
  readonly scope: string;
  readonly owner: string;
  readonly platform: string;
  readonly userId: string | null;
  readonly currency: string;
  readonly kind: string | null;
  readonly window: string;
  readonly seconds: bigint | null;
  readonly maximum: bigint;
}

/** Enough for a person to read; more are found by platform or user. */
const LISTED_MAX = 1_000;

/** Of one platform, or of all for null. */
export function listLimits(db: Queryable, platform: string | null): Promise<ListedLimit[]> {
  return db.query(
    `select id, version, scope, owner, platform, user_id as "userId", currency, kind, "window",
        seconds, maximum
      from newday.each_spending_limit where $1::text is null or platform = $1
      order by platform, user_id nulls first, currency, id limit $2`,
    [platform, LISTED_MAX],
  );
}
