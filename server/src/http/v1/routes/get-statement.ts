/** `GET /api/v1/wallets/{userId}/accounts/{currency}/statement`: entries with the balance after each. */
import { readStatement } from "../../../ledger/statements/statement.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { resolveOwn } from "../app/resolve.ts";
import { StatementSchema } from "../schemas/schemas-statement.ts";
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

const schema = {
  operationId: "getStatement",
  tags: ["Statements"],
  summary: "Read the entries of an account",
  description:
    "Newest first. Opening and closing balance are those of the whole range. New entries never shift a " +
    "page that was begun.",
  params: strictObject({ userId: ref(UserId), currency: ref(CurrencyCodeSchema) }),
  querystring: strictObject({ ...pageQuery, ...rangeQuery }),
  response: { 200: ref(StatementSchema) },
};

const config = { access: { scope: "wallets:read", users: true } } as const;

export function getStatementRoute(v1: V1App, services: Services): void {
  const path = "/wallets/:userId/accounts/:currency/statement";
  v1.get(path, { schema, config }, async (request) => {
    const { params, query } = request;
    const { account } = await resolveOwn(services.directory, callerOf(request), params);
    const listing = ["statement", `${account}`, query.from, query.until];
    const position = decodeCursor(listing, query.cursor, { version: "number" });
    const statement = await readStatement(services.db, account, {
      ...readRange(query),
      limit: query.limit ?? PAGE_SIZE_DEFAULT,
      ...(position ? { cursor: BigInt(position.version) } : {}),
    });
    const { openingBalance, closingBalance, entries, nextCursor } = statement;
    return {
      userId: params.userId,
      currency: params.currency,
      openingBalance: `${openingBalance}`,
      closingBalance: `${closingBalance}`,
      data: entries.map(toStatementEntry),
      nextCursor:
        nextCursor === undefined ? null : encodeCursor(listing, { version: `${nextCursor}` }),
    };
  });
}
