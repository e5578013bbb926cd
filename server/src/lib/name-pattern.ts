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

/** Cache: letters by their upper case of several letters, such as `ss` -> `ß`; made at the first search. */
let joinedLetters: Map<string, string[]> | undefined;
/** As in `ffi`. */
const JOINED_LENGTH_MAX = 3;

/**
 * Finds `text` in any case (Unicode's full case folding: ß is ss, a ligature is its letters; İ, ı and i stay
 * three letters) and in either canonical spelling (NFC, NFD).
 */
export function namePattern(text: string): string {
  const letters = Array.from(text.normalize("NFC")).flatMap(
    (letter) => partsOf(letter) ?? [letter],
  );
  const pieces: string[] = [];
  for (let at = 0; at < letters.length;) {
    const length = joinedLengthAt(letters, at);
    pieces.push(
      length === 0 ? spellings(letters[at] ?? "") : joined(letters.slice(at, at + length)),
    );
    at += Math.max(length, 1);
  }
  return `${pieces.join("")}(?![${MARKS}])`;
}

/** The letters of a joined one, in lower case; undefined for any other. */
function partsOf(letter: string): string[] | undefined {
  const upper = Array.from(letter.toUpperCase());
  const isJoined = upper.length > 1 && Array.from(letter.normalize("NFD")).length === 1;
  return isJoined || letter === "\u1e9e" ? Array.from(lowerOf(letter)) : undefined;
}

/** Of ß and ẞ alike `ss`. */
function lowerOf(letter: string): string {
  return letter.toLowerCase().toUpperCase().toLowerCase();
}

function joinedLengthAt(letters: readonly string[], at: number): number {
  for (let length = JOINED_LENGTH_MAX; length > 1; length -= 1)
    if (joinedOf(letters.slice(at, at + length)).length > 0) return length;
  return 0;
}

/** The joined letters for these ones, none for most. */
function joinedOf(letters: readonly string[]): readonly string[] {
  joinedLetters ??= groupJoinedLetters();
  return joinedLetters.get(letters.join("").toLowerCase()) ?? [];
}

/** Every way to write these few letters: apart, all in one, or a part of them in one. */
function joined(letters: readonly string[]): string {
  if (letters.length === 0) return "";
  const ways = letters.map((_, index) => {
    const first = letters.slice(0, index + 1);
    const rest = joined(letters.slice(index + 1));
    if (index === 0) return spellings(letters[0] ?? "") + rest;
    const known = joinedOf(first);
    return known.length === 0 ? "" : `[${known.join("")}]${rest}`;
  });
  const written = ways.filter((way) => way !== "");
  return written.length === 1 ? (written[0] ?? "") : `(?:${written.join("|")})`;
}

function groupJoinedLetters(): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [first, end] of CASED_BLOCKS)
    for (let code = first; code < end; code += 1) {
      const letter = String.fromCodePoint(code);
      const parts = CASED.test(letter) ? partsOf(letter)?.join("") : undefined;
      if (parts !== undefined) groups.set(parts, [...(groups.get(parts) ?? []), letter]);
    }
  return groups;
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
