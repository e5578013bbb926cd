/** Options that name a file: what they hold may be secret, and other users of the machine see a command line. */
import { readFileSync } from "node:fs";
import { NewDayError } from "../../errors/errors.ts";

/** `-` reads the input. Errors: `invalid_field` for a file that cannot be read. */
export function readFileOption(path: string, field: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new NewDayError(
      "invalid_field",
      { field, rule: { en: `cannot be read: ${reason}`, zh: `无法读取：${reason}` } },
      { cause },
    );
  }
}
