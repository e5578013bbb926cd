/** SQL of official stock. */
import type { Queryable } from "../../db/database.ts";
import { arrayColumn, arrayColumns, namesOf, TEXT, unnested } from "../../db/tables/columns.ts";
import { LISTING_COLUMNS, type StoredListing } from "../listings/listing-queries.ts";
import { pricesAsText, type ListingRow } from "../listings/listing-rows.ts";

const { id, saleType, sellerName, definitionId, prices, currency, amount } = LISTING_COLUMNS;
const { remaining, perUserLimit, perDayLimit, pin } = LISTING_COLUMNS;

const STOCKED_COLUMNS = {
  id,
  saleType,
  sellerName,
  definitionId,
  prices,
  currency,
  amount,
  remaining,
  perUserLimit,
  perDayLimit,
  pin,
};
type Stocked = keyof typeof STOCKED_COLUMNS;

const STOCKED = arrayColumns<Pick<StoredListing, Stocked>>(STOCKED_COLUMNS);
const STOCKED_NAMES = namesOf(STOCKED);

const NAMED = [
  ...STOCKED,
  arrayColumn("name", TEXT, ({ name }: { readonly name: string }) => name),
];

/** Skips official stock whose id or name exists. */
export async function insertOfficialListing(
  db: Queryable,
  listing: Pick<ListingRow, Stocked> & { readonly name: string },
): Promise<void> {
  const row = { ...listing, prices: pricesAsText(listing.prices) };
  await db.query(
    `insert into newday.listings (kind, platform, listed_at, ${STOCKED_NAMES})
    select 'official', 'newday', now(), ${STOCKED_NAMES} from ${unnested(NAMED)} v
    where not exists (
      select from newday.listings l join newday.item_definitions d on d.id = l.definition_id
      where l.kind = 'official' and d.name = v.name)
    on conflict do nothing`,
    NAMED.map(({ encode }) => encode([row])),
  );
}
