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

/** An option of every command that plans or proves. */
export const PROBE_VALUE_OPTION: [string, string, typeof collect, string[]] = [
  "--probe-value <TABLE.COLUMN=VALUE>",
  "a value for the proof's row where finding B35 asks for one; may be given several times",
  collect,
  [],
];
