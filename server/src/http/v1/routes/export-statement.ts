/** `GET .../statement/export`: the whole range as one file, streamed page by page. */
import { Readable } from "node:stream";
import { Type } from "typebox";
import type { Database } from "../../../db/database.ts";
import {
  readStatement,
  type AccountStatement,
  type StatementRange,
} from "../../../ledger/statements/statement.ts";
import { resolveOwn } from "../app/resolve.ts";
import { StatementFile } from "../schemas/schemas-statement.ts";
import { CurrencyCodeSchema, ref, strictObject, UserId } from "../schemas/schemas.ts";
import { CSV_HEADER, toCsvLine, toStatementEntry } from "../replies/statement-reply.ts";
import { rangeQuery, readRange } from "../request/range.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

/** Few round trips, little memory. */
const EXPORT_PAGE_SIZE = 1_000;

const BYTE_ORDER_MARK = "\uFEFF";

const files = {
  200: {
    content: {
      "text/csv": { schema: Type.String() },
      "application/json": { schema: StatementFile },
    },
  },
};

const schema = {
  operationId: "exportStatement",
  tags: ["Statements"],
  summary: "Export the entries of an account",
  description:
    "The whole range, newest first, as CSV (RFC 4180) or as one JSON object with opening and closing " +
    "balance. The balances of a CSV are in the headers X-Opening-Balance and X-Closing-Balance.",
  params: strictObject({ userId: ref(UserId), currency: ref(CurrencyCodeSchema) }),
  querystring: strictObject({
    format: Type.Union([Type.Literal("csv"), Type.Literal("json")], { description: "csv or json" }),
    bom: Type.Optional(
      Type.Boolean({
        default: false,
        description: "true or false; true begins a CSV with the mark by which Excel knows UTF-8",
      }),
    ),
    ...rangeQuery,
  }),
  response: files as unknown, // the reply is a stream, which a schema cannot type
};

const config = { access: { scope: "wallets:read", users: true } } as const;

export function exportStatementRoute(v1: V1App, services: Services): void {
  const path = "/wallets/:userId/accounts/:currency/statement/export";
  v1.get(path, { schema, config }, async (request, reply) => {
    const { params, query } = request;
    const { account } = await resolveOwn(services.directory, callerOf(request), params);
    const range = { ...readRange(query), limit: EXPORT_PAGE_SIZE };
    const first = await readStatement(services.db, account, range);
    const pages = pagesFrom(services.db, account, { first, range });
    const start = query.bom === true ? BYTE_ORDER_MARK : "";
    const lines = query.format === "csv" ? csvLines(pages, start) : jsonLines(pages, params, first);
    const type = query.format === "csv" ? "text/csv; charset=utf-8" : "application/json";
    return reply
      .type(type)
      .header("content-disposition", `attachment; filename="statement.${query.format}"`)
      .header("x-opening-balance", `${first.openingBalance}`)
      .header("x-closing-balance", `${first.closingBalance}`)
      .send(Readable.from(lines));
  });
}

/** Older pages are immutable, so the file is consistent however long it takes. */
async function* pagesFrom(
  db: Database,
  account: bigint,
  { first, range }: { first: AccountStatement; range: StatementRange },
): AsyncGenerator<AccountStatement> {
  let page = first;
  yield page;
  while (page.nextCursor !== undefined) {
    page = await readStatement(db, account, { ...range, cursor: page.nextCursor });
    yield page;
  }
}

async function* csvLines(
  pages: AsyncIterable<AccountStatement>,
  start: string,
): AsyncGenerator<string> {
  yield start + CSV_HEADER;
  for await (const { entries } of pages)
    yield entries.map((entry) => toCsvLine(toStatementEntry(entry))).join("");
}

async function* jsonLines(
  pages: AsyncIterable<AccountStatement>,
  params: { userId: string; currency: string },
  { openingBalance, closingBalance }: AccountStatement,
): AsyncGenerator<string> {
  const head = {
    ...params,
    openingBalance: `${openingBalance}`,
    closingBalance: `${closingBalance}`,
  };
  yield `${JSON.stringify(head).slice(0, -1)},"data":[`;
  let separator = "\n";
  for await (const { entries } of pages)
    for (const entry of entries) {
      yield separator + JSON.stringify(toStatementEntry(entry));
      separator = ",\n";
    }
  yield "\n]}\n";
}
