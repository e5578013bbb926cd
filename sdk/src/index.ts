/** The New Day SDK: zero dependencies, for browsers and Node 20 or newer. */
import { exchangeOf } from "./exchange.ts";
import { holdsOf } from "./holds.ts";
import { createRequest, type ClientOptions } from "./request.ts";
import { statusOf } from "./server-status.ts";
import { transfersOf } from "./transfers.ts";
import { walletsOf } from "./wallets.ts";

export { isNewDayApiError, NewDayApiError } from "./error.ts";
export type * from "./generated/api-types.ts";
export type { ClientOptions, WriteOptions } from "./request.ts";
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
    status: statusOf(request),
  };
}
