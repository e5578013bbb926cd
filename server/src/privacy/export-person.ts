/** Everything that New Day holds about a person, as one JSON document. */
import type { Queryable } from "../db/database.ts";
import { listAccounts, type AccountView } from "../ledger/statements/statement-queries.ts";
import { statementPages } from "../ledger/statements/statement-pages.ts";
import { readStatement } from "../ledger/statements/statement.ts";
import { findReadableTables, readRowsOf } from "./export-queries.ts";
import type { Person } from "./inventory/personal-column.ts";
import { PERSONAL_TABLES } from "./personal-tables.ts";

/** Increases when a reader of the document has to change. */
export const EXPORT_SCHEMA = "newday.person/1";

/** Few round trips, little memory. */
const ENTRIES_AT_ONCE = 1_000;

/**
 * The document in pieces, a page of rows in memory at a time: accounts with every entry, oldest first, then the
 * rows of each table in the order of its key. Amounts are strings of minor units, times ISO 8601 in UTC. The other
 * side of an entry or purchase is there by its public user id, as the person saw it; never by its name.
 */
export async function* exportPerson(db: Queryable, person: Person): AsyncGenerator<string> {
  const head = { schema: EXPORT_SCHEMA, userId: person.userId, exportedAt: new Date() };
  yield `${toJson(head).slice(0, -1)},\n"accounts":[`;
  let separator = "\n";
  for (const account of await listAccounts(db, person.wallet)) {
    yield separator;
    yield* accountPieces(db, account);
    separator = ",\n";
  }
  yield "],\n";
  const tables = await findReadableTables(db, PERSONAL_TABLES);
  separator = `"tables":{\n`;
  for (const table of tables.filter(({ isShownElsewhere }) => !isShownElsewhere)) {
    yield `${separator}${JSON.stringify(table.name)}:`;
    yield* listPieces(readRowsOf(db, person, table));
    separator = ",\n";
  }
  yield "}}\n";
}

async function* accountPieces(db: Queryable, view: AccountView): AsyncGenerator<string> {
  const { account, revision: _, ...shown } = view;
  yield `${toJson({ id: account, ...shown }).slice(0, -1)},"entries":`;
  const range = { order: "oldest", limit: ENTRIES_AT_ONCE } as const;
  const first = await readStatement(db, account, range);
  yield* listPieces(entriesOf(statementPages(db, account, { first, range })));
  yield "}";
}

async function* entriesOf(pages: ReturnType<typeof statementPages>): AsyncGenerator<object> {
  for await (const { entries } of pages)
    for (const { counterparty: _, throughUserId: __, counterpartyUserId, ...entry } of entries)
      yield { ...entry, counterparty: counterpartyUserId };
}

async function* listPieces(rows: AsyncIterable<object>): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const row of rows) {
    yield separator + toJson(row);
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]" : "]";
}

function toJson(value: object): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "bigint" ? `${member}` : member,
  );
}
