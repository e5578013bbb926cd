/** SQL of the search for listings: filters, four orders, keyset pages. */
import type { Queryable } from "../../db/database.ts";
import { namePattern } from "../../lib/name-pattern.ts";
import { OFFER, ON_SALE, type StoredOffer } from "./listing-queries.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export const LISTING_SORTS = ["newest", "oldest", "price_asc", "price_desc"] as const;
/** The store's own order first: pinned stock, then the rest. */
export const CATALOGUE_SORTS = ["featured", ...LISTING_SORTS] as const;
export type ListingSort = (typeof CATALOGUE_SORTS)[number];

export interface ListingSearch {
  readonly text: string | null;
  readonly type: string | null;
  readonly rarity: string | null;
  readonly platform: string | null;
  readonly sellerId: string | null;
  readonly official: boolean | null;
  /** Only listings sold for it; the price filters and orders are in it. */
  readonly currency: string | null;
  readonly priceMin: bigint | null;
  readonly priceMax: bigint | null;
  readonly listedFrom: Date | null;
  readonly listedUntil: Date | null;
  readonly endsFrom: Date | null;
  readonly endsUntil: Date | null;
  /** True: upcoming listings in place of active ones. */
  readonly upcoming: boolean;
}

/** Of a page's last listing: what the order goes by, as text, and its id. */
export interface ListingPosition {
  readonly key: string;
  readonly id: string;
}

/** Above every pin, for stock without one. */
const PIN = "coalesce(l.pin, 32767)";

const ORDERS: Readonly<
  Record<ListingSort, { key: (price: string) => string; type: string; direction: string }>
> = {
  featured: { key: () => PIN, type: "smallint", direction: "asc" },
  newest: { key: () => "l.listed_at", type: "timestamptz", direction: "desc" },
  oldest: { key: () => "l.listed_at", type: "timestamptz", direction: "asc" },
  price_asc: { key: (price) => price, type: "bigint", direction: "asc" },
  price_desc: { key: (price) => price, type: "bigint", direction: "desc" },
};

const UPCOMING = "l.status = 'active' and l.starts_at > now()";

/** Adds a value to the parameters and returns its place, `$n`. */
type Bind = (value: unknown) => string;

/** True for `platform:name`, a label of a platform. */
const isOwn = (label: string | null) => label?.includes(":") === true;

/** Only the requested conditions: an idle one keeps an index from being used. */
function conditionsOf(search: ListingSearch, price: string, bind: Bind): string[] {
  const { text, type, rarity, platform, sellerId, official, upcoming, currency, ...bounds } =
    search;
  const { priceMin, priceMax, listedFrom, listedUntil, endsFrom, endsUntil, ...unread } = bounds;
  unread satisfies NothingElse;
  const given = (value: unknown, condition: (place: string) => string) =>
    value === null ? [] : [condition(bind(value))];
  const pattern = text === null ? null : namePattern(text);
  return [
    upcoming ? UPCOMING : ON_SALE,
    ...given(pattern, (place) => `d.name collate "C" ~ ${place}`),
    ...given(type, (place) => `d.${isOwn(type) ? "own_type" : "item_type"} = ${place}`),
    ...given(rarity, (place) => `d.${isOwn(rarity) ? "own_rarity" : "rarity"} = ${place}`),
    ...given(platform, (place) => `l.platform = ${place}`),
    ...given(sellerId, (place) => `l.seller_id = ${place}`),
    ...(official === null ? [] : [`l.kind ${official ? "=" : "<>"} 'official'`]),
    ...(currency === null ? [] : [`${price} is not null`]),
    ...given(priceMin, (place) => `${price} >= ${place}`),
    ...given(priceMax, (place) => `${price} <= ${place}`),
    ...given(listedFrom, (place) => `l.listed_at >= ${place}`),
    ...given(listedUntil, (place) => `l.listed_at < ${place}`),
    ...given(endsFrom, (place) => `l.expires_at >= ${place}`),
    ...given(endsUntil, (place) => `l.expires_at < ${place}`),
  ];
}

/** Active listings that match, after a position. Price filters and orders need `currency`. */
export function searchListings(
  db: Queryable,
  search: ListingSearch,
  page: { sort: ListingSort; after: ListingPosition | undefined; limit: number },
): Promise<(StoredOffer & { position: string })[]> {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const price = search.currency === null ? "" : `(l.prices ->> ${bind(search.currency)})::bigint`;
  const { key, type, direction } = ORDERS[page.sort];
  const by = key(price);
  const conditions = conditionsOf(search, price, bind);
  if (page.after) {
    const beyond = direction === "asc" ? ">" : "<";
    const position = `(${bind(page.after.key)}::${type}, ${bind(page.after.id)})`;
    conditions.push(`(${by}, l.id) ${beyond} ${position}`);
  }
  return db.query(
    `${OFFER.replace("select ", `select (${by})::text as position, `)}
      where ${conditions.join(" and ")}
      order by ${by} ${direction}, l.id ${direction} limit ${bind(page.limit)}`,
    values,
  );
}
