/** The text that a person searches for. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";

/** Every character but a mark is kept by `newday.folded_text`. */
const BESIDE_MARKS = /\P{M}/u;

/** The text as names are stored. Errors: `invalid_field` for one of marks alone, which every row would match. */
export async function requireSearchText(db: Queryable, text: string): Promise<string> {
  if (BESIDE_MARKS.test(text)) return text;
  const [row] = await db.query<{ found: boolean }>(
    { name: "search-text", text: "select newday.search_query($1) is not null as found" },
    [text],
  );
  if (row?.found === true) return text;
  throw new NewDayError("invalid_field", {
    field: "q",
    rule: { en: "has a letter, digit or sign beside marks", zh: "除变音符号外至少含一个字符" },
  });
}
