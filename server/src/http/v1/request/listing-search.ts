/** The search that the market and the catalogue share: filters, their meaning, keyset pages. */
import { Type, type Static } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { readFilterLabel } from "../../../items/labels/label-reader.ts";
import { toOffer } from "../../../market/listings/offers.ts";
import {
  searchListings,
  type ListingSearch,
  type ListingSort,
} from "../../../market/listings/listing-search-queries.ts";
import { parseAmount } from "./amount.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { requireOrderedBounds } from "./range.ts";
import { toListing } from "../replies/listing-reply.ts";
import { toPage } from "../replies/page.ts";
import { ItemTypeName, RarityName } from "../schemas/schemas-item-types.ts";
import { type Listing } from "../schemas/schemas-items.ts";
import {
  Amount,
  CurrencyCodeSchema,
  PAGE_SIZE_DEFAULT,
  PLAIN_TEXT,
  ref,
  Timestamp,
} from "../schemas/schemas.ts";
import { parseTime } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

export const listingFilters = {
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: PLAIN_TEXT,
      description: "part of the name, 1 to 100 letters; upper and lower case find each other",
    }),
  ),
  type: Type.Optional(ref(ItemTypeName)),
  rarity: Type.Optional(ref(RarityName)),
  platform: Type.Optional(Type.String({ pattern: "^[a-z][a-z0-9-]{0,31}$" })),
  currency: Type.Optional(ref(CurrencyCodeSchema)),
  priceMin: Type.Optional(ref(Amount)),
  priceMax: Type.Optional(ref(Amount)),
  listedFrom: Type.Optional(ref(Timestamp)),
  listedUntil: Type.Optional(ref(Timestamp)),
  endsFrom: Type.Optional(ref(Timestamp)),
  endsUntil: Type.Optional(ref(Timestamp)),
};

const Filters = Type.Object(listingFilters);

export interface Wanted {
  /** Names the listing and its filters, for the cursor. */
  readonly listing: unknown;
  readonly filters: Static<typeof Filters>;
  /** The caller's, whose types and rarities need no prefix. */
  readonly callerPlatform: string;
  readonly sellerId: string | null;
  readonly official: boolean | null;
  readonly upcoming: boolean;
  readonly sort: ListingSort;
  readonly page: { readonly cursor: string | undefined; readonly limit: number | undefined };
}

/** Of the first value of a position, by the type of the order's key. */
const KEY_FORMS = {
  featured: "rank",
  newest: "time",
  oldest: "time",
  price_asc: "number",
  price_desc: "number",
} as const satisfies Record<ListingSort, string>;

/** Errors: `missing_fields`, `invalid_amount`, `invalid_field`, `invalid_cursor`. */
export async function searchPage(
  services: Services,
  { listing, sort, page, filters, sellerId, official, upcoming, callerPlatform, ...unread }: Wanted,
): Promise<{ data: Static<typeof Listing>[]; nextCursor: string | null }> {
  unread satisfies NothingElse;
  requireCurrencyForPrices(filters, sort);
  const { cursor, limit = PAGE_SIZE_DEFAULT } = page;
  const after = decodeCursor(listing, cursor, { key: KEY_FORMS[sort], id: "text" });
  const part = { sort, after, limit: limit + 1 };
  const labels = await readLabels(services, callerPlatform, filters);
  const search = { ...searchOf(filters), ...labels, sellerId, official, upcoming };
  const rows = await searchListings(services.db, search, part);
  const shown = rows.slice(0, limit).map((row) => toListing(toOffer(row)));
  return toPage(rows, shown, ({ position, id }) => encodeCursor(listing, { key: position, id }));
}

function requireCurrencyForPrices(filters: Wanted["filters"], sort: ListingSort): void {
  const about = filters.priceMin ?? filters.priceMax ?? (sort.startsWith("price") || undefined);
  if (about !== undefined && filters.currency === undefined)
    throw new NewDayError("missing_fields", {
      field: "currency",
      rule: {
        en: "is required with a price filter or a price order",
        zh: "按价格筛选或排序时必填",
      },
      missingFields: ["currency"],
    });
}

const amountOf = (text: string | undefined, field: string) =>
  text === undefined ? null : parseAmount(text, field);
const timeOf = (text: string | undefined, field: string) => parseTime(text, field) ?? null;

async function readLabels({ db }: Services, platform: string, { type, rarity }: Wanted["filters"]) {
  return {
    type: await readFilterLabel(db, { platform, kind: "type" }, type),
    rarity: await readFilterLabel(db, { platform, kind: "rarity" }, rarity),
  };
}

function searchOf(
  filters: Wanted["filters"],
): Omit<ListingSearch, "sellerId" | "official" | "upcoming" | "type" | "rarity"> {
  const { q, type: _, rarity: __, platform, currency, priceMin, priceMax, ...times } = filters;
  const { listedFrom, listedUntil, endsFrom, endsUntil, ...unread } = times;
  unread satisfies NothingElse;
  const prices = {
    priceMin: amountOf(priceMin, "priceMin"),
    priceMax: amountOf(priceMax, "priceMax"),
  };
  const listed = {
    listedFrom: timeOf(listedFrom, "listedFrom"),
    listedUntil: timeOf(listedUntil, "listedUntil"),
  };
  const ends = {
    endsFrom: timeOf(endsFrom, "endsFrom"),
    endsUntil: timeOf(endsUntil, "endsUntil"),
  };
  for (const bounds of [prices, listed, ends]) requireOrderedBounds(bounds);
  return {
    text: q ?? null,
    platform: platform ?? null,
    currency: currency ?? null,
    ...prices,
    ...listed,
    ...ends,
  };
}
