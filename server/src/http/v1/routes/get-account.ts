/** `GET /api/v1/wallets/{userId}/accounts/{currency}`: one balance, now or at a time. */
import { Type } from "typebox";
import { balanceAt } from "../../../ledger/statements/statement.ts";
import { accountEtag, readAccount, toAccount } from "../replies/account-reply.ts";
import { answersNotModified } from "../replies/etag.ts";
import { resolveOwn } from "../app/resolve.ts";
import { Account } from "../schemas/schemas-money.ts";
import {
  CurrencyCodeSchema,
  ref,
  SignedAmount,
  strictObject,
  Timestamp,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, parseTime, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const params = strictObject({ userId: ref(UserId), currency: ref(CurrencyCodeSchema) });
const config = { access: { scope: "wallets:read", users: true } } as const;

const accountSchema = {
  operationId: "getAccount",
  tags: ["Wallets"],
  title: { en: "Read an account", zh: "查询账户" },
  description:
    "Its ETag, sent back as `If-Match` with a write, makes that write happen only if nothing has changed.",
  params,
  response: { 200: ref(Account), 304: Type.Null() },
};

const balanceSchema = {
  operationId: "getBalanceAt",
  tags: ["Wallets"],
  title: { en: "Read a balance as it was at a time", zh: "查询某一时刻的余额" },
  description: "As recorded: an entry counts from the moment it was posted.",
  params,
  querystring: strictObject({ at: ref(Timestamp) }),
  response: {
    200: Type.Object({
      currency: ref(CurrencyCodeSchema),
      balance: ref(SignedAmount),
      at: ref(Timestamp),
    }),
  },
};

export function getAccountRoutes(v1: V1App, services: Services): void {
  const path = "/wallets/:userId/accounts/:currency";
  v1.get(path, { schema: accountSchema, config }, async (request, reply) => {
    const { directory, db } = services;
    const { account } = await resolveOwn(directory, callerOf(request), request.params);
    const row = await readAccount(db, account, request.params.currency);
    if (answersNotModified(request, reply, accountEtag(row))) return reply.code(304).send(null);
    return toAccount(row);
  });

  v1.get(`${path}/balance`, { schema: balanceSchema, config }, async (request) => {
    const { directory, db } = services;
    const { currency } = request.params;
    const { account } = await resolveOwn(directory, callerOf(request), request.params);
    const { at: asked, ...unread } = request.query;
    unread satisfies NothingElse;
    const at = parseTime(asked, "at") ?? new Date();
    return { currency, balance: `${await balanceAt(db, account, at)}`, at: at.toISOString() };
  });
}
