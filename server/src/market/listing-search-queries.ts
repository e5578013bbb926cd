/** SQL of the search for listings: filters, four orders, keyset pages. */
import type { Queryable } from "../db/database.ts";
import { OFFER, ON_SALE, type StoredOffer } from "./listing-queries.ts";

export const LISTING_SORTS = ["newest", "oldest", "price_asc", "price_desc"] as const;
/** The store's own order comes first: what it pins, then the rest. */
export const CATALOGUE_SORTS = ["featured", ...LISTING_SORTS] as const;
export type ListingSort = (typeof CATALOGUE_SORTS)[number];

export interface ListingSearch {
  readonly text: string | null;
  readonly type: string | null;
  readonly rarity: string | null;
  readonly platform: string | null;
  readonly sellerId: string | null;
  readonly official: boolean | null;
  /** Only what is sold for it; the price filters and orders are in it. */
  readonly currency: string | null;
  readonly priceMin: bigint | null;
  readonly priceMax: bigint | null;
  readonly listedFrom: Date | null;
  readonly listedUntil: Date | null;
  readonly endsFrom: Date | null;
  readonly endsUntil: Date | null;
  /** True: what is not on sale yet, instead of what is. */
  readonly upcoming: boolean;
}

/** Of a page's last listing: what the order goes by, as text, and its id. */
export interface ListingPosition {
  readonly key: string;
  readonly id: string;
}

const PRICE = "(l.prices ->> $7)::bigint";
/** Above every pin there is, for stock without one. */
const PIN = "coalesce(l.pin, 32767)";

const ORDERS: Readonly<Record<ListingSort, { key: string; type: string; direction: string }>> = {
  featured: { key: PIN, type: "smallint", direction: "asc" },
  newest: { key: "l.listed_at", type: "timestamptz", direction: "desc" },
  oldest: { key: "l.listed_at", type: "timestamptz", direction: "asc" },
  price_asc: { key: PRICE, type: "bigint", direction: "asc" },
  price_desc: { key: PRICE, type: "bigint", direction: "desc" },
};

const UPCOMING = "l.status = 'active' and l.starts_at > now()";

const MATCHES = `($1::text is null or d.name ilike '%' || $1 || '%' escape '\\')
  and ($2::text is null or d.item_type = $2) and ($3::text is null or d.rarity = $3)
  and ($4::text is null or l.platform = $4) and ($5::text is null or l.seller_id = $5)
  and ($6::boolean is null or (l.kind = 'official') = $6)
  and ($7::text is null or l.prices ->> $7 is not null)
  and ($8::bigint is null or ${PRICE} >= $8) and ($9::bigint is null or ${PRICE} <= $9)
  and ($10::timestamptz is null or l.listed_at >= $10)
  and ($11::timestamptz is null or l.listed_at < $11)
  and ($12::timestamptz is null or l.expires_at >= $12)
  and ($13::timestamptz is null or l.expires_at < $13)`;

/** Active listings that match, after a position. Price orders need `currency`. */
export function searchListings(
  db: Queryable,
  search: ListingSearch,
  page: { sort: ListingSort; after: ListingPosition | undefined; limit: number },
): Promise<(StoredOffer & { position: string })[]> {
  const { key, type, direction } = ORDERS[page.sort];
  const beyond = direction === "asc" ? ">" : "<";
  return db.query(
    {
      name: `listings-search-${page.sort}${search.upcoming ? "-upcoming" : ""}`,
      text: `${OFFER.replace("select ", `select (${key})::text as position, `)}
        where ${search.upcoming ? UPCOMING : ON_SALE} and ${MATCHES}
          and ($14::text is null or (${key}, l.id) ${beyond} ($14::${type}, $15::text))
        order by ${key} ${direction}, l.id ${direction} limit $16`,
    },
    [
      search.text === null ? null : search.text.replaceAll(/[\\%_]/g, "\\$&"),
      search.type,
      search.rarity,
      search.platform,
      search.sellerId,
      search.official,
      search.currency,
      search.priceMin,
      search.priceMax,
      search.listedFrom,
      search.listedUntil,
      search.endsFrom,
      search.endsUntil,
      page.after?.key ?? null,
      page.after?.id ?? null,
      page.limit,
    ],
  );
}
