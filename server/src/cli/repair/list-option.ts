/** Options that may be given several times. */

export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

/** The same option of `plan`, `apply` and `resume`. */
export const REPLICA_OPTION: [string, string, typeof collect, string[]] = [
  "--replica-url <url>",
  "a standby whose readers must not be stalled; may be given several times",
  collect,
  [],
];
