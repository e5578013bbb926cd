/**
 * Finds the part of a JSON text that `JSON.parse` would change or drop. RFC 8259 leaves open which of two
 * equal members counts, and how exact a number is: a proxy, a signer and this server could each read
 * another amount from one body, and two bodies would have one fingerprint.
 */
const QUOTE = '"';
const QUOTE_CODE = 34;
const MINUS = 45;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const COLON = 58;
const BACKSLASH = 92;
const NUMBER = /-?[0-9.eE+-]+/y;
/** An integer of so many digits is below 2^53, so that a double holds it. */
const EXACT_DIGITS_MAX = 15;

/** `doubled`: `field` is a name that its object holds twice. `inexact`: `field` is the path of a number. */
export interface JsonLoss {
  readonly kind: "doubled" | "inexact";
  readonly field: string;
}

/**
 * Returns the first loss, or undefined. `value` is the result of `JSON.parse` for `text`. Every body pays for
 * this check, so one scan decides the common case: the text has as many names as the value has members, and
 * all its numbers are short integers.
 */
export function findLoss(text: string, value: unknown): JsonLoss | undefined {
  const { names, isExact } = scan(text);
  return isExact && names === countMembers(value) ? undefined : locateLoss(text);
}

/** Counts the strings that a colon follows, and checks the numbers; jumps over strings by their quotes. */
function scan(text: string): { names: number; isExact: boolean } {
  let names = 0;
  let isExact = true;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE_CODE) {
      at = afterSpace(text, endOfString(text, at));
      if (text.charCodeAt(at) === COLON) names += 1;
    } else if (isNumberStart(code)) {
      const token = numberAt(text, at);
      isExact &&= isExactNumber(token);
      at += token.length;
    } else at += 1;
  }
  return { names, isExact };
}

function isNumberStart(code: number): boolean {
  return code === MINUS || (code >= DIGIT_0 && code <= DIGIT_9);
}

function numberAt(text: string, at: number): string {
  NUMBER.lastIndex = at;
  return NUMBER.exec(text)?.[0] ?? "";
}

/** Digits beyond 2^53 - 1 share their double with their neighbours, even where they print the same. */
function isExactNumber(token: string): boolean {
  if (token.length <= EXACT_DIGITS_MAX && /^-?[1-9][0-9]*$|^0$/.test(token)) return true;
  const value = Number(token);
  if (Object.is(value, -0)) return false; // stored and shown as 0
  if (!Number.isFinite(value)) return false;
  if (/^-?[0-9]+$/.test(token) && !Number.isSafeInteger(value)) return false;
  return decimalOf(token) === decimalOf(String(value));
}

/** One spelling for equal decimals: the digits without outer zeros, and the power of ten. */
function decimalOf(token: string): string {
  const [mantissa = "", power = "0"] = token.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const exponent = Number(power) - fraction.length + digits.length - significant.length;
  return `${mantissa.startsWith("-") ? "-" : ""}${significant}e${exponent}`;
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

/** An object or array that the scan is in, with the name or index of its present part. */
interface OpenValue {
  readonly names: Set<string>;
  part: string | number;
}

/** Reads the text again with every open object at hand; bodies with long numbers or a loss pay for it. */
function locateLoss(text: string): JsonLoss | undefined {
  const open: OpenValue[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? "";
    const parent = open.at(-1);
    if (character === QUOTE) {
      const end = endOfString(text, at);
      const next = afterSpace(text, end);
      if (parent && text.charCodeAt(next) === COLON) {
        const name = JSON.parse(text.slice(at, end)) as string;
        if (parent.names.has(name)) return { kind: "doubled", field: name };
        parent.names.add(name);
        parent.part = name;
      }
      at = next;
      continue;
    }
    if (isNumberStart(text.charCodeAt(at))) {
      const token = numberAt(text, at);
      if (!isExactNumber(token))
        return { kind: "inexact", field: open.map(({ part }) => part).join(".") };
      at += token.length;
      continue;
    }
    if (character === "{") open.push({ names: new Set(), part: "" });
    else if (character === "[") open.push({ names: new Set(), part: 0 });
    else if (character === "}" || character === "]") open.pop();
    else if (character === "," && typeof parent?.part === "number") parent.part += 1;
    at += 1;
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
