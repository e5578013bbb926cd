/**
 * Cursors: the position in a list, as an opaque word. It belongs to one list with one set of
 * filters; an edited or foreign cursor is refused. It grants no access: every page is selected for
 * its caller anew.
 */
import { createHash } from "node:crypto";
import { NewDayError } from "../../../errors/errors.ts";

export type Position = Readonly<Record<string, string>>;

const CHECK_LENGTH = 12;
const CURSOR_LENGTH_MAX = 1_024;

/** `listing` names the listing and all its filters. */
export function encodeCursor(listing: unknown, position: Position): string {
  const text = JSON.stringify(position);
  return Buffer.from(check(listing, text) + text).toString("base64url");
}

/** What a value of a position looks like; PostgreSQL refuses any other as a fault. */
const FORMS = {
  rank: (text: string) => /^\d{1,2}$/.test(text),
  number: (text: string) => /^-?\d{1,18}$/.test(text),
  time: isStoredTime,
  uuid: (text: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
  text: (text: string) => /^[^\p{Cc}\p{Cs}]{1,512}$/u.test(text),
} as const;

type Form = keyof typeof FORMS;

/**
 * The position, which has exactly the values that `forms` names; undefined at the start. The check word
 * works without a secret: a forged one reaches another place of a list that its caller may read anyway.
 * Errors: `invalid_cursor`.
 */
export function decodeCursor<Name extends string>(
  listing: unknown,
  cursor: string | undefined,
  forms: Readonly<Record<Name, Form>>,
): Readonly<Record<Name, string>> | undefined {
  if (cursor === undefined) return undefined;
  const decoded = Buffer.from(cursor.slice(0, CURSOR_LENGTH_MAX), "base64url").toString();
  // The decoder skips foreign letters and lone bits at the end: only the spelling that was given out counts.
  const isAsGiven = Buffer.from(decoded).toString("base64url") === cursor;
  const text = decoded.slice(CHECK_LENGTH);
  const isOurs = isAsGiven && decoded.slice(0, CHECK_LENGTH) === check(listing, text);
  const position = isOurs ? parse(text) : {};
  const names = Object.keys(forms) as Name[];
  const isWhole = Object.keys(position).length === names.length;
  if (!isWhole || !names.every((name) => isOfForm(position[name], forms[name])))
    throw new NewDayError("invalid_cursor", {
      field: "cursor",
      rule: {
        en: "was not given out by this listing with these filters",
        zh: "不是此列表在这些筛选条件下给出的",
      },
      remedy: { en: "Start again without a cursor.", zh: "请不带游标重新开始" },
    });
  return position as Record<Name, string>;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {}; // SyntaxError: forged
  }
}

function isOfForm(value: unknown, form: Form): boolean {
  return typeof value === "string" && FORMS[form](value);
}

const STORED_TIME =
  /^([1-9]\d{3})-(0[1-9]|1[0-2])-(\d{2}) (?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,6})?[+-](?:0\d|1[0-4])(?::[0-5]\d)?$/;

/** A timestamptz as PostgreSQL writes it, on a day that its month has. */
function isStoredTime(text: string): boolean {
  const [year, month = 0, day = 0] = (STORED_TIME.exec(text) ?? []).slice(1).map(Number);
  return year !== undefined && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function check(listing: unknown, text: string): string {
  const hash = createHash("sha256").update(`${JSON.stringify(listing)}\n${text}`);
  return hash.digest("base64url").slice(0, CHECK_LENGTH);
}
