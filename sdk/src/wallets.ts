import type {
  Account, Currency, PostAccountFreezeBody, Statement, Transfer, Wallet,
} from "./generated/api-types.ts"; // prettier-ignore
import type { Request, WriteOptions } from "./request.ts";

export interface StatementQuery {
  /** Entries per page. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
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
  return {
    /** Opens the wallet of a user, or returns the one that exists. */
    open: (userId: string) => request<Wallet>({ method: "PUT", path: wallet(userId) }),
    get: (userId: string) => request<Wallet>({ method: "GET", path: wallet(userId) }),
    getAccount: (userId: string, currency: string) =>
      request<Account>({ method: "GET", path: account(userId, currency) }),
    /** The balance as it was at a time (ISO-8601). */
    getBalanceAt: (userId: string, currency: string, at: string) =>
      request<unknown>({
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
    freeze: (
      userId: string,
      currency: string,
      body: PostAccountFreezeBody,
      write: WriteOptions = {},
    ) =>
      request<Transfer>({
        method: "POST",
        path: `${account(userId, currency)}/freeze`,
        body,
        write,
      }),
    listCurrencies: () =>
      request<{ readonly data: readonly Currency[] }>({
        method: "GET",
        path: "/api/v1/currencies",
      }),
  };
}
