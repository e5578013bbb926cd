/** SQL of listings and purchases. */
import type { Queryable, Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  BIGINT_LITERAL,
  insertFromUnnest,
  JSONB,
  namesOf,
  selectList,
  SMALLINT,
  TEXT,
  TIMESTAMPTZ,
  unnested,
  UUID,
  UUID_LITERAL,
  WORD,
  type ArrayColumn,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import { requireRevisions } from "../../db/tables/revisions.ts";
import type { ReadRow, RowUpdate } from "../../engine/resource.ts";
import { DEFINITION_COLUMNS, type ItemFacts } from "../../items/items/item-queries.ts";
import type { ItemType } from "../../items/items/item-vocabulary.ts";
import type { ListingRow, PurchaseRow } from "./listing-rows.ts";
import { OWNER_PLATFORM, WITH_OWNERS } from "../../ledger/wallets/owned-wallet-queries.ts";
import { FREEZE_IN_FORCE } from "../../policy/user-freezes/user-freeze-queries.ts";

/** A listing as stored: amounts of its prices as text. */
export interface StoredListing extends Omit<ListingRow, "prices"> {
  readonly prices: Readonly<Record<string, string>>;
}

export const LISTING_COLUMNS: Columns<StoredListing> = {
  id: ["id", TEXT],
  kind: ["kind", WORD],
  saleType: ["sale_type", WORD],
  platform: ["platform", TEXT],
  sellerId: ["seller_id", TEXT],
  sellerName: ["seller_name", TEXT],
  definitionId: ["definition_id", UUID_LITERAL],
  itemId: ["item_id", TEXT],
  prices: ["prices", JSONB],
  currency: ["currency", WORD],
  amount: ["amount", BIGINT_LITERAL],
  remaining: ["remaining", BIGINT_LITERAL],
  status: ["status", WORD],
  perUserLimit: ["per_user_limit", BIGINT_LITERAL],
  perDayLimit: ["per_day_limit", BIGINT_LITERAL],
  pin: ["pin", SMALLINT],
  views: ["views", BIGINT_LITERAL],
  listedAt: ["listed_at", TIMESTAMPTZ],
  startsAt: ["starts_at", TIMESTAMPTZ],
  expiresAt: ["expires_at", TIMESTAMPTZ],
  revision: ["revision", BIGINT_LITERAL],
};
const COLUMNS = selectList(LISTING_COLUMNS, "l");
const READ = `select ${COLUMNS} from newday.listings l where l.id = any($1::text[])`;

const read: Statement = { name: "listings_read", text: READ };
const lock: Statement = { name: "listings_lock", text: `${READ} order by l.id for update` };

export function readListings(locking: boolean): Statement {
  return locking ? lock : read;
}

const UPDATED: readonly ArrayColumn<RowUpdate<ListingRow>>[] = [
  arrayColumn("id", TEXT, ({ before }) => before.id),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("remaining", BIGINT, ({ after }) => after.remaining),
  arrayColumn("status", WORD, ({ after }) => after.status),
];

/** The revision decides whether the row is unchanged since the decision read it. */
export const updateListings: ArrayStatement<RowUpdate<ListingRow>> = {
  name: "listings_update",
  text: `with written as (
    update newday.listings l
    set remaining = v.remaining, status = v.status, revision = l.revision + 1
    from ${unnested(UPDATED)} v
    where l.id = v.id and l.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), $5)`,
  columns: UPDATED,
};

const CHECKED: readonly ArrayColumn<ReadRow<string, ListingRow>>[] = [
  arrayColumn("id", TEXT, ({ id }) => id),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

/** A missing listing is at revision 0. */
export const requireListings: ArrayStatement<ReadRow<string, ListingRow>> = {
  name: "listings_require",
  text: requireRevisions("newday.listings", CHECKED),
  columns: CHECKED,
};

const INSERTED = arrayColumns(LISTING_COLUMNS, ["revision"]);

export const insertListings: ArrayStatement<Omit<StoredListing, "revision">> = {
  name: "listings_insert",
  text: insertFromUnnest("newday.listings", INSERTED),
  columns: INSERTED,
};

const BOUGHT = arrayColumns<PurchaseRow>({
  id: ["id", TEXT],
  transferId: ["transfer_id", UUID],
  listingId: ["listing_id", TEXT],
  itemId: ["item_id", TEXT],
  buyerId: ["buyer_id", TEXT],
  sellerId: ["seller_id", TEXT],
  currency: ["currency", WORD],
  quantity: ["quantity", BIGINT],
  price: ["price", BIGINT],
  commission: ["commission", BIGINT],
  saleType: ["sale_type", WORD],
  locked: ["locked", BIGINT],
});

const BOUGHT_NAMES = namesOf(BOUGHT);

export const insertPurchases: ArrayStatement<PurchaseRow> = {
  name: "purchases_insert",
  text: `insert into newday.purchases (${BOUGHT_NAMES}, total_amount, seller_receives)
  select ${BOUGHT_NAMES}, price + commission, price
  from ${unnested(BOUGHT)} v`,
  columns: BOUGHT,
};

/** A listing with its item, as every reply about the market shows it. */
export type StoredOffer = StoredListing & ItemFacts & ItemOrigin & SellerState;

/** Of a listing that was asked for by its id. */
export interface SellerState {
  /** Whether a freeze of the seller, or the suspension of their platform, keeps it from sale. */
  readonly isFrozen?: boolean;
}

/**
 * Whether the seller of `l` has a freeze in force or is a user of a suspended platform. PostgreSQL checks
 * once a query whether any platform is suspended.
 */
const SELLER_FROZEN = `(exists (select from newday.user_freezes f
    where f.user_id = l.seller_id and (${FREEZE_IN_FORCE}))
  or exists (select from newday.platforms where status = 'suspended')
    and exists (select from newday.ledger_wallets w ${WITH_OWNERS}
      join newday.platforms s on s.name = ${OWNER_PLATFORM}
      where w.user_id = l.seller_id and s.status = 'suspended'))`;

export interface ItemOrigin {
  /** The source that an import of the listed item named; null: made in New Day. */
  readonly origin: string | null;
}

/** Listings with their items; other queries of this folder add their conditions. */
export const OFFER = `select ${COLUMNS}, ${DEFINITION_COLUMNS},
  (select i.source from newday.items i
    where i.id = l.item_id and i.external_id is not null) as origin
  from newday.listings l join newday.item_definitions d on d.id = l.definition_id`;

const FIND_OFFER: Statement = {
  name: "listings_find_offer",
  text: `${OFFER.replace("select ", `select ${SELLER_FROZEN} as "isFrozen", `)} where l.id = $1`,
};

export async function findOffer(db: Queryable, id: string): Promise<StoredOffer | undefined> {
  const [row] = await db.query<StoredOffer>(FIND_OFFER, [id]);
  return row;
}

export async function findOffers(db: Queryable, ids: readonly string[]): Promise<StoredOffer[]> {
  return db.query<StoredOffer>(
    { name: "listings_find_offers", text: `${OFFER} where l.id = any($1::text[])` },
    [ids],
  );
}

/** Official stock that is on sale now, by its name. */
export async function findOfficialOffer(
  db: Queryable,
  name: string,
): Promise<StoredOffer | undefined> {
  const [row] = await db.query<StoredOffer>(
    `${OFFER} where l.kind = 'official' and l.status = 'active' and d.name = $1
      order by l.pin, l.id limit 1`,
    [name],
  );
  return row;
}

export type ListingOrder = "listed_desc" | "listed_asc" | "price_asc" | "price_desc";

/** Pinned stock comes first in the default order only: it is unlimited (docs/contract.md 5.1). */
const ORDERS: Readonly<Record<ListingOrder, string>> = {
  listed_desc: "l.pin nulls last, l.listed_at desc, l.id",
  listed_asc: "l.listed_at, l.id",
  price_asc: "l.amount, l.pin nulls last, l.id",
  price_desc: "l.amount desc, l.pin nulls last, l.id",
};

export interface ListingFilter {
  readonly platform: string | null;
  readonly itemType: ItemType | null;
}

/** Listings on sale at this moment: begun, before their end, of a seller who is not frozen. */
export const ON_SALE = `l.status = 'active' and (l.starts_at is null or l.starts_at <= now())
  and (l.expires_at is null or l.expires_at > now()) and not ${SELLER_FROZEN}`;

const ACTIVE = `${ON_SALE}
  and ($1::text is null or l.platform = $1) and ($2::text is null or d.item_type = $2)`;

export async function listActiveOffers(
  db: Queryable,
  { platform, itemType }: ListingFilter,
  page: { order: ListingOrder; limit: number; offset: number },
): Promise<StoredOffer[]> {
  return db.query<StoredOffer>(
    {
      name: `listings_list_${page.order}`,
      text: `${OFFER} where ${ACTIVE} order by ${ORDERS[page.order]} limit $3 offset $4`,
    },
    [platform, itemType, page.limit, page.offset],
  );
}

/** Every listing has a definition; a filter by type joins it. */
const COUNTS = {
  all: {
    name: "listings_count",
    text: `select count(*)::int as total from newday.listings l where ${ON_SALE}
      and ($1::text is null or l.platform = $1)`,
  },
  ofType: {
    name: "listings_count_of_type",
    text: `select count(*)::int as total from newday.listings l
      join newday.item_definitions d on d.id = l.definition_id where ${ACTIVE}`,
  },
};

export async function countActiveOffers(
  db: Queryable,
  { platform, itemType }: ListingFilter,
): Promise<number> {
  const [row] = await (itemType === null
    ? db.query<{ total: number }>(COUNTS.all, [platform])
    : db.query<{ total: number }>(COUNTS.ofType, [platform, itemType]));
  return row?.total ?? 0;
}

/** Ids of a seller's active declared listings but for the newest `keep`, oldest last. */
export async function listOldestDeclared(
  db: Queryable,
  sellerId: string,
  keep: number,
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from newday.listings
      where seller_id = $1 and status = 'active' and kind = 'declared'
      order by listed_at desc, id desc offset $2`,
    [sellerId, keep],
  );
  return rows.map(({ id }) => id);
}

/** Players' active listings whose time has passed, oldest first, for the sweep. */
export async function listExpiredListings(
  db: Queryable,
  limit: number,
): Promise<{ listingId: string; sellerId: string; itemId: string | null }[]> {
  return db.query(
    `select id as "listingId", seller_id as "sellerId", item_id as "itemId" from newday.listings
      where status = 'active' and expires_at <= now() and seller_id is not null
      order by expires_at limit $1`,
    [limit],
  );
}
