/** Texts that a person can see: a name of blanks and fillers looks like no name. */

/**
 * Characters that leave no mark: controls, blanks, joiners, marks of direction, fillers, selectors. Written
 * for the inside of a character class that ECMA-262, RE2, Python, Java and .NET read alike.
 * Source: Unicode 15, Default_Ignorable_Code_Point and White_Space of the first plane, and U+2800.
 * U+FEFF stands between two unassigned neighbours, because Go refuses a source file with that mark.
 */
const UNSEEN =
  "\\x00-\\x20\\x7f-\\xa0\\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f" +
  "\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufefd-\uff00\uffa0\ufff0-\ufff8";

/** Beyond the first plane, where .NET reads halves of letters: format controls, tags, selectors. */
const UNSEEN_BEYOND = "\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}";

const VISIBLE = new RegExp(`[^${UNSEEN}${UNSEEN_BEYOND}]`, "u");

/** True when at least one character can be seen. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}

/** A pattern for clients: texts without the refused characters (the inside of a class), one of which can be seen. */
export function visiblePattern(refused: string): string {
  return `^[^${refused}]*[^${UNSEEN}${refused}][^${refused}]*$`;
}

/** As `visiblePattern`, where every single character can be seen. */
export function visibleOnlyPattern(refused: string): string {
  return `^[^${UNSEEN}${refused}]+$`;
}

const ONLY_VISIBLE = new RegExp(`^[^${UNSEEN}${UNSEEN_BEYOND}]+$`, "u");

/** True when every character can be seen. */
export function isOnlyVisible(text: string): boolean {
  return ONLY_VISIBLE.test(text);
}
