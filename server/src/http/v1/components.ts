/** Every named component of the OpenAPI document. */
import * as money from "./schemas-money.ts";
import {
  Amount, CurrencyCode, Id, Metadata, Problem, Reference, SignedAmount, Timestamp, UserId,
  type Component,
} from "./schemas.ts"; // prettier-ignore

export const COMPONENTS: readonly Component[] = [
  Amount, CurrencyCode, Id, Metadata, Problem, Reference, SignedAmount, Timestamp, UserId,
  money.Account, money.Currency, money.Entry, money.Transfer, money.Wallet,
] as unknown as Component[]; // prettier-ignore
