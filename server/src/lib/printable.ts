/** Text from a database or a partner, safe for a terminal. */

/**
 * C0 and C1 controls but line feed and tab, which would move the cursor, colour or rename the terminal; and the
 * marks that turn the direction of a line, which would show a name as another one.
 */
const UNPRINTABLE = /[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu;
const KEPT = new Set(["\n", "\t"]);

/** The text with each such character written as `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    KEPT.has(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A copy in which every text is printable; other values stay as they are. */
export function printableCopy<Value>(value: Value): Value {
  return copyOf(value) as Value;
}

function copyOf(value: unknown): unknown {
  if (typeof value === "string") return printable(value);
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]));
}
