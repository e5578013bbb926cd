/** `log_line_prefix` read backwards: which SQLSTATE and which database a line of the log tells. */

/**
 * What each escape writes, as a pattern. Times are three words; only names of people's choosing may
 * hold blanks, and they are bounded so that no line is searched for long.
 */
const NAME = ".{0,63}?";
const TIME = String.raw`\S+ \S+ \S+`;
const ESCAPES: Readonly<Record<string, string>> = {
  a: NAME,
  b: "[a-z ]+",
  c: String.raw`\S+`,
  d: `(?<database>${NAME})`,
  e: "(?<sqlState>[0-9A-Z]{5})",
  h: String.raw`\S*`,
  i: "[A-Za-z ]*",
  l: String.raw`\d+`,
  m: TIME,
  n: String.raw`[\d.]+`,
  p: String.raw`\d+`,
  P: String.raw`\d*`,
  q: "",
  Q: String.raw`-?\d+`,
  r: String.raw`\S*`,
  s: TIME,
  t: TIME,
  u: NAME,
  v: String.raw`\S*`,
  x: String.raw`\d+`,
  "%": "%",
};

/** Longer beginnings are no prefix: log_line_prefix is a line of a configuration file. */
const MAX_PREFIX_LENGTH = 512;

export interface PrefixFacts {
  readonly sqlState: string | undefined;
  readonly database: string | undefined;
}

export type PrefixReader = (beginning: string) => PrefixFacts;

/** Reads what stands before a line's severity; another program may have written something before. */
export function prefixReader(logLinePrefix: string): PrefixReader {
  const groups = new Set<string>();
  const pattern = logLinePrefix
    .split(/(%-?\d*[A-Za-z%])/)
    .map((part, at) => (at % 2 === 0 ? escapeLiteral(part) : escapePattern(part, groups)))
    .join("");
  const whole = new RegExp(`${pattern}$`);
  return (beginning) => {
    const found = beginning.length <= MAX_PREFIX_LENGTH ? whole.exec(beginning)?.groups : undefined;
    return { sqlState: found?.["sqlState"], database: found?.["database"]?.trim() };
  };
}

/** A group may be named once only; a second %d says the same. */
function escapePattern(escape: string, groups: Set<string>): string {
  const letter = escape.at(-1) ?? "";
  const written = ESCAPES[letter] ?? "";
  const padded = escape.length > 2 ? ` *${written} *` : written;
  if (!groups.has(letter)) {
    groups.add(letter);
    return padded;
  }
  return padded.replace(/\?<\w+>/, "?:");
}

function escapeLiteral(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
