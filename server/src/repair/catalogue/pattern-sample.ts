/**
 * Random texts that match a regular expression of a CHECK constraint.
 *
 * Covers what people write in such rules: classes, groups, alternatives and repetitions. Other
 * syntax gives a text that may not match; the caller evaluates the rule anyway.
 */

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
export const ALPHABETS = {
  lower: LETTERS,
  upper: LETTERS.toUpperCase(),
  digit: "0123456789",
  hex: "0123456789abcdef",
} as const;
const WORD = `${LETTERS}${ALPHABETS.upper}${ALPHABETS.digit}`;

const ESCAPES: Readonly<Record<string, string>> = {
  d: ALPHABETS.digit,
  w: WORD,
  s: " ",
  D: LETTERS,
  W: "-",
  S: WORD,
};
const NAMED: Readonly<Record<string, string>> = {
  alpha: LETTERS,
  alnum: WORD,
  digit: ALPHABETS.digit,
  lower: LETTERS,
  upper: ALPHABETS.upper,
  xdigit: ALPHABETS.hex,
  space: " ",
  punct: "-",
};
/** Repetitions of `+` and `*`: a longer text differs from the existing ones. */
const OPEN_REPEATS = 8;

/** A random character of `alphabet`. */
function pick(alphabet: string): string {
  return alphabet[Math.floor(Math.random() * alphabet.length)] ?? "";
}

/** A random text of `length` characters. */
export function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => pick(alphabet)).join("");
}

/** The same shape with other letters and digits: a code keeps its pattern. */
export function varyText(text: string): string {
  const isHex = /^[0-9a-f-]+$/.test(text) && /[a-f]/.test(text);
  return text.replaceAll(/[0-9A-Za-z]/g, (letter) => {
    if (isHex) return pick(ALPHABETS.hex);
    if (/\d/.test(letter)) return pick(ALPHABETS.digit);
    return pick(letter < "a" ? ALPHABETS.upper : ALPHABETS.lower);
  });
}

interface Reader {
  readonly pattern: string;
  at: number;
}

/** A random text for `pattern`; undefined when the pattern ends in the middle of a part. */
export function samplePattern(pattern: string): string | undefined {
  const reader: Reader = { pattern, at: 0 };
  const text = readAlternatives(reader);
  return reader.at === pattern.length ? text : undefined;
}

function readAlternatives(reader: Reader): string {
  const branches = [readBranch(reader)];
  while (reader.pattern[reader.at] === "|") {
    reader.at++;
    branches.push(readBranch(reader));
  }
  return branches[Math.floor(Math.random() * branches.length)] ?? "";
}

function readBranch(reader: Reader): string {
  let text = "";
  while (reader.at < reader.pattern.length && !"|)".includes(reader.pattern[reader.at] ?? "")) {
    const start = reader.at;
    let atom = readAtom(reader);
    const end = reader.at;
    const times = readRepeats(reader);
    const next = reader.at;
    if (times === 0) continue;
    text += atom;
    for (let n = 1; n < times; n++) {
      reader.at = start;
      atom = readAtom(reader);
      reader.at = end;
      text += atom;
    }
    reader.at = next;
  }
  return text;
}

function readAtom(reader: Reader): string {
  const { pattern } = reader;
  const letter = pattern[reader.at++] ?? "";
  if (letter === "^" || letter === "$") return "";
  if (letter === ".") return pick(LETTERS);
  if (letter === "[") return readClass(reader);
  if (letter === "(") {
    const mark = /^\?[:=!]/.exec(pattern.slice(reader.at));
    reader.at += mark?.[0].length ?? 0;
    const inner = readAlternatives(reader);
    reader.at++;
    return mark && mark[0] !== "?:" ? "" : inner;
  }
  if (letter !== "\\") return letter;
  const escape = pattern[reader.at++] ?? "";
  if ("AZmMy".includes(escape)) return "";
  return pick(ESCAPES[escape] ?? escape);
}

function readClass(reader: Reader): string {
  const { pattern } = reader;
  const body = /^\^?\]?(?:\[:\w+:\]|\\.|[^\]])*/.exec(pattern.slice(reader.at))?.[0] ?? "";
  reader.at += body.length + 1;
  const isNegated = body.startsWith("^");
  const members = (isNegated ? body.slice(1) : body)
    .replaceAll(/\[:(\w+):\]/g, (_, name: string) => NAMED[name] ?? "")
    .replaceAll(/\\(.)/g, (_, escape: string) => ESCAPES[escape] ?? escape)
    .replaceAll(/(.)-(.)/g, (_, from: string, to: string) => range(from, to));
  if (!isNegated) return pick(members);
  return pick(
    WORD.split("")
      .filter((letter) => !members.includes(letter))
      .join(""),
  );
}

function range(from: string, to: string): string {
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) =>
    String.fromCharCode(first + n),
  ).join("");
}

function readRepeats(reader: Reader): number {
  const found = /^(?:\{(\d+)(,(\d*))?\}|[*+?])\??/.exec(reader.pattern.slice(reader.at));
  if (!found) return 1;
  reader.at += found[0].length;
  const [all, least, upTo, most] = found;
  if (all.startsWith("?")) return 1;
  if (least === undefined) return OPEN_REPEATS;
  if (upTo === undefined) return Number(least);
  return most ? Number(most) : Math.max(Number(least), OPEN_REPEATS);
}
