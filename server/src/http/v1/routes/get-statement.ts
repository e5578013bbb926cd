/** `GET /api/v1/wallets/{userId}/accounts/{currency}/statement`: entries with the balance after each. */
import { readStatement } from "../../../ledger/statements/statement.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { resolveOwn } from "../app/resolve.ts";
import { sortQuery, StatementSchema } from "../schemas/schemas-statement.ts";
import {
  CurrencyCodeSchema,
  PAGE_SIZE_DEFAULT,
  pageQuery,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { rangeQuery, readRange } from "../request/range.ts";
import { toStatementEntry } from "../replies/statement-reply.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const schema = {
  operationId: "getStatement",
  tags: ["Statements"],
  title: { en: "Read the entries of an account", zh: "查询账户明细" },
  description:
    "Newest first, or oldest first with `sort=oldest`. Opening and closing balance are those of the whole range. " +
    "New entries never shift a page that was begun; oldest first, they come last.",
  params: strictObject({ userId: ref(UserId), currency: ref(CurrencyCodeSchema) }),
  querystring: strictObject({ ...sortQuery, ...pageQuery, ...rangeQuery }),
  response: { 200: ref(StatementSchema) },
};

const config = { access: { scope: "wallets:read", users: true } } as const;

export function getStatementRoute(v1: V1App, services: Services): void {
  const path = "/wallets/:userId/accounts/:currency/statement";
  v1.get(path, { schema, config }, async (request) => {
    const { params } = request;
    const { query } = request;
    const { sort = "newest", cursor, limit = PAGE_SIZE_DEFAULT, from, until, ...unread } = query;
    unread satisfies NothingElse;
    const caller = callerOf(request);
    const { account, wallet } = await resolveOwn(services.directory, caller, params);
    const ascending = sort === "oldest" ? [sort] : [];
    const listing = ["statement", `${account}`, from, until, ...ascending];
    const position = decodeCursor(listing, cursor, { version: "number" });
    const statement = await readStatement(services.db, account, {
      ...readRange({ from, until }),
      order: sort,
      limit,
      ...(position ? { cursor: BigInt(position.version) } : {}),
    });
    const { openingBalance, closingBalance, entries, nextCursor } = statement;
    return {
      userId: wallet.userId,
      currency: params.currency,
      openingBalance: `${openingBalance}`,
      closingBalance: `${closingBalance}`,
      data: entries.map((entry) => toStatementEntry(caller, entry)),
      nextCursor:
        nextCursor === undefined ? null : encodeCursor(listing, { version: `${nextCursor}` }),
    };
  });
}
