/** `POST /api/v1/exchanges`: exchanges money of one user into another currency. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { confineUnproven } from "../../../identity/confinement.ts";
import { parseAmount } from "../request/amount.ts";
import { exchangeOperation } from "../../../ledger/exchange/exchange-operation.ts";
import { operationFor, postOperation } from "../request/post-operation.ts";
import { requireWallet } from "../app/reach.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  Amount, CurrencyCode, dryRunQuery, postingOptions, ref, strictObject, Timestamp, UserId,
} from "../schemas/schemas.ts"; // prettier-ignore
import { callerOf, parseTime, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const Positive = Type.String({
  pattern: "^[1-9][0-9]{0,17}$",
  description: "a whole number above zero, as a decimal string",
});

const schema = {
  operationId: "postExchange",
  tags: ["Exchange"],
  summary: "Exchange money into another currency",
  description:
    "With a quote it happens at the quoted rate or not at all, and the quote is used up; without one, at " +
    "the rate of the moment. " +
    "`result` says what was given and received.",
  querystring: dryRunQuery,
  body: strictObject({
    userId: ref(UserId),
    from: ref(CurrencyCode),
    to: ref(CurrencyCode),
    amount: ref(Amount),
    quote: Type.Optional(
      strictObject({
        id: Type.String({
          pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
          description: "the id of a quote as POST /api/v1/quotes answered it",
        }),
        rate: strictObject({ numerator: Positive, denominator: Positive }),
        expiresAt: ref(Timestamp),
      }),
    ),
    ...postingOptions,
  }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = { access: { scope: "exchange", users: true }, writes: true, dryRun: true } as const;

export function postExchangeRoute(v1: V1App, services: Services): void {
  v1.post("/exchanges", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { userId, from, to, amount, quote, ...options } = request.body;
    const wallet = await requireWallet(services.directory, caller, userId);
    const source = await services.directory.currency(from, "from");
    const target = await services.directory.currency(to, "to");
    const payload = {
      wallet: wallet.number,
      exchange: await services.directory.systemWallet(caller.platform, "exchange"),
      source: Number(source.number),
      target: Number(target.number),
      amount: confineUnproven(caller, parseAmount(amount)),
      quote: quote ? readQuote(quote) : null,
    };
    const once = quote && { name: `quote:${quote.id}`, refusal: quoteUsed() };
    const operation = operationFor(request, exchangeOperation, payload, options);
    return postOperation(services, { request, reply }, operation, once);
  });
}

function quoteUsed(): NewDayError {
  return new NewDayError("quote_used", {
    field: "quote.id",
    rule: "was used by another request, posted or refused",
    ruleZh: "已被其他请求使用",
    remedy: "ask for a new quote; to repeat that request, send it with its own Idempotency-Key",
  });
}

function readQuote({
  rate,
  expiresAt,
}: {
  rate: { numerator: string; denominator: string };
  expiresAt: string;
}) {
  return {
    numerator: BigInt(rate.numerator),
    denominator: BigInt(rate.denominator),
    expiresAt: parseTime(expiresAt, "quote.expiresAt") ?? new Date(0),
  };
}
