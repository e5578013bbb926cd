/** The search for listings of any status: by the item's name, by seller, or the newest of all. */
import type { Queryable } from "../../db/database.ts";
import { namePattern } from "../../lib/name-pattern.ts";
import { findOffers } from "../../market/listings/listing-queries.ts";
import { LISTING_STATUSES, type ListingStatus } from "../../market/listings/listing-rows.ts";
import { toOffer, type Offer } from "../../market/listings/offers.ts";
import {
  findByName,
  type FoundPage,
  type NamedPosition,
  type NamedSource,
} from "./find-by-name.ts";
import { behind, findNewest, type TimedPosition, type TimedSource } from "./find-newest.ts";
import { orderById } from "./order-by-id.ts";

const LISTINGS: NamedSource = {
  name: "listings",
  table: "newday.listings",
  state: "status",
  exact: "select $1::text",
};

const OF_SELLER: TimedSource = {
  name: "listings-of-seller",
  rows: `select listed_at as at, id, definition_id, status from newday.listings
    where seller_id = $1 and ${behind("listed_at")} order by listed_at desc, id desc limit $4`,
  matches: `($6::text is null or c.status = $6)
    and ($7::text is null or c.id = $8
      or exists (select from newday.item_definitions d where d.id = c.definition_id and d.name collate "C" ~ $7))`,
};

/** Of one status; its word is part of the text, so that an index of these rows serves it. */
function ofStatus(status: ListingStatus): string {
  return `(select listed_at as at, id from newday.listings
    where status = '${status}' and ${behind("listed_at")} order by listed_at desc, id desc limit $4)`;
}

function newestOf(name: string, statuses: readonly ListingStatus[]): TimedSource {
  const rows = statuses.map(ofStatus).join(" union all ");
  // `$1` has a type of its own only where it is used.
  return { name: `listings-${name}`, rows, matches: "true" };
}

const ROWS_READ = 5_000;

export interface AnyListingSearch {
  readonly status: ListingStatus | undefined;
  readonly limit: number;
}

/** The one that the text names as a whole comes first. */
export async function searchAnyListings(
  db: Queryable,
  wanted: AnyListingSearch & { readonly part: string; readonly after: NamedPosition | undefined },
): Promise<FoundPage<NamedPosition> & { readonly listings: readonly Offer[] }> {
  const { status, ...rest } = wanted;
  const found = await findByName(db, LISTINGS, { ...rest, state: status });
  return { ...found, listings: await readListings(db, found.ids) };
}

/** Newest first; of one seller where they are given, with this part in the name where it is. */
export async function listNewestListings(
  db: Queryable,
  wanted: AnyListingSearch & {
    readonly sellerId: string | undefined;
    readonly part: string | undefined;
    readonly after: TimedPosition | undefined;
  },
): Promise<FoundPage<TimedPosition> & { readonly listings: readonly Offer[] }> {
  const { sellerId = null, part, status, after, limit } = wanted;
  const isFiltered = sellerId !== null && (part !== undefined || status !== undefined);
  const page = { of: sellerId, after, limit, rows: isFiltered ? ROWS_READ : limit + 1 };
  const all = status === undefined;
  const found = await (sellerId === null
    ? findNewest(db, newestOf(status ?? "all", all ? LISTING_STATUSES : [status]), {
        ...page,
        values: [],
      })
    : findNewest(db, OF_SELLER, {
        ...page,
        values: [status ?? null, part === undefined ? null : namePattern(part), part ?? null],
      }));
  return { ...found, listings: await readListings(db, found.ids) };
}

async function readListings(db: Queryable, ids: readonly string[]): Promise<Offer[]> {
  if (ids.length === 0) return [];
  const stored = await findOffers(db, ids);
  return orderById(ids, stored.map(toOffer));
}
