/**
 * PostgreSQL array literals for `unnest($1::bigint[], ...)`. The driver's own conversion quotes and
 * escapes every element; a batch has thousands, and numbers and uuids need neither.
 */

/** For elements that are digits, uuids or fixed words of ours; null becomes NULL. */
export function plainArray(values: readonly (bigint | number | string | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

/** For any text, quoted and escaped. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : quote(value))).join(",")}}`;
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
