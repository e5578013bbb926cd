/** A whole statement, page by page, for files. */
import type { Queryable } from "../../db/database.ts";
import { readStatement, type AccountStatement, type StatementRange } from "./statement.ts";

/** Entries are immutable and later ones are left out, so the file is consistent however long it takes. */
export async function* statementPages(
  db: Queryable,
  account: bigint,
  { first, range }: { readonly first: AccountStatement; readonly range: StatementRange },
): AsyncGenerator<AccountStatement> {
  const upTo = first.closingVersion;
  let page = first;
  yield page;
  while (page.nextCursor !== undefined) {
    page = await readStatement(db, account, { ...range, upTo, cursor: page.nextCursor });
    yield page;
  }
}
