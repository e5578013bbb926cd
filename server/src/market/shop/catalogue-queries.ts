/** SQL of official stock. */
import type { Queryable } from "../../db/database.ts";
import { pricesToJson, type ListingRow } from "../listings/listing-rows.ts";

type OfficialListing = Pick<
  ListingRow,
  | "id"
  | "saleType"
  | "sellerName"
  | "definitionId"
  | "prices"
  | "currency"
  | "amount"
  | "remaining"
  | "perUserLimit"
  | "perDayLimit"
  | "pin"
> & { readonly name: string };

/** Skips official stock whose id or name exists. */
export async function insertOfficialListing(
  db: Queryable,
  listing: OfficialListing,
): Promise<void> {
  await db.query(
    `insert into newday.listings (id, kind, sale_type, platform, seller_name, definition_id, prices,
      currency, amount, remaining, per_user_limit, per_day_limit, pin, listed_at)
    select $1, 'official', $2, 'newday', $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11, now()
    where not exists (
      select from newday.listings l join newday.item_definitions d on d.id = l.definition_id
      where l.kind = 'official' and d.name = $12)
    on conflict do nothing`,
    [
      listing.id,
      listing.saleType,
      listing.sellerName,
      listing.definitionId,
      pricesToJson(listing.prices),
      listing.currency,
      listing.amount,
      listing.remaining,
      listing.perUserLimit,
      listing.perDayLimit,
      listing.pin,
      listing.name,
    ],
  );
}
