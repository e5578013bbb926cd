/** Masks values that differ from run to run, so that two recordings are equal. */

const MASKS: readonly (readonly [pattern: RegExp, mask: string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>"],
  [/\d{8}T\d{6}\.\d{3}Z/g, "<time>"],
  [/delete it after \d{4}-\d\d-\d\d/g, "delete it after <date>"],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>"],
  [/\b[0-9a-f]{12,64}\b/g, "<hash>"],
  [/(plan|Plan|run|Run|rehearsal|--confirm-plan|`|-)([ :-]*)[0-9a-f]{8}\b/g, "$1$2<id>"],
  [/cluster \d+/g, "cluster <id>"],
  [/localhost:\d+|127\.0\.0\.1:\d+/g, "localhost:<port>"],
  // The two settings that the plan explains are the same in every run.
  // Others are milliseconds on one machine and seconds on another.
  [/(?<!request: |timeout is )\b\d+(\.\d+)? (ms|s|min)\b/g, "<duration>"],
  // Every migration of the server over it may add one.
  [/, \d+ foreign keys$/g, ", <n> foreign keys"],
  // Of every table: a migration of the server adds some.
  [/all \d+ foreign keys of the database/g, "all <n> foreign keys of the database"],
  [/rows of \d+ tables \([^)]*\)/g, "rows of <n> tables (<names>)"],
  [/newday \d+\.\d+\.\d+/g, "newday <version>"],
  [/\| By \| .* \|/g, "| By | <user> |"],
  [/\d+ bytes/g, "<n> bytes"],
  [/~\d+ rows/g, "~<n> rows"],
  [/\d+ (kB|MB)\b/g, "<n> $1"],
  [/\d+ reads and writes a second/g, "<n> reads and writes a second"],
  [/^( {2}(?:low|medium|high): )[\d.]+ =/g, "$1<n> ="],
  [/× [\d.]+ \((?=<n> reads|oldest)/g, "× <n> ("],
  [/\d+ looks?\b/g, "<n> looks"],
  [/Attempt \d+/g, "Attempt <n>"],
  [/(PostgreSQL|pg_dump) 15\.\d+/g, "$1 15"],
  [/intent · \d+ \|/g, "intent · <transaction> |"],
  [/\d+ entries/g, "<n> entries"],
];

/**
 * Lines that come and go with the state of the machine: building, waiting, and whether a backend has written its
 * statistics yet.
 */
const FLEETING = /^(newday: building|…|· trying|↻ attempt \d+:|(ok| {0,1}\?) +the failed attempt )/;

export function mask(text: string): string {
  return text
    .split("\n")
    .filter((line) => !FLEETING.test(line))
    .map((line) => MASKS.reduce((masked, [pattern, word]) => masked.replace(pattern, word), line))
    .join("\n");
}
