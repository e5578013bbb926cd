/**
 * Finds a member that stands twice in one JSON object. RFC 8259 leaves open which of the two counts, so
 * that a proxy, a signer and this server could each read another amount from one body.
 */
const QUOTE = '"';
const COLON = 58;
const BACKSLASH = 92;

/**
 * Returns the name of a member that its object holds twice, or undefined. `value` is what `JSON.parse` made
 * of `text`. Every body pays for the answer, so the common case counts: the text has as many names as the
 * value has members, or one of them was overwritten.
 */
export function doubledMember(text: string, value: unknown): string | undefined {
  return countNames(text) === countMembers(value) ? undefined : findDoubled(text);
}

/** Strings that a colon follows; jumps from quote to quote. */
function countNames(text: string): number {
  let names = 0;
  let start = text.indexOf(QUOTE);
  while (start >= 0) {
    const next = afterSpace(text, endOfString(text, start));
    if (text.charCodeAt(next) === COLON) names += 1;
    start = text.indexOf(QUOTE, next);
  }
  return names;
}

/** A stack of its own: a body of brackets nests deeper than calls may. */
function countMembers(root: unknown): number {
  let members = 0;
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (!Array.isArray(value)) members += parts.length;
    for (const part of parts) if (typeof part === "object" && part !== null) open.push(part);
  }
  return members;
}

/** Reads the text again with the names of every open object at hand; only a refusal pays for it. */
function findDoubled(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{" || character === "[") open.push(new Set());
    else if (character === "}" || character === "]") open.pop();
    if (character !== QUOTE) continue;
    const end = endOfString(text, at);
    const next = afterSpace(text, end);
    if (text.charCodeAt(next) === COLON) {
      const name = JSON.parse(text.slice(at, end)) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
    at = end - 1;
  }
  return undefined;
}

/** The position behind the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let end = start;
  do end = text.indexOf(QUOTE, end + 1);
  while (isEscaped(text, end));
  return end + 1;
}

/** An odd number of backslashes in front of a character escapes it. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** The four of RFC 8259. */
function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}
