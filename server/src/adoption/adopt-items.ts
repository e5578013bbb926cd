/**
 * The part of adoption for items and the market: each item once, every id kept.
 *
 * All of it is one transaction that readers do not hold up: either the legacy tables are taken over
 * and refuse writes from then on, or the database is unchanged. The legacy rows themselves stay
 * where they are.
 */
import type { Queryable, Transaction } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import { ensureDefinition } from "../items/items/definitions.ts";
import type { ItemFacts } from "../items/items/item-queries.ts";
import { ICONS, knownItemType, knownRarity } from "../items/items/item-vocabulary.ts";
import type { Stats } from "../items/items/item-fields.ts";
import type { JsonObject } from "../engine/operation.ts";
import { patienceOf, type AdoptionContext, type AdoptionPart } from "./adoption-part.ts";
import { insertAdoptedPart } from "./adoption-queries.ts";
import { patientTransaction } from "../db/patient-transaction.ts";
import { ensureCatalogue } from "../market/shop/catalogue.ts";
import { adoptListings, adoptPurchases, type Advance } from "./adopt-listings.ts";
import { insertAdoptedItems, insertMerges, type AdoptedItem } from "./adopted-item-queries.ts";
import { DUPLICATE_WITHIN_S, pairDuplicates } from "./duplicates.ts";
import {
  countRows,
  existingTables,
  freezeTables,
  legacyRows,
  listDuplicateCandidates,
  lockTables,
  type DuplicateCandidate,
  type LegacyAdventureItem,
  type LegacyInventoryItem,
  type LegacyTable,
} from "./legacy-queries.ts";

const PART = "items";
/**
 * Time under the locks for each row, which is copied there: four times what a busy machine of two cores
 * needs. Readers of the old tables go on; only writers wait.
 */
const HOLD_PER_ROW_MS = 4;
/** The game's own items are consumables, unless their name says otherwise. */
const ADVENTURE_TYPES: Readonly<Record<string, "tool">> = { 探险工具包: "tool" };
const NAME_UNKNOWN = "?";
/** The time of a legacy row without one. */
export const EPOCH = "1970-01-01T00:00:00Z";

type Pairs = ReadonlyMap<string, DuplicateCandidate>;

export const adoptItems: AdoptionPart = {
  name: PART,

  async plan(db) {
    const tables = await existingTables(db);
    const rows = await countAll(db, tables);
    const pairs = await findPairs(db, tables);
    return { rows, duplicates: pairs.size, merges: describePairs(pairs) };
  },

  // The backfill is empty: the rows are few, and copying them twice would take longer.
  backfill: async () => undefined,

  async switchOver(context) {
    const counts = await countAll(context.db, await existingTables(context.db));
    const holdMs = context.holdMs + totalOf(counts) * HOLD_PER_ROW_MS;
    const work = (tx: Transaction) => switchTables(context, tx);
    return patientTransaction(context.db, work, patienceOf(holdMs));
  },
};

async function switchTables({ progress }: AdoptionContext, tx: Transaction): Promise<JsonObject> {
  const tables = await existingTables(tx);
  await lockTables(tx, tables);
  const report = await adoptAll(tx, tables, (done, total) => progress(PART, done, total));
  await ensureCatalogue(tx);
  await freezeTables(tx, tables);
  await insertAdoptedPart(tx, PART, report);
  return report;
}

async function countAll(
  db: Queryable,
  tables: readonly LegacyTable[],
): Promise<Partial<Record<LegacyTable, number>>> {
  const counts: Partial<Record<LegacyTable, number>> = {};
  for (const table of tables) counts[table] = await countRows(db, table);
  return counts;
}

function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

async function findPairs(db: Queryable, tables: readonly string[]): Promise<Pairs> {
  if (!tables.includes("user_inventories") || !tables.includes("adventure_items")) return new Map();
  return pairDuplicates(await listDuplicateCandidates(db, DUPLICATE_WITHIN_S));
}

function describePairs(pairs: Pairs): JsonObject[] {
  return [...pairs.values()].map(({ adventureId, inventoryId, ...facts }) => {
    return { merged: `adv-${adventureId}`, into: `inv-${inventoryId}`, ...facts };
  });
}

async function adoptAll(
  tx: Transaction,
  tables: readonly LegacyTable[],
  progress: (done: number, total: number) => void,
): Promise<JsonObject> {
  const pairs = await findPairs(tx, tables);
  const counts = await countAll(tx, tables);
  const total = totalOf(counts);
  let done = 0;
  const advance = (rows: number) => progress((done += rows), total);
  advance(0);
  const has = (table: LegacyTable) => tables.includes(table);
  const listings = has("market_items") ? await adoptListings(tx, advance) : 0;
  const inventory = has("user_inventories") ? await adoptInventory(tx, tables, advance) : 0;
  const adventure = has("adventure_items") ? await adoptAdventure(tx, pairs, advance) : 0;
  const purchases = has("transactions") ? await adoptPurchases(tx, advance) : 0;
  const expected = (counts.user_inventories ?? 0) + (counts.adventure_items ?? 0);
  if (inventory + adventure + pairs.size !== expected)
    throw new NewDayError("adoption_mismatch", {
      inventory,
      adventure,
      merged: pairs.size,
      expected,
    });
  const merges = describePairs(pairs);
  return { listings, purchases, inventory, adventure, merged: pairs.size, merges };
}

async function adoptInventory(
  tx: Transaction,
  tables: readonly LegacyTable[],
  advance: Advance,
): Promise<number> {
  let adopted = 0;
  for await (const rows of legacyRows.inventory(tx, tables)) {
    const items: AdoptedItem[] = [];
    for (const row of rows) items.push(await inventoryItem(tx, row));
    adopted += await insertAdoptedItems(tx, items);
    advance(rows.length);
  }
  return adopted;
}

async function inventoryItem(tx: Transaction, row: LegacyInventoryItem): Promise<AdoptedItem> {
  const quantity = row.quantity ?? 1n;
  return {
    id: `inv-${row.id}`,
    ownerId: row.ownerId,
    definitionId: await ensureDefinition(tx, inventoryFacts(row)),
    // A row of quantity zero is kept, outside every inventory.
    state: quantity > 0n ? "owned" : "retired",
    quantity: quantity > 0n ? quantity : 1n,
    obtainedFrom: row.obtainedFrom,
    listingId: row.listingId,
    obtainedAt: row.obtainedAt ?? EPOCH,
  };
}

/** The definition of a row of `user_inventories`. */
export function inventoryFacts(row: LegacyInventoryItem): ItemFacts {
  const itemType = knownItemType(row.itemType);
  return {
    name: row.name || NAME_UNKNOWN,
    description: row.description ?? "",
    itemType,
    rarity: knownRarity(row.rarity),
    stats: null,
    icon: row.icon ?? ICONS[itemType],
    imageUrl: null,
  };
}

async function adoptAdventure(tx: Transaction, pairs: Pairs, advance: Advance): Promise<number> {
  let adopted = 0;
  for await (const rows of legacyRows.adventure(tx)) {
    const own = rows.filter(({ id }) => !pairs.has(id));
    const items: AdoptedItem[] = [];
    for (const row of own) items.push(await adventureItem(tx, row));
    adopted += await insertAdoptedItems(tx, items);
    await insertMerges(
      tx,
      rows.flatMap((row) => mergeOf(row, pairs)),
    );
    advance(rows.length);
  }
  return adopted;
}

async function adventureItem(tx: Transaction, row: LegacyAdventureItem): Promise<AdoptedItem> {
  return {
    id: `adv-${row.id}`,
    ownerId: row.ownerId,
    definitionId: await ensureDefinition(tx, adventureFacts(row)),
    state: row.used ? "used" : row.purchased ? "owned" : "offered",
    quantity: 1n,
    obtainedFrom: OBTAINED_FROM_ADVENTURE,
    listingId: null,
    obtainedAt: row.createdAt ?? EPOCH,
  };
}

export const OBTAINED_FROM_ADVENTURE = "adventure";

/** The definition of a row of `adventure_items`. */
export function adventureFacts(row: LegacyAdventureItem): ItemFacts {
  const itemType = ADVENTURE_TYPES[row.name] ?? "consumable";
  return {
    name: row.name || NAME_UNKNOWN,
    description: row.description ?? "",
    itemType,
    rarity: "common",
    stats: statsOf(row),
    icon: row.icon ?? ICONS[itemType],
    imageUrl: null,
  };
}

/** The effects of a game item are its stats; only plain values are taken. */
function statsOf({ effects }: LegacyAdventureItem): Stats | null {
  const plain = Object.entries(effects ?? {}).filter(
    (entry): entry is [string, number | string | boolean] =>
      ["number", "string", "boolean"].includes(typeof entry[1]),
  );
  return plain.length === 0 ? null : Object.fromEntries(plain);
}

function mergeOf(row: LegacyAdventureItem, pairs: Pairs) {
  const pair = pairs.get(row.id);
  if (!pair) return [];
  const reason = `same owner and name, bought, written ${pair.milliseconds} ms apart: one purchase in both tables`;
  const itemId = `inv-${pair.inventoryId}`;
  return [{ mergedId: `adv-${row.id}`, itemId, reason, legacyRow: row.row }];
}
