/** `/api/admin/transfers`: the search for transfers, and everything about one. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { readTransferPage } from "../../../operators/transfers/transfer-page.ts";
import {
  modeOf,
  searchTransfers,
  type TransferPositions,
  type TransferSearchMode,
} from "../../../operators/transfers/search-transfers.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import { rangeQuery, readRange } from "../../v1/request/range.ts";
import {
  CurrencyCodeSchema,
  Id,
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  Reference,
  strictObject,
} from "../../v1/schemas/schemas.ts";
import { moneyAsText, moneyOfText } from "../app/money-position.ts";
import { TransferPageSchema, TransferSummarySchema } from "../app/schemas-things.ts";
import { AnyUserId } from "../app/schemas-users.ts";
import { toTransferPage, toTransferSummary } from "../app/thing-replies.ts";

const tags = ["Transfers"];
const config = { operators: { role: "viewer" } } as const;

const searchSchema = {
  operationId: "searchTransfers",
  tags,
  title: { en: "Search transfers", zh: "搜索交易" },
  description:
    "By a whole id or reference (`q`), in the order of their ids; else newest first, of one user with `userId`. Each " +
    "of one currency and of a time where they are given: `from` is included, `until` not. A page may be shorter than " +
    "asked; `nextCursor` tells whether there is another one.",
  querystring: strictObject({
    ...pageQuery,
    ...rangeQuery,
    q: Type.Optional(ref(Reference)),
    userId: Type.Optional(AnyUserId),
    currency: Type.Optional(ref(CurrencyCodeSchema)),
  }),
  response: { 200: pageOf(ref(TransferSummarySchema)) },
};

const transferSchema = {
  operationId: "getTransferPage",
  tags,
  title: { en: "Read everything about a transfer", zh: "查看交易全貌" },
  description:
    "Its movements with the balances after, who asked and why, what was given back, and its hold or purchase.",
  params: strictObject({ id: ref(Id) }),
  response: { 200: ref(TransferPageSchema) },
};

export function transferRoutes(admin: V1App, services: Services): void {
  admin.get("/transfers", { schema: searchSchema, config }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, q, userId, currency, ...range } = request.query;
    const { from, until, ...unread } = range;
    unread satisfies NothingElse;
    const search = { text: q, userId, currency, ...readRange({ from, until }) };
    const listing = { transfers: { q, userId, currency, from, until } };
    const after = readPosition(modeOf(search), listing, cursor);
    const { transfers, next } = await searchTransfers(services, search, { after, limit });
    const position = storedPosition(next);
    return {
      data: transfers.map(toTransferSummary),
      nextCursor: position ? encodeCursor(listing, position) : null,
    };
  });

  admin.get("/transfers/:id", { schema: transferSchema, config }, async (request) =>
    toTransferPage(services.directory, await readTransferPage(services.db, request.params.id)),
  );
}

function readPosition(
  mode: TransferSearchMode,
  listing: unknown,
  cursor: string | undefined,
): Partial<TransferPositions> {
  if (cursor === undefined) return {};
  if (mode === "text") {
    const position = decodeCursor(listing, cursor, { id: "uuid" });
    return position ? { text: position.id } : {};
  }
  if (mode === "user") {
    const position = decodeCursor(listing, cursor, { money: "text" });
    return position ? { user: moneyOfText(position.money) } : {};
  }
  const position = decodeCursor(listing, cursor, { micros: "number", id: "uuid" });
  return position ? { time: { micros: BigInt(position.micros), id: position.id } } : {};
}

function storedPosition({ text, user, time }: Partial<TransferPositions>) {
  if (text !== undefined) return { id: text };
  if (user !== undefined) return { money: moneyAsText(user) };
  return time && { micros: `${time.micros}`, id: time.id };
}
