/**
 * Listings and purchases of the legacy database: ids, prices and history unchanged, currencies in
 * one spelling. The old market left a listed item with its seller, so these listings are declared
 * ones: a sale issues the item.
 */
import type { Transaction } from "../db/database.ts";
import { ensureDefinition } from "../items/items/definitions.ts";
import type { ItemFacts } from "../items/items/item-queries.ts";
import { ICONS, knownItemType, knownRarity } from "../items/items/item-vocabulary.ts";
import { OFFICIAL_SELLER } from "../market/shop/catalogue.ts";
import { currencyNamed } from "../ledger/currencies/currency-names.ts";
import { listings, type ListingRow, type ListingStatus } from "../market/listings/listing-rows.ts";
import { PRICE_MAX } from "../market/prices/prices.ts";
import { insertAdoptedPurchases } from "./adopted-item-queries.ts";
import { legacyRows, type LegacyMarketItem } from "./legacy-queries.ts";

/**
 * 放大镜 first: a new user can pay for it (docs/contract.md 5.1). Other official stock comes after
 * these.
 */
const PINS: readonly string[] = ["放大镜", "修复工具", "任务跳过卡", "能量饮料"];
const LAST_PIN = 100;
const STATUSES: Readonly<Record<string, ListingStatus>> = { active: "active", sold: "sold" };

/** Gets the number of legacy rows taken over since the last call. */
export type Advance = (rows: number) => void;

export async function adoptListings(tx: Transaction, advance: Advance): Promise<number> {
  let adopted = 0;
  for await (const rows of legacyRows.market(tx)) {
    const changes: { id: string; before: undefined; after: ListingRow }[] = [];
    for (const row of rows)
      changes.push({
        id: row.id,
        before: undefined,
        after: {
          ...legacyListing(row),
          definitionId: await ensureDefinition(tx, marketFacts(row)),
        },
      });
    for (const { statement, values } of listings.write(changes)) await tx.query(statement, values);
    adopted += rows.length;
    advance(rows.length);
  }
  return adopted;
}

/** The definition of a row of `market_items`. */
export function marketFacts(row: LegacyMarketItem): ItemFacts {
  const itemType = knownItemType(row.category);
  return {
    name: row.name,
    description: row.description ?? "",
    itemType,
    rarity: knownRarity(row.rarity),
    stats: null,
    icon: ICONS[itemType],
    imageUrl: null,
  };
}

export function legacyListing(row: LegacyMarketItem): Omit<ListingRow, "definitionId"> {
  const currency = currencyNamed(row.currency);
  const price = row.price ?? 0n;
  const sellable = currency !== undefined && price >= 1n && price <= BigInt(PRICE_MAX);
  const status = sellable ? (STATUSES[row.status ?? ""] ?? "removed") : "removed";
  const amount = sellable ? price : 1n;
  const official = row.sellerId === null;
  return {
    id: row.id,
    kind: official ? "official" : "declared",
    saleType: "player_market",
    platform: row.gameSource === "AllinONE" ? "allinone" : "newday",
    sellerId: row.sellerId,
    sellerName: row.sellerName ?? OFFICIAL_SELLER,
    itemId: null,
    prices: { [currency ?? "game_coins"]: amount },
    currency: currency ?? "game_coins",
    amount,
    remaining: official ? null : status === "sold" ? 0n : 1n,
    status,
    perUserLimit: null,
    perDayLimit: null,
    pin: official ? pinOf(row.name) : null,
    views: row.views ?? 0n,
    listedAt: row.listedAt ?? new Date(0),
    startsAt: null,
    expiresAt: null,
    revision: 1n,
  };
}

function pinOf(name: string): number {
  const at = PINS.indexOf(name);
  return at < 0 ? LAST_PIN : at + 1;
}

/** An unknown currency is kept as written: history stays as it was. */
export async function adoptPurchases(tx: Transaction, advance: Advance): Promise<number> {
  let adopted = 0;
  for await (const rows of legacyRows.transactions(tx)) {
    await insertAdoptedPurchases(
      tx,
      rows.map((row) => ({
        ...row,
        currency: currencyNamed(row.currency) ?? row.currency ?? "game_coins",
      })),
    );
    adopted += rows.length;
    advance(rows.length);
  }
  return adopted;
}
