/** The New Day SDK: zero dependencies, for browsers and Node 20 or newer. */
import { exchangeOf } from "./exchange.ts";
import { holdsOf } from "./holds.ts";
import { itemsOf } from "./items.ts";
import { catalogueOf, listingsOf, purchasesOf } from "./market.ts";
import { recipesOf } from "./recipes.ts";
import { createRequest, type ClientOptions } from "./request.ts";
import { statusOf } from "./server-status.ts";
import { transfersOf } from "./transfers.ts";
import { walletsOf } from "./wallets.ts";

export { isNewDayApiError, NewDayApiError, type ErrorCode } from "./error.ts";
export type * from "./generated/api-types.ts";
export type { KnownErrorCode } from "./generated/error-codes.ts";
export type { ItemsQuery } from "./items.ts";
export type { CatalogueQuery, ListingsQuery, PurchasesQuery } from "./market.ts";
export type { ClientOptions, Page, PageQuery, WriteOptions } from "./request.ts";
export type { ServerStatus } from "./server-status.ts";
export type { StatementQuery } from "./wallets.ts";

export type NewDayClient = ReturnType<typeof createClient>;

/** Every method rejects with `NewDayApiError`. Writes are retried with one idempotency key. */
export function createClient(options: ClientOptions) {
  const request = createRequest(options);
  return {
    wallets: walletsOf(request),
    transfers: transfersOf(request),
    holds: holdsOf(request),
    exchange: exchangeOf(request),
    items: itemsOf(request),
    catalogue: catalogueOf(request),
    listings: listingsOf(request),
    purchases: purchasesOf(request),
    recipes: recipesOf(request),
    status: statusOf(request),
  };
}
