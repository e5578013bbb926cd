/** SQL of listings and purchases. */
import type { NamedStatement, Queryable, Statement } from "../../db/database.ts";
import { unnested } from "../../db/pipeline/array-parameters.ts";
import type { ItemFacts } from "../../items/items/item-queries.ts";
import type { ItemType } from "../../items/items/item-vocabulary.ts";
import type { ListingRow } from "./listing-rows.ts";

/** A listing as stored: amounts of its prices as text. */
export interface StoredListing extends Omit<ListingRow, "prices"> {
  readonly prices: Readonly<Record<string, string>>;
}

const COLUMNS = `l.id, l.kind, l.sale_type as "saleType", l.platform, l.seller_id as "sellerId",
  l.seller_name as "sellerName", l.definition_id as "definitionId", l.item_id as "itemId", l.prices,
  l.currency, l.amount, l.remaining, l.status, l.per_user_limit as "perUserLimit",
  l.per_day_limit as "perDayLimit", l.pin::int as pin, l.views, l.listed_at as "listedAt",
  l.starts_at as "startsAt", l.expires_at as "expiresAt", l.revision`;
const READ = `select ${COLUMNS} from newday.listings l where l.id = any($1::text[])`;

const read: Statement = { name: "listings_read", text: READ };
const lock: Statement = { name: "listings_lock", text: `${READ} order by l.id for update` };

export function readListings(locking: boolean): Statement {
  return locking ? lock : read;
}

/** The revision decides whether the row is unchanged since the decision read it. */
export const updateListings: NamedStatement = {
  name: "listings_update",
  text: `with written as (
    update newday.listings l
    set remaining = v.remaining, status = v.status, revision = l.revision + 1
    from ${unnested([
      ["id", "text"],
      ["revision", "bigint"],
      ["remaining", "bigint"],
      ["status", "text"],
    ])} v
    where l.id = v.id and l.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), $5)`,
};

/** A missing listing is at revision 0. */
export const requireListings: NamedStatement = {
  name: "listings_require",
  text: `select newday.require_rows(count(*), cardinality($1::text[]))
    from ${unnested([
      ["id", "text"],
      ["revision", "bigint"],
    ])} v
    left join newday.listings l on l.id = v.id
    where coalesce(l.revision, 0) = v.revision`,
};

export const insertListings: NamedStatement = {
  name: "listings_insert",
  text: `insert into newday.listings (id, kind, sale_type, platform, seller_id, seller_name,
    definition_id, item_id, prices, currency, amount, remaining, per_user_limit, per_day_limit, pin,
    views, listed_at, expires_at, starts_at, status)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
    $7::uuid[], $8::text[], $9::jsonb[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[],
    $14::bigint[], $15::smallint[], $16::bigint[], $17::timestamptz[], $18::timestamptz[],
    $19::timestamptz[], $20::text[])`,
};

export const insertPurchases: NamedStatement = {
  name: "purchases_insert",
  text: `insert into newday.purchases (id, transfer_id, listing_id, item_id, buyer_id, seller_id,
    currency, quantity, price, commission, total_amount, seller_receives, sale_type)
  select id, transfer_id, listing_id, item_id, buyer_id, seller_id, currency, quantity, price,
    commission, price + commission, price, sale_type
  from ${unnested([
    ["id", "text"],
    ["transfer_id", "uuid"],
    ["listing_id", "text"],
    ["item_id", "text"],
    ["buyer_id", "text"],
    ["seller_id", "text"],
    ["currency", "text"],
    ["quantity", "bigint"],
    ["price", "bigint"],
    ["commission", "bigint"],
    ["sale_type", "text"],
  ])} v`,
};

/** A listing with its item, as every reply about the market shows it. */
export type StoredOffer = StoredListing & ItemFacts;

/** Listings with their items; other queries of this folder add their conditions. */
export const OFFER = `select ${COLUMNS}, d.name, d.description, d.item_type as "itemType", d.rarity,
  d.stats, d.icon, d.image_url as "imageUrl"
  from newday.listings l join newday.item_definitions d on d.id = l.definition_id`;

export async function findOffer(db: Queryable, id: string): Promise<StoredOffer | undefined> {
  const [row] = await db.query<StoredOffer>(
    { name: "listings_find_offer", text: `${OFFER} where l.id = $1` },
    [id],
  );
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

/** Listings on sale at this moment: begun, and before their end. */
export const ON_SALE = `l.status = 'active' and (l.starts_at is null or l.starts_at <= now())
  and (l.expires_at is null or l.expires_at > now())`;

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
