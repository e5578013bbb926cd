/** The two bounds of a filter: a lower one above the upper one matches nothing, by mistake. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { parseTime } from "../app/v1-app.ts";
import { ref, Timestamp } from "../schemas/schemas.ts";

/** A range of recorded time: from included, until excluded, so that months do not overlap. */
export const rangeQuery = {
  from: Type.Optional(ref(Timestamp)),
  until: Type.Optional(ref(Timestamp)),
};

/** Errors: `invalid_field`, also for an `until` before `from`. */
export function readRange(query: {
  readonly from: string | undefined;
  readonly until: string | undefined;
}): { from?: Date; until?: Date } {
  const from = parseTime(query.from, "from");
  const until = parseTime(query.until, "until");
  requireOrderedBounds({ from, until });
  return { ...(from ? { from } : {}), ...(until ? { until } : {}) };
}

/** Errors: `invalid_field` with the name of the upper bound. Equal bounds are allowed. */
export function requireOrderedBounds(
  bounds: Readonly<Record<string, Date | bigint | null | undefined>>,
): void {
  const [[lower, low] = [], [upper, high] = []] = Object.entries(bounds);
  if (low === undefined || high === undefined || low === null || high === null) return;
  if (low <= high) return;
  throw new NewDayError("invalid_field", {
    field: upper,
    rule: { en: `must not be below ${lower}`, zh: `不能小于 ${lower}` },
    remedy: {
      en: `Exchange ${lower} and ${upper}, or leave one out.`,
      zh: `请交换 ${lower} 与 ${upper}，或省略其一`,
    },
  });
}
