/** Every named component of the OpenAPI document. */
import { BulkItemResult, BulkResult } from "./schemas-bulk.ts";
import { HoldSchema, QuoteSchema } from "./schemas-holds.ts";
import * as items from "./schemas-items.ts";
import { Account, Currency, Entry, Restriction, Transfer, WalletSchema } from "./schemas-money.ts";
import { StatementSchema, StatementEntrySchema } from "./schemas-statement.ts";
import {
  Amount,
  CurrencyCodeSchema,
  Id,
  Metadata,
  OpenedUserId,
  Problem,
  Reference,
  SignedAmount,
  Timestamp,
  UserId,
  type Component,
} from "./schemas.ts";

export const COMPONENTS: readonly Component[] = [
  Amount,
  CurrencyCodeSchema,
  Id,
  Metadata,
  OpenedUserId,
  Problem,
  Reference,
  SignedAmount,
  Timestamp,
  UserId,
  Account,
  Currency,
  Entry,
  Restriction,
  Transfer,
  WalletSchema,
  BulkItemResult,
  BulkResult,
  HoldSchema,
  QuoteSchema,
  StatementSchema,
  StatementEntrySchema,
  items.CraftSchema,
  items.RecipeSchema,
  items.ItemSchema,
  items.ItemEventSchema,
  items.ItemId,
  items.ItemMove,
  items.ItemStateSchema,
  items.ItemTypeSchema,
  items.Listing,
  items.PricesSchema,
  items.PurchaseSchema,
  items.PurchaseRecord,
  items.Quantity,
  items.RaritySchema,
  items.StatsSchema,
] as unknown as Component[];
