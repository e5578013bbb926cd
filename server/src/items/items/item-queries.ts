/** SQL of items, their definitions and their history. */
import type { Queryable, Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  BOOLEAN,
  insertFromSelect,
  selectList,
  TEXT,
  TIMESTAMPTZ,
  unnested,
  UUID,
  WORD,
  type ArrayColumn,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import { requireRevisions } from "../../db/tables/revisions.ts";
import type { ReadRow, RowUpdate } from "../../engine/resource.ts";
import type { ItemEvent, ItemRow } from "./item-rows.ts";
import type { ItemType, Rarity } from "./item-vocabulary.ts";
import type { Stats } from "./item-fields.ts";
import type { Fields } from "./field-rules.ts";

type StoredItem = Omit<ItemRow, "pending">;

const ITEM_COLUMNS: Columns<StoredItem> = {
  id: ["id", TEXT],
  ownerId: ["owner_id", TEXT],
  definitionId: ["definition_id", UUID],
  state: ["state", WORD],
  quantity: ["quantity", BIGINT],
  version: ["version", BIGINT],
  obtainedFrom: ["obtained_from", TEXT],
  source: ["source", TEXT],
  externalId: ["external_id", TEXT],
  allinoneItemId: ["allinone_item_id", TEXT],
  listingId: ["listing_id", TEXT],
  obtainedAt: ["obtained_at", TIMESTAMPTZ],
  giftFrom: ["gift_from", TEXT],
  locked: ["locked", BOOLEAN],
};
const COLUMNS = selectList(ITEM_COLUMNS, "i");
const { locked: _, ...AS_STORED } = ITEM_COLUMNS;
/** As replies show an item: a verified owner makes its lock void. */
const SHOWN = `${selectList(AS_STORED, "i")},
  i.locked and not newday.is_verified(i.owner_id) as locked`;
/** The members of `ItemFacts`, of definitions `d`. */
export const DEFINITION_COLUMNS = `d.name, d.description, d.item_type as "itemType", d.rarity, d.stats,
  d.icon, d.image_url as "imageUrl", d.own_type as "ownType", d.own_rarity as "ownRarity", d.fields`;
const READ = `select ${COLUMNS} from newday.items i where i.id = any($1::text[])`;

const read: Statement = { name: "items_read", text: READ };
const lock: Statement = { name: "items_lock", text: `${READ} order by i.id for update` };

export function readItems(locking: boolean): Statement {
  return locking ? lock : read;
}

const UPDATED: readonly ArrayColumn<RowUpdate<ItemRow>>[] = [
  arrayColumn("id", TEXT, ({ before }) => before.id),
  arrayColumn("was", BIGINT, ({ before }) => before.version),
  arrayColumn("version", BIGINT, ({ after }) => after.version),
  arrayColumn("owner_id", TEXT, ({ after }) => after.ownerId),
  arrayColumn("definition_id", UUID, ({ after }) => after.definitionId),
  arrayColumn("state", WORD, ({ after }) => after.state),
  arrayColumn("quantity", BIGINT, ({ after }) => after.quantity),
  arrayColumn("obtained_from", TEXT, ({ after }) => after.obtainedFrom),
  arrayColumn("listing_id", TEXT, ({ after }) => after.listingId),
  arrayColumn("obtained_at", TIMESTAMPTZ, ({ after }) => after.obtainedAt),
  arrayColumn("gift_from", TEXT, ({ after }) => after.giftFrom),
  arrayColumn("locked", BOOLEAN, ({ after }) => after.locked),
];

/** The version decides whether the row is unchanged since the decision read it. */
export const updateItems: ArrayStatement<RowUpdate<ItemRow>> = {
  name: "items_update",
  text: `with written as (
    update newday.items i
    set version = v.version, owner_id = v.owner_id, definition_id = v.definition_id, state = v.state,
      quantity = v.quantity, obtained_from = v.obtained_from, listing_id = v.listing_id, obtained_at = v.obtained_at,
      gift_from = v.gift_from, locked = v.locked
    from ${unnested(UPDATED)} v
    where i.id = v.id and i.version = v.was
    returning 1
  )
  select newday.require_rows((select count(*) from written), $13)`,
  columns: UPDATED,
};

const CHECKED: readonly ArrayColumn<ReadRow<string, ItemRow>>[] = [
  arrayColumn("id", TEXT, ({ id }) => id),
  arrayColumn("version", BIGINT, ({ row }) => row?.version ?? 0n),
];

/** A missing item is at version 0. */
export const requireItems: ArrayStatement<ReadRow<string, ItemRow>> = {
  name: "items_require",
  text: requireRevisions("newday.items", CHECKED),
  columns: CHECKED,
};

const INSERTED = arrayColumns(ITEM_COLUMNS);

export const insertItems: ArrayStatement<StoredItem> = {
  name: "items_insert",
  text: insertFromSelect("newday.items", INSERTED),
  columns: INSERTED,
};

const HISTORY = arrayColumns<ItemEvent>({
  itemId: ["item_id", TEXT],
  version: ["version", BIGINT],
  transferId: ["transfer_id", UUID],
  action: ["action", WORD],
  ownerId: ["owner_id", TEXT],
  state: ["state", WORD],
  quantity: ["quantity", BIGINT],
  quantityChange: ["quantity_change", BIGINT],
  issued: ["issued", BIGINT],
});

export const insertHistory: ArrayStatement<ItemEvent> = {
  name: "item_history_insert",
  text: insertFromSelect("newday.item_history", HISTORY),
  columns: HISTORY,
};

/** The facts of an item; equal facts share a definition. */
export interface ItemFacts {
  readonly name: string;
  readonly description: string;
  readonly itemType: ItemType;
  readonly rarity: Rarity;
  readonly stats: Stats | null;
  readonly icon: string | null;
  readonly imageUrl: string | null;
  /** `platform:name` of a platform's own type, of which `itemType` is what older clients see. */
  readonly ownType?: string | null;
  readonly ownRarity?: string | null;
  /** Values of the fields that the own type declares; null: it declares none. */
  readonly fields?: Fields | null;
}

/** Facts as they are stored, with the id of the same facts without fields. */
export interface StoredFacts extends Required<ItemFacts> {
  readonly baseId: string | null;
}

/** An item with its definition, as replies show it. */
export interface Item extends Omit<ItemRow, "pending">, ItemFacts {}

/** Items with their definitions; other queries of this folder add their conditions. */
export const ITEM = `select ${SHOWN}, ${DEFINITION_COLUMNS}
  from newday.items i join newday.item_definitions d on d.id = i.definition_id`;

export async function insertDefinition(
  db: Queryable,
  id: string,
  facts: StoredFacts,
): Promise<void> {
  await db.query(
    `insert into newday.item_definitions
      (id, name, description, item_type, rarity, stats, icon, image_url, own_type, own_rarity,
        fields, base_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
    [
      id,
      facts.name,
      facts.description,
      facts.itemType,
      facts.rarity,
      facts.stats === null ? null : JSON.stringify(facts.stats),
      facts.icon,
      facts.imageUrl,
      facts.ownType,
      facts.ownRarity,
      facts.fields === null ? null : JSON.stringify(facts.fields),
      facts.baseId,
    ],
  );
}

export async function findDefinition(db: Queryable, id: string): Promise<ItemFacts | undefined> {
  const [row] = await db.query<ItemFacts>(
    `select ${DEFINITION_COLUMNS} from newday.item_definitions d where d.id = $1`,
    [id],
  );
  return row;
}

export async function findItem(db: Queryable, id: string): Promise<Item | undefined> {
  const [row] = await db.query<Item>(`${ITEM} where i.id = $1`, [id]);
  return row;
}

/** In any order; unknown ids are left out. */
export function listItemsById(db: Queryable, ids: readonly string[]): Promise<Item[]> {
  return db.query({ name: "items-by-id", text: `${ITEM} where i.id = any($1::text[])` }, [ids]);
}

/**
 * A user's items in hand, newest first; all of them unless a limit is given (docs/incidents.md D1).
 */
export async function listOwnedItems(
  db: Queryable,
  ownerId: string,
  page: { limit: number | null; offset: number } = { limit: null, offset: 0 },
): Promise<Item[]> {
  const rows = await db.query<StoredItem>(
    {
      name: "items_list_owned",
      text: `select ${SHOWN} from newday.items i where i.owner_id = $1 and i.state = 'owned'
        order by i.obtained_at desc, i.id desc limit $2 offset $3`,
    },
    [ownerId, page.limit, page.offset],
  );
  const facts = await findDefinitions(db, new Set(rows.map(({ definitionId }) => definitionId)));
  return rows.flatMap((row) => {
    const known = facts.get(row.definitionId);
    return known ? [{ ...row, ...known }] : [];
  });
}

/** Many items share one definition: each is read once, and not once for each item. */
async function findDefinitions(
  db: Queryable,
  ids: ReadonlySet<string>,
): Promise<Map<string, ItemFacts>> {
  if (ids.size === 0) return new Map();
  const rows = await db.query<ItemFacts & { id: string }>(
    {
      name: "item_definitions_find",
      text: `select d.id, ${DEFINITION_COLUMNS} from newday.item_definitions d
        where d.id = any($1::uuid[])`,
    },
    [[...ids]],
  );
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

export async function countOwnedItems(db: Queryable, ownerId: string): Promise<number> {
  const [row] = await db.query<{ total: number }>(
    `select count(*)::int as total from newday.items where owner_id = $1 and state = 'owned'`,
    [ownerId],
  );
  return row?.total ?? 0;
}

/**
 * Every item of a user that an id may mean: the id with or without prefix, a merged duplicate's id,
 * the user's own external ids, and the listing of its purchase. Ordered by nearest meaning, then
 * items in hand, then the newest.
 */
export async function findItemsByAnyId(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<Item[]> {
  return db.query<Item>(
    {
      name: "items_find_by_any_id",
      text: `with meant as (
        select id, 1 as rank from newday.items where id = any($2)
        union all
        select item_id, 2 from newday.item_merges
          where merged_id = any($2) and unmerged_transfer_id is null
        union all
        select id, 3 from newday.items where external_id = $3 and owner_id = $1
        union all
        select id, 4 from newday.items where allinone_item_id = $3 and owner_id = $1
        union all
        select id, 5 from newday.items where owner_id = $1 and listing_id = $3
      ), nearest as (select id, min(rank) as rank from meant group by id)
      ${ITEM} join nearest n on n.id = i.id
      where i.owner_id = $1
      order by (i.state = 'owned') desc, n.rank, i.obtained_at desc, i.id`,
    },
    [ownerId, idForms(id), id],
  );
}

/**
 * Ids of items that a name may mean, of any owner. The caller's own imports come first, because
 * platforms give many users an item of the same id. For the caller's own receipts only: it reveals
 * what others have.
 */
export async function listIdsNamed(
  db: Queryable,
  name: string,
  callerId: string,
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from newday.items
      where id = any($1) or external_id = $2 or allinone_item_id = $2
      order by id in (
        select item_id from newday.item_imports where owner_id = $3 and external_id = $2
      ) desc, obtained_at desc, id limit 20`,
    [idForms(name), name, callerId],
  );
  return rows.map(({ id }) => id);
}

/** Whether an item with this id exists, of any owner. */
export async function itemExists(db: Queryable, id: string): Promise<boolean> {
  const [row] = await db.query("select 1 as found from newday.items where id = any($1) limit 1", [
    idForms(id),
  ]);
  return row !== undefined;
}

/** The forms of an id that are stored: as sent, and with each prefix by origin. */
export function idForms(id: string): string[] {
  return [id, `inv-${id}`, `adv-${id}`];
}

/**
 * The oldest item in hand with this name and one of the types, for a listing without an item id. Names
 * are stored in NFC, except for those that the adoption took over as they were.
 */
export async function findOldestOwnedItem(
  db: Queryable,
  ownerId: string,
  wanted: { name: string; itemTypes: readonly ItemType[] },
): Promise<Item | undefined> {
  const [row] = await db.query<Item>(
    `${ITEM} where i.owner_id = $1 and i.state = 'owned' and d.name = any($2::text[]) and d.item_type = any($3::text[])
      order by i.obtained_at, i.id limit 1`,
    [ownerId, [wanted.name, wanted.name.normalize("NFD")], wanted.itemTypes],
  );
  return row;
}

export interface ItemImport {
  readonly itemId: string;
  readonly importedAt: Date;
}

/** The newest import of this id by this user, named as `itemId` or `allinoneItemId`. */
export async function findImport(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<ItemImport | undefined> {
  const [row] = await db.query<ItemImport>(
    `select m.item_id as "itemId", m.imported_at as "importedAt"
    from newday.item_imports m join newday.items i on i.id = m.item_id
    where m.owner_id = $1 and (m.external_id = $2 or i.allinone_item_id = $2)
    order by m.imported_at desc limit 1`,
    [ownerId, id],
  );
  return row;
}

export interface ItemReceipt {
  readonly transferId: string;
  readonly itemId: string;
  readonly quantity: bigint;
  readonly createdAt: Date;
}

/** The last time that this request took effect. */
export async function findReceipt(
  db: Queryable,
  request: string,
): Promise<ItemReceipt | undefined> {
  const [row] = await db.query<ItemReceipt>(
    `select transfer_id as "transferId", item_id as "itemId", quantity, created_at as "createdAt"
    from newday.item_receipts where request = $1 order by sequence desc limit 1`,
    [request],
  );
  return row;
}
