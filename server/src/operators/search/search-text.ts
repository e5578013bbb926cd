/** The text that a person searches for. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";

/** The text as names are stored. Errors: `invalid_field` for one of marks alone, which every row would match. */
export async function requireSearchText(db: Queryable, text: string): Promise<string> {
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
