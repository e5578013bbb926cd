/** SQL that writes adopted items and purchases. */
import type { Transaction } from "../db/database.ts";
import { plainArray, textArray } from "../db/pipeline/array-parameters.ts";
import {
  arrayColumns,
  BIGINT_LITERAL,
  insertFromUnnest,
  TEXT,
  type ArrayType,
} from "../db/tables/columns.ts";
import type { ItemState } from "../items/items/item-rows.ts";

export interface AdoptedItem {
  readonly id: string;
  readonly ownerId: string;
  readonly definitionId: string;
  readonly state: ItemState;
  readonly quantity: bigint;
  readonly obtainedFrom: string | null;
  readonly listingId: string | null;
  readonly obtainedAt: string;
}

/** Items and the first row of their history, which issues them. Returns their number. */
export async function insertAdoptedItems(
  tx: Transaction,
  adopted: readonly AdoptedItem[],
): Promise<number> {
  const rows = await tx.query(
    `with adopted as (
      insert into newday.items (id, owner_id, definition_id, state, quantity, version,
        obtained_from, source, listing_id, obtained_at)
      select id, owner_id, definition_id, state, quantity, 1, obtained_from, obtained_from,
        listing_id, obtained_at
      from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::bigint[], $6::text[],
        $7::text[], $8::timestamptz[])
        as v (id, owner_id, definition_id, state, quantity, obtained_from, listing_id, obtained_at)
      returning id, owner_id, state, quantity
    )
    insert into newday.item_history (item_id, version, action, owner_id, state, quantity,
      quantity_change, issued)
    select id, 1, 'adopt', owner_id, state, quantity, quantity, quantity from adopted
    returning item_id`,
    [
      textArray(adopted.map(({ id }) => id)),
      textArray(adopted.map(({ ownerId }) => ownerId)),
      plainArray(adopted.map(({ definitionId }) => definitionId)),
      plainArray(adopted.map(({ state }) => state)),
      plainArray(adopted.map(({ quantity }) => quantity)),
      textArray(adopted.map(({ obtainedFrom }) => obtainedFrom)),
      textArray(adopted.map(({ listingId }) => listingId)),
      textArray(adopted.map(({ obtainedAt }) => obtainedAt)),
    ],
  );
  return rows.length;
}

export interface ItemMerge {
  readonly mergedId: string;
  readonly itemId: string;
  readonly reason: string;
  readonly legacyRow: object;
}

export async function insertMerges(tx: Transaction, merges: readonly ItemMerge[]): Promise<void> {
  await tx.query(
    `insert into newday.item_merges (merged_id, item_id, reason, legacy_row)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])`,
    [
      textArray(merges.map(({ mergedId }) => mergedId)),
      textArray(merges.map(({ itemId }) => itemId)),
      textArray(merges.map(({ reason }) => reason)),
      textArray(merges.map(({ legacyRow }) => JSON.stringify(legacyRow))),
    ],
  );
}

export interface AdoptedPurchase {
  readonly id: string;
  readonly listingId: string;
  readonly buyerId: string;
  readonly sellerId: string | null;
  readonly currency: string;
  readonly price: bigint;
  readonly commission: bigint;
  readonly totalAmount: bigint;
  readonly sellerReceives: bigint;
  readonly saleType: string;
  readonly createdAt: string;
}

const TIMESTAMP_TEXT: ArrayType<string> = { type: "timestamptz", encode: textArray };

const ADOPTED_PURCHASE = arrayColumns<AdoptedPurchase>({
  id: ["id", TEXT],
  listingId: ["listing_id", TEXT],
  buyerId: ["buyer_id", TEXT],
  sellerId: ["seller_id", TEXT],
  currency: ["currency", TEXT],
  price: ["price", BIGINT_LITERAL],
  commission: ["commission", BIGINT_LITERAL],
  totalAmount: ["total_amount", BIGINT_LITERAL],
  sellerReceives: ["seller_receives", BIGINT_LITERAL],
  saleType: ["sale_type", TEXT],
  createdAt: ["created_at", TIMESTAMP_TEXT],
});

/** History as it was: outside the ledger's transfers, sums unchecked. */
export async function insertAdoptedPurchases(
  tx: Transaction,
  rows: readonly AdoptedPurchase[],
): Promise<void> {
  await tx.query(
    insertFromUnnest("newday.purchases", ADOPTED_PURCHASE),
    ADOPTED_PURCHASE.map(({ encode }) => encode(rows)),
  );
}
