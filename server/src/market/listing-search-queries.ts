/** SQL of the search for listings: filters, four orders, keyset pages. */
import type { Queryable } from "../db/database.ts";
import { OFFER, type StoredOffer } from "./listing-queries.ts";

export const LISTING_SORTS = ["newest", "oldest", "price_asc", "price_desc"] as const;
export type ListingSort = (typeof LISTING_SORTS)[number];

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
}

/** Of a page's last listing: what the order goes by, as text, and its id. */
export interface ListingPosition {
  readonly key: string;
  readonly id: string;
}

const PRICE = "(l.prices ->> $7)::bigint";

const ORDERS: Readonly<Record<ListingSort, { key: string; type: string; direction: string }>> = {
  newest: { key: "l.listed_at", type: "timestamptz", direction: "desc" },
  oldest: { key: "l.listed_at", type: "timestamptz", direction: "asc" },
  price_asc: { key: PRICE, type: "bigint", direction: "asc" },
  price_desc: { key: PRICE, type: "bigint", direction: "desc" },
};

const MATCHES = `l.status = 'active' and (l.expires_at is null or l.expires_at > now())
  and ($1::text is null or d.name ilike '%' || $1 || '%' escape '\\')
  and ($2::text is null or d.item_type = $2) and ($3::text is null or d.rarity = $3)
  and ($4::text is null or l.platform = $4) and ($5::text is null or l.seller_id = $5)
  and ($6::boolean is null or (l.kind = 'official') = $6)
  and ($7::text is null or l.prices ->> $7 is not null)
  and ($8::bigint is null or ${PRICE} >= $8) and ($9::bigint is null or ${PRICE} <= $9)
  and ($10::timestamptz is null or l.listed_at >= $10)
  and ($11::timestamptz is null or l.listed_at < $11)`;

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
      name: `listings-search-${page.sort}`,
      text: `${OFFER.replace("select ", `select (${key})::text as position, `)}
        where ${MATCHES}
          and ($12::text is null or (${key}, l.id) ${beyond} ($12::${type}, $13::text))
        order by ${key} ${direction}, l.id ${direction} limit $14`,
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
      page.after?.key ?? null,
      page.after?.id ?? null,
      page.limit,
    ],
  );
}
