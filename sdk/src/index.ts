/** The New Day SDK: zero dependencies, for browsers and Node 20 or newer. */
import { operationsOf } from "./operations/generated/operations.ts";
import { createRequest, type ClientOptions } from "./request.ts";
import { statusOf } from "./server-status.ts";

export { signAssertion, type AssertionSigner } from "./assertion.ts";
export { isNewDayApiError, NewDayApiError } from "./error.ts";
export { etagOf } from "./etags.ts";
export type * from "./generated/api-types.ts";
export type { ErrorCode, KnownErrorCode } from "./generated/error-codes.ts";
export type { Listed, Page } from "./pages.ts";
export type {
  CallOptions,
  ClientOptions,
  DryRunOption,
  IfMatchOption,
  TokenSource,
  WriteOptions,
} from "./request.ts";
export type { ServerStatus } from "./server-status.ts";
export { sessionTokens, type SessionOptions } from "./session-tokens.ts";

export interface NewDayClient extends ReturnType<typeof operationsOf> {
  readonly status: ReturnType<typeof statusOf>;
}

/** Every method rejects with `NewDayApiError`. Writes are retried with one idempotency key. */
export function createClient(options: ClientOptions): NewDayClient {
  const request = createRequest(options);
  return { ...operationsOf(request), status: statusOf(request) };
}
