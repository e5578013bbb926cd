/** Every named component of the OpenAPI document. */
import { BulkItemResult, BulkResult } from "./schemas-bulk.ts";
import { Hold, Quote } from "./schemas-holds.ts";
import * as items from "./schemas-items.ts";
import { Account, Currency, Entry, Restriction, Transfer, Wallet } from "./schemas-money.ts";
import { Statement, StatementEntry } from "./schemas-statement.ts";
import {
  Amount, CurrencyCode, Id, Metadata, OpenedUserId, Problem, Reference, SignedAmount, Timestamp, UserId,
  type Component,
} from "./schemas.ts"; // prettier-ignore

export const COMPONENTS: readonly Component[] = [
  Amount, CurrencyCode, Id, Metadata, OpenedUserId, Problem, Reference, SignedAmount, Timestamp, UserId,
  Account, Currency, Entry, Restriction, Transfer, Wallet,
  BulkItemResult, BulkResult,
  Hold, Quote,
  Statement, StatementEntry,
  items.Craft, items.Recipe, items.Item, items.ItemEvent, items.ItemId, items.ItemMove, items.ItemState, items.ItemType,
  items.Listing, items.Prices, items.Purchase, items.PurchaseRecord, items.Quantity, items.Rarity, items.Stats,
] as unknown as Component[]; // prettier-ignore
