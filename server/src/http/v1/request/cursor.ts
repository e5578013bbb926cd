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

/** The position; undefined at the start. Errors: `invalid_cursor`. */
export function decodeCursor(listing: unknown, cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const decoded = Buffer.from(cursor.slice(0, CURSOR_LENGTH_MAX), "base64url").toString();
  const text = decoded.slice(CHECK_LENGTH);
  if (decoded.slice(0, CHECK_LENGTH) !== check(listing, text))
    throw new NewDayError("invalid_cursor", {
      field: "cursor",
      rule: "was not given out by this listing with these filters",
      ruleZh: "不是此列表在这些筛选条件下给出的",
      remedy: "Start again without a cursor.",
      remedyZh: "请不带游标重新开始",
    });
  return JSON.parse(text) as Position;
}

function check(listing: unknown, text: string): string {
  const hash = createHash("sha256").update(`${JSON.stringify(listing)}\n${text}`);
  return hash.digest("base64url").slice(0, CHECK_LENGTH);
}
