/** A time as an argument of a command. */
import { invalidArgument } from "./usage-error.ts";

/** Errors: a usage error for a text that is no time. */
export function parseTimeArgument(text: string): Date {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : undefined;
  if (time && !Number.isNaN(time.getTime())) return time;
  throw invalidArgument({
    en: "a time such as 2026-12-24T18:00:00Z",
    zh: "时间，例如 2026-12-24T18:00:00Z",
  });
}
