/** `POST /api/v1/quotes`: the result of an exchange now, and the end of that offer. */
import { quoteExchange } from "../../../ledger/exchange/exchange-money.ts";
import { parseAmount } from "../request/amount.ts";
import { QuoteSchema } from "../schemas/schemas-holds.ts";
import { Amount, CurrencyCodeSchema, ref, strictObject } from "../schemas/schemas.ts";
import type { V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const schema = {
  operationId: "postQuote",
  tags: ["Exchange"],
  title: { en: "Ask what an exchange would give", zh: "兑换询价" },
  description:
    "Moves nothing; one exchange may use it. Only listed pairs can be exchanged; the result is rounded down.",
  body: strictObject({
    from: ref(CurrencyCodeSchema),
    to: ref(CurrencyCodeSchema),
    amount: ref(Amount),
  }),
  response: { 200: ref(QuoteSchema) },
};

const config = { access: { scope: "exchange", users: true } } as const;

export function postQuoteRoute(v1: V1App, services: Services): void {
  v1.post("/quotes", { schema, config }, async (request) => {
    const { from, to, amount, ...unread } = request.body;
    unread satisfies NothingElse;
    const source = await services.directory.currency(from, "from");
    const target = await services.directory.currency(to, "to");
    const given = parseAmount(amount);
    const quote = await quoteExchange(services, { source, target, amount: given });
    return {
      id: quote.id,
      from,
      to,
      given: `${given}`,
      received: `${quote.received}`,
      rate: { numerator: `${quote.numerator}`, denominator: `${quote.denominator}` },
      expiresAt: quote.expiresAt.toISOString(),
    };
  });
}
