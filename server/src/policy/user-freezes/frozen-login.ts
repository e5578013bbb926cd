/** A frozen user has no sessions meanwhile: each use and each login answers who froze them, why and until when. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { FreezeSide } from "./user-freeze-rows.ts";

/** One freeze as the user reads it. */
export interface FreezeNotice {
  readonly side: FreezeSide;
  readonly reason: string;
  /** ISO text; null: until it is lifted. */
  readonly until: string | null;
}

/** For a select list with `newday.user_freezes` under these aliases; null without a freeze. */
export function freezeNotices(...aliases: readonly string[]): string {
  const sides = aliases.flatMap((f) => [
    `('operator', ${f}.operator_reason, ${f}.operator_until)`,
    `('audit', ${f}.audit_reason, ${f}.audit_until)`,
    `('platform', ${f}.platform_reason, ${f}.platform_until)`,
  ]);
  return `(
  select jsonb_agg(jsonb_build_object('side', n.side, 'reason', n.reason, 'until', n.until))
  from (values ${sides.join(", ")}) as n (side, reason, until)
  where n.reason is not null)`;
}

/** Errors: `user_frozen`, while one of the freezes is in force. */
export function refuseFrozenUser(notices: readonly FreezeNotice[] | null): void {
  const notice = notices?.find(({ until }) => until === null || Date.parse(until) > Date.now());
  if (!notice) return;
  const { side, reason, until } = notice;
  const by = SIDES[side];
  const end = until === null ? undefined : new Date(until).toISOString();
  throw new NewDayError("user_frozen", {
    frozenBy: side,
    reason,
    until: end ?? null,
    rule: {
      en: `frozen by ${by.en}${end === undefined ? "" : ` until ${end}`}: ${reason}`,
      zh: `已被${by.zh}冻结${end === undefined ? "" : `至 ${end}`}：${reason}`,
    },
    remedy: {
      en: `Wait until the freeze ends, or write to ${by.en}.`,
      zh: `请等待冻结到期，或联系${by.zh}`,
    },
  });
}

const SIDES = {
  platform: { en: "your platform", zh: "所属平台" },
  operator: { en: "the operators of New Day", zh: " New Day 运维人员" },
  audit: { en: "the audit of New Day", zh: " New Day 审计" },
} as const;

/** Errors: `user_frozen`. */
export async function requireUnfrozenUser(db: Queryable, userId: string): Promise<void> {
  const [row] = await db.query<{ notices: readonly FreezeNotice[] | null }>(
    {
      name: "freeze-notices",
      text: `select ${freezeNotices("f")} as notices from newday.user_freezes f where f.user_id = $1`,
    },
    [userId],
  );
  refuseFrozenUser(row?.notices ?? null);
}
