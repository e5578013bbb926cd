/**
 * SQL that reads the legacy item tables. Every row is read through its JSON form, because columns
 * differ from one production database to the next: `item_type` and `item_rarity` came late.
 */
import type { Queryable, Transaction } from "../db/database.ts";

const LEGACY_TABLES = [
  "market_items",
  "transactions",
  "user_inventories",
  "adventure_items",
] as const;
export type LegacyTable = (typeof LEGACY_TABLES)[number];

/** The legacy tables that this database has. */
export async function existingTables(db: Queryable): Promise<LegacyTable[]> {
  const rows = await db.query<{ name: LegacyTable }>(
    `select name from unnest($1::text[]) as name where to_regclass('public.' || name) is not null`,
    [LEGACY_TABLES],
  );
  return rows.map(({ name }) => name);
}

export async function countRows(db: Queryable, table: LegacyTable): Promise<number> {
  const [row] = await db.query<{ total: number }>(
    `select count(*)::int as total from public.${table}`,
  );
  return row?.total ?? 0;
}

/**
 * Readers of legacy tables continue, writers wait: the rows must stay as they are during adoption.
 */
export async function lockTables(tx: Transaction, tables: readonly LegacyTable[]): Promise<void> {
  if (tables.length === 0) return;
  const names = tables.map((table) => `public.${table}`).join(", ");
  await tx.query(`lock table ${names} in share row exclusive mode`);
}

/** From now on a write of an old server fails loudly. */
export async function freezeTables(tx: Transaction, tables: readonly LegacyTable[]): Promise<void> {
  for (const table of tables)
    await tx.query(`create trigger newday_adopted
      before insert or update or delete or truncate on public.${table}
      for each statement execute function newday.refuse_frozen_write()`);
}

export interface LegacyInventoryItem {
  readonly id: string;
  readonly ownerId: string;
  readonly listingId: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly icon: string | null;
  readonly quantity: bigint | null;
  readonly obtainedFrom: string | null;
  /** As text: a Date would lose the microseconds by which items are sorted. */
  readonly obtainedAt: string | null;
  readonly itemType: string | null;
  readonly rarity: string | null;
}

const INVENTORY_COLUMNS = `j->>'id' as id, j->>'user_id' as "ownerId", j->>'item_id' as "listingId",
    j->>'item_name' as name, j->>'item_description' as description, j->>'item_icon' as icon,
    (j->>'quantity')::bigint as quantity, j->>'obtained_from' as "obtainedFrom",
    j->>'obtained_at' as "obtainedAt"`;

const inventory = (
  where = "",
) => `select ${INVENTORY_COLUMNS}, j->>'item_type' as "itemType", j->>'item_rarity' as rarity
  from (select to_jsonb(u) as j from public.user_inventories u ${where}) u`;

/**
 * A row without type and rarity takes those of its listing, or of any of the same name. Both are
 * joined by equality, so that the time is linear in the rows.
 */
const inventoryBesideMarket = (where = "") => `select ${INVENTORY_COLUMNS},
    coalesce(j->>'item_type', own.category, named.category) as "itemType",
    coalesce(j->>'item_rarity', own.rarity, named.rarity) as rarity
  from (select to_jsonb(u) as j from public.user_inventories u ${where}) u
  left join public.market_items own on own.id::text = j->>'item_id' and own.name = j->>'item_name'
  left join (
    select distinct on (name) name, category, rarity from public.market_items order by name, id
  ) named on named.name = j->>'item_name'`;

export interface LegacyAdventureItem {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly description: string | null;
  readonly icon: string | null;
  readonly effects: Readonly<Record<string, unknown>> | null;
  readonly purchased: boolean;
  readonly used: boolean;
  readonly createdAt: string | null;
  readonly row: object;
}

/** Of a row of `adventure_items` in its JSON form, `j`. */
export const ADVENTURE_COLUMNS = `j->>'id' as id, j->>'player_id' as "ownerId", j->>'item_name' as name,
    j->>'item_description' as description, j->>'item_icon' as icon, j->'effects' as effects,
    coalesce((j->>'is_purchased')::boolean, false) as purchased,
    coalesce((j->>'is_used')::boolean, false) as used, j->>'created_at' as "createdAt", j as row`;

const adventure = (where = "") => `select ${ADVENTURE_COLUMNS}
  from (select to_jsonb(a) as j from public.adventure_items a ${where}) a`;

export interface LegacyMarketItem {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly rarity: string | null;
  readonly price: bigint | null;
  readonly currency: string | null;
  readonly sellerId: string | null;
  readonly sellerName: string | null;
  readonly gameSource: string | null;
  readonly status: string | null;
  readonly listedAt: Date | null;
  readonly views: bigint | null;
}

const market = (
  where = "",
) => `select j->>'id' as id, j->>'name' as name, j->>'description' as description,
    j->>'category' as category, j->>'rarity' as rarity, (j->>'price')::bigint as price,
    j->>'currency' as currency, j->>'seller_id' as "sellerId", j->>'seller_name' as "sellerName",
    j->>'game_source' as "gameSource", j->>'status' as status,
    (j->>'listed_at')::timestamptz as "listedAt", (j->>'views')::bigint as views
  from (select to_jsonb(m) as j from public.market_items m ${where}) m`;

export interface LegacyTransaction {
  readonly id: string;
  readonly listingId: string;
  readonly buyerId: string;
  readonly sellerId: string | null;
  readonly currency: string | null;
  readonly price: bigint;
  readonly commission: bigint;
  readonly totalAmount: bigint;
  readonly sellerReceives: bigint;
  readonly saleType: string;
  readonly createdAt: string;
}

const TRANSACTION = `select j->>'id' as id, j->>'item_id' as "listingId", j->>'buyer_id' as "buyerId",
    j->>'seller_id' as "sellerId", j->>'currency' as currency, (j->>'price')::bigint as price,
    coalesce((j->>'commission')::bigint, 0) as commission,
    (j->>'total_amount')::bigint as "totalAmount",
    (j->>'seller_receives')::bigint as "sellerReceives", j->>'transaction_type' as "saleType",
    j->>'created_at' as "createdAt"
  from (select to_jsonb(t) as j from public.transactions t) t`;

const FETCH_SIZE = 1_000;

async function* fetchAll<R extends object>(tx: Transaction, select: string): AsyncGenerator<R[]> {
  await tx.query(`declare legacy_rows no scroll cursor for ${select}`);
  for (;;) {
    const rows = await tx.query<R>(`fetch forward ${FETCH_SIZE} from legacy_rows`);
    if (rows.length === 0) break;
    yield rows;
  }
  await tx.query("close legacy_rows");
}

/** In blocks, so that a table of any size needs little memory. One reader at a time. */
export const legacyRows = {
  inventory: (tx: Transaction, tables: readonly LegacyTable[]) =>
    fetchAll<LegacyInventoryItem>(
      tx,
      tables.includes("market_items") ? inventoryBesideMarket() : inventory(),
    ),
  adventure: (tx: Transaction) => fetchAll<LegacyAdventureItem>(tx, adventure()),
  market: (tx: Transaction) => fetchAll<LegacyMarketItem>(tx, market()),
  transactions: (tx: Transaction) => fetchAll<LegacyTransaction>(tx, TRANSACTION),
};

/** The newest active rows of the old market, at most `limit`. */
export function listLegacyMarket(db: Queryable, limit: number): Promise<LegacyMarketItem[]> {
  return db.query(market("where m.status = 'active' order by m.listed_at desc limit $1"), [limit]);
}

export function listLegacyInventory(
  db: Queryable,
  userId: string,
  tables: readonly LegacyTable[],
): Promise<LegacyInventoryItem[]> {
  const select = tables.includes("market_items") ? inventoryBesideMarket : inventory;
  return db.query(select("where u.user_id::text = $1"), [userId]);
}

export function listLegacyAdventureItems(
  db: Queryable,
  userId: string,
): Promise<LegacyAdventureItem[]> {
  return db.query(adventure("where a.player_id::text = $1"), [userId]);
}

export interface DuplicateCandidate {
  readonly inventoryId: string;
  readonly adventureId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly milliseconds: number;
}

/** Pairs that one purchase may have written into both tables; the nearest in time first. */
export function listDuplicateCandidates(
  db: Queryable,
  withinSeconds: number,
): Promise<DuplicateCandidate[]> {
  return db.query(
    `select u.id::text as "inventoryId", a.id::text as "adventureId",
      u.user_id::text as "ownerId", u.item_name as name,
      round(abs(extract(epoch from u.obtained_at - a.created_at)) * 1000)::float8 as milliseconds
    from public.user_inventories u
    join public.adventure_items a
      on a.player_id::text = u.user_id::text and a.item_name = u.item_name
    where a.is_purchased and not coalesce(a.is_used, false)
      and a.created_at between u.obtained_at - make_interval(secs => $1)
        and u.obtained_at + make_interval(secs => $1)
    order by milliseconds, 1, 2`,
    [withinSeconds],
  );
}
