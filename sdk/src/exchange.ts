import type { PostExchangeBody, PostQuoteBody, Quote, Transfer } from "./generated/api-types.ts";
import type { Request, WriteOptions } from "./request.ts";

/** Exchange between the explicit pairs: a quote holds its rate until it expires. */
export function exchangeOf(request: Request) {
  return {
    quote: (body: PostQuoteBody) =>
      request<Quote>({ method: "POST", path: "/api/v1/quotes", body, changesNothing: true }),
    execute: (body: PostExchangeBody, write: WriteOptions = {}) =>
      request<Transfer>({ method: "POST", path: "/api/v1/exchanges", body, write }),
  };
}
