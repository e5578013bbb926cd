/**
 * The search for a part of a name as a regular expression of PostgreSQL that names every letter in both
 * cases and both spellings. `ilike` follows the locale of the database, which folds `É` in one and only
 * ASCII in another (the embedded one); letters that are named match alike everywhere.
 */

/** All letters with two cases are in these blocks: those between, such as CJK, are skipped. */
const CASED_BLOCKS = [
  [0x0000, 0x2e00],
  [0xa600, 0xac00],
  [0xfb00, 0x11000],
  [0x11800, 0x11900],
  [0x16e00, 0x17000],
  [0x1e900, 0x1ea00],
] as const;
const CASED = /\p{Changes_When_Casemapped}/u;
/** Latin, Greek and Cyrillic marks: a letter before one is another letter. */
const MARKS = "\\u0300-\\u036f";

/** Cache: letters by `caseKey`; permanent, about 1,400 groups, made at the first search. */
let lettersByKey: Map<string, string[]> | undefined;

/** Finds `text` in any case (Unicode's simple case folding) and canonical spelling (NFC, NFD). */
export function namePattern(text: string): string {
  return `${Array.from(text.normalize("NFC"), spellings).join("")}(?![${MARKS}])`;
}

function spellings(letter: string): string {
  const parts = Array.from(letter.normalize("NFD"));
  const composed = cases(letter);
  return parts.length === 1 ? composed : `(?:${composed}|${parts.map(cases).join("")})`;
}

function cases(letter: string): string {
  if (!CASED.test(letter)) return letter.replace(/^[!-/:-@[-`{-~]$/, "\\$&");
  lettersByKey ??= groupCasedLetters();
  const isCase = new RegExp(`^\\u{${codeOf(letter).toString(16)}}$`, "iu");
  const known = lettersByKey.get(caseKey(letter)) ?? [];
  return `[${known.filter((one) => isCase.test(one)).join("")}]`;
}

function groupCasedLetters(): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [first, end] of CASED_BLOCKS)
    for (let code = first; code < end; code += 1) addLetter(groups, String.fromCodePoint(code));
  return groups;
}

function addLetter(groups: Map<string, string[]>, letter: string): void {
  if (!CASED.test(letter)) return;
  const key = caseKey(letter);
  const group = groups.get(key);
  if (group) group.push(letter);
  else groups.set(key, [letter]);
}

/** Equal for the cases of a letter, and for some others, such as i and the dotless ı. */
function caseKey(letter: string): string {
  const upper = letter.toUpperCase();
  const lower = (isOne(upper) ? upper : letter).toLowerCase();
  return isOne(lower) ? lower : letter;
}

function isOne(text: string): boolean {
  return text.length === String.fromCodePoint(codeOf(text)).length;
}

function codeOf(letter: string): number {
  return letter.codePointAt(0) ?? 0;
}
