/** `page` and `limit` of the older surfaces. */
import { NewDayError } from "../../errors/errors.ts";

/** Far beyond any real page, far below an offset that overflows. */
const PAGE_MAX = 1_000_000;

/** A positive whole number of the query string, or undefined. Errors: `invalid_field`. */
export function positiveInteger(value: unknown, field: string): number | undefined {
  if (value === undefined || value === "") return undefined;
  const number = typeof value === "string" && /^\d{1,7}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= PAGE_MAX) return number;
  throw new NewDayError("invalid_field", {
    field,
    rule: { en: `must be a whole number from 1 to ${PAGE_MAX}`, zh: "必须是正整数" },
  });
}
