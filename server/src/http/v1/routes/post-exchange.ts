/** `POST /api/v1/exchanges`: exchanges money of one user into another currency. */
import { exchangeMoney } from "../../../ledger/exchange/exchange-money.ts";
import { answerTransfer, postingFor, termsFor } from "../request/post-operation.ts";
import { Type, type Static } from "typebox";
import { requireWithinSpendingLimit } from "../../../identity/spending-limit.ts";
import { parseAmount } from "../request/amount.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  Amount,
  CurrencyCodeSchema,
  dryRunQuery,
  postingOptions,
  ref,
  strictObject,
  Timestamp,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, parseTime, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const Positive = Type.String({
  pattern: "^[1-9][0-9]{0,17}$",
  description: "a whole number above zero, as a decimal string",
});

const Quoted = strictObject({
  id: Type.String({
    pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    description: "the id of a quote as POST /api/v1/quotes answered it",
  }),
  rate: strictObject({ numerator: Positive, denominator: Positive }),
  expiresAt: ref(Timestamp),
});

const schema = {
  operationId: "postExchange",
  tags: ["Exchange"],
  title: { en: "Exchange money into another currency", zh: "兑换货币" },
  description:
    "With a quote it happens at the quoted rate or not at all, and the quote is used up; without one, at " +
    "the rate of the moment. " +
    "`result` says what was given and received.",
  querystring: dryRunQuery,
  body: strictObject({
    userId: ref(UserId),
    from: ref(CurrencyCodeSchema),
    to: ref(CurrencyCodeSchema),
    amount: ref(Amount),
    quote: Type.Optional(Quoted),
    ...postingOptions,
  }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = { access: { scope: "exchange", users: true }, writes: true, dryRun: true } as const;

export function postExchangeRoute(v1: V1App, services: Services): void {
  v1.post("/exchanges", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { userId, from, to, amount, quote, ...options } = request.body;
    const { directory } = services;
    const wallet = await requireWallet(directory, caller, userId);
    const exchange = {
      wallet: wallet.number,
      platform: caller.platform,
      source: await directory.currency(from, "from"),
      target: await directory.currency(to, "to"),
      amount: requireWithinSpendingLimit(caller, parseAmount(amount)),
      quote: quote ? { ...readQuote(quote), usedBy: request.idempotencyKey } : null,
    };
    const terms = termsFor(request, options);
    const submitted = await exchangeMoney(postingFor(services, request), exchange, terms);
    return answerTransfer(services, { request, reply }, submitted);
  });
}

function readQuote({ id, rate, expiresAt, ...unread }: Static<typeof Quoted>) {
  const { numerator, denominator, ...unreadOfRate } = rate;
  unread satisfies NothingElse;
  unreadOfRate satisfies NothingElse;
  return {
    id,
    numerator: BigInt(numerator),
    denominator: BigInt(denominator),
    expiresAt: parseTime(expiresAt, "quote.expiresAt") ?? new Date(0),
  };
}
