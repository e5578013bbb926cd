/** `@newday/sdk/admin`: the operators' API for machines. */
import { createRequest, type ClientOptions } from "../request.ts";
import { adminOperationsOf } from "./generated/operations.ts";

export { isNewDayApiError, NewDayApiError } from "../error.ts";
export type * from "./generated/api-types.ts";
export type { ErrorCode, KnownErrorCode } from "../generated/error-codes.ts";
export type { Listed, Page } from "../pages.ts";
export type { CallOptions, ClientOptions, DryRunOption, WriteOptions } from "../request.ts";

export type NewDayAdminClient = ReturnType<typeof adminOperationsOf>;

/**
 * `token` is a key of an operator (`nd_admin_...`), and must stay on a server. Methods have the operation ids
 * of docs/openapi-admin.json. Every method rejects with `NewDayApiError`; an act that waits for a second
 * person answers with its approval.
 */
export function createAdminClient(options: ClientOptions): NewDayAdminClient {
  return adminOperationsOf(createRequest(options));
}
