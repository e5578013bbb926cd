import type {
  Account,
  Currency,
  PostAccountCloseBody,
  PostAccountFreezeBody,
  PostAccountReopenBody,
  PutWalletBody,
  Statement,
  Timestamp,
  Wallet,
} from "./generated/api-types.ts";
import type { PageQuery, Request, WriteOptions } from "./request.ts";

export interface StatementQuery extends PageQuery {
  /** ISO-8601, inclusive. */
  readonly from?: string;
  /** ISO-8601, exclusive. */
  readonly until?: string;
}

/** Wallets, their accounts and statements. Amounts are decimal strings of minor units. */
export function walletsOf(request: Request) {
  const wallet = (userId: string) => `/api/v1/wallets/${encodeURIComponent(userId)}`;
  const account = (userId: string, currency: string) =>
    `${wallet(userId)}/accounts/${encodeURIComponent(currency)}`;
  const post = (
    userId: string,
    currency: string,
    { verb, body, write }: { verb: string; body: unknown; write: WriteOptions },
  ) =>
    request<Account>({
      method: "POST",
      path: `${account(userId, currency)}/${verb}`,
      body,
      write,
    });
  return {
    /** Opens the wallet of a user, or returns the one that exists. */
    open: (userId: string, body: PutWalletBody = {}) =>
      request<Wallet>({ method: "PUT", path: wallet(userId), body }),
    get: (userId: string) => request<Wallet>({ method: "GET", path: wallet(userId) }),
    getAccount: (userId: string, currency: string) =>
      request<Account>({ method: "GET", path: account(userId, currency) }),
    /** The balance as it was at a time (ISO-8601). */
    getBalanceAt: (userId: string, currency: string, at: string) =>
      request<{ currency: string; balance: string; at: Timestamp }>({
        method: "GET",
        path: `${account(userId, currency)}/balance`,
        query: { at },
      }),
    getStatement: (userId: string, currency: string, query: StatementQuery = {}) =>
      request<Statement>({
        method: "GET",
        path: `${account(userId, currency)}/statement`,
        query: { ...query },
      }),
    /** The whole statement as a file. */
    exportStatement: (
      userId: string,
      currency: string,
      query: { readonly format: "csv" | "json"; readonly from?: string; readonly until?: string },
    ) =>
      request<string>({
        method: "GET",
        path: `${account(userId, currency)}/statement/export`,
        query,
        text: true,
      }),
    freeze: (
      userId: string,
      currency: string,
      body: PostAccountFreezeBody,
      write: WriteOptions = {},
    ) => post(userId, currency, { verb: "freeze", body, write }),
    close: (
      userId: string,
      currency: string,
      body: PostAccountCloseBody = {},
      write: WriteOptions = {},
    ) => post(userId, currency, { verb: "close", body, write }),
    reopen: (
      userId: string,
      currency: string,
      body: PostAccountReopenBody = {},
      write: WriteOptions = {},
    ) => post(userId, currency, { verb: "reopen", body, write }),
    listCurrencies: () =>
      request<{ readonly data: readonly Currency[] }>({
        method: "GET",
        path: "/api/v1/currencies",
      }),
  };
}
