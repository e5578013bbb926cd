/** `GET .../statement/export`: the whole range as one file, streamed page by page. */
import { Readable } from "node:stream";
import { Type } from "typebox";
import { statementPages } from "../../../ledger/statements/statement-pages.ts";
import { readStatement, type AccountStatement } from "../../../ledger/statements/statement.ts";
import { resolveOwn } from "../app/resolve.ts";
import { sortQuery, StatementFile } from "../schemas/schemas-statement.ts";
import { CurrencyCodeSchema, ref, strictObject, UserId } from "../schemas/schemas.ts";
import {
  CSV_HEADER,
  toCsvLine,
  toStatementEntry,
  type ShownEntry,
} from "../replies/statement-reply.ts";
import { rangeQuery, readRange } from "../request/range.ts";
import type { Caller } from "../app/caller.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

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
  title: { en: "Export the entries of an account", zh: "导出账户明细" },
  description:
    "The whole range, newest or oldest first, as CSV (RFC 4180) or as one JSON object with opening and closing " +
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
    ...sortQuery,
    ...rangeQuery,
  }),
  response: files as unknown, // the reply is a stream, which a schema cannot type
};

const config = { access: { scope: "wallets:read", users: true } } as const;

export function exportStatementRoute(v1: V1App, services: Services): void {
  const path = "/wallets/:userId/accounts/:currency/statement/export";
  v1.get(path, { schema, config }, async (request, reply) => {
    const { params } = request;
    const { format, bom, sort = "newest", from, until, ...unread } = request.query;
    unread satisfies NothingElse;
    const caller = callerOf(request);
    const { account, wallet } = await resolveOwn(services.directory, caller, params);
    const named = { userId: wallet.userId, currency: params.currency };
    const range = { ...readRange({ from, until }), order: sort, limit: EXPORT_PAGE_SIZE };
    const first = await readStatement(services.db, account, range);
    const pages = entriesFor(caller, statementPages(services.db, account, { first, range }));
    const start = bom === true ? BYTE_ORDER_MARK : "";
    const lines = format === "csv" ? csvLines(pages, start) : jsonLines(pages, named, first);
    const type = format === "csv" ? "text/csv; charset=utf-8" : "application/json";
    return reply
      .type(type)
      .header("content-disposition", `attachment; filename="statement.${format}"`)
      .header("x-opening-balance", `${first.openingBalance}`)
      .header("x-closing-balance", `${first.closingBalance}`)
      .send(Readable.from(lines));
  });
}

/** The entries of each page. */
async function* entriesFor(
  caller: Caller,
  pages: AsyncIterable<AccountStatement>,
): AsyncGenerator<ShownEntry[]> {
  for await (const { entries } of pages)
    yield entries.map((entry) => toStatementEntry(caller, entry));
}

async function* csvLines(
  pages: AsyncIterable<ShownEntry[]>,
  start: string,
): AsyncGenerator<string> {
  yield start + CSV_HEADER;
  for await (const entries of pages) yield entries.map(toCsvLine).join("");
}

async function* jsonLines(
  pages: AsyncIterable<ShownEntry[]>,
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
  for await (const entries of pages)
    for (const entry of entries) {
      yield separator + JSON.stringify(entry);
      separator = ",\n";
    }
  yield "\n]}\n";
}
