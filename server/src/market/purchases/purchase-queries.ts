/** SQL of what was bought and sold, by user, in pages. */
import type { Queryable } from "../../db/database.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

/** A user's side of a sale. */
export const PURCHASE_ROLES = ["buyer", "seller"] as const;
export type PurchaseRole = (typeof PURCHASE_ROLES)[number];

export interface PurchaseFilter {
  readonly listingId: string | null;
  readonly currency: string | null;
  /** Included. */
  readonly from: Date | null;
  /** Excluded. */
  readonly until: Date | null;
}

export interface PurchaseRecordRow {
  readonly id: string;
  readonly transferId: string | null;
  readonly listingId: string;
  readonly itemId: string | null;
  readonly name: string | null;
  readonly buyerId: string;
  readonly sellerId: string | null;
  readonly quantity: bigint;
  readonly currency: string;
  readonly price: bigint;
  readonly commission: bigint;
  readonly total: bigint;
  readonly sellerReceives: bigint;
  readonly refundedQuantity: bigint;
  /** Price and commission. */
  readonly refunded: bigint;
  readonly recordedAt: Date;
}

const SIDES: Readonly<Record<PurchaseRole, string>> = { buyer: "buyer_id", seller: "seller_id" };

/** Newest first; `after` is the position of the last purchase of the page before. */
export function listPurchases(
  db: Queryable,
  user: { readonly userId: string; readonly role: PurchaseRole },
  { listingId, currency, from, until, ...unread }: PurchaseFilter,
  page: { readonly after: { recordedAt: string; id: string } | undefined; readonly limit: number },
): Promise<(PurchaseRecordRow & { position: string })[]> {
  unread satisfies NothingElse;
  return db.query(
    {
      name: `purchases-page-${user.role}`,
      text: `select p.id, p.transfer_id as "transferId", p.listing_id as "listingId",
          p.item_id as "itemId", d.name, p.buyer_id as "buyerId", p.seller_id as "sellerId",
          p.quantity, p.currency, p.price, p.commission, p.total_amount as total,
          p.seller_receives as "sellerReceives", p.created_at as "recordedAt",
          coalesce(r.quantity, 0) as "refundedQuantity",
          coalesce(r.price + r.commission, 0) as refunded,
          p.created_at::text as position
        from newday.purchases p
        left join newday.purchase_refunds r on r.purchase_id = p.id
        left join newday.listings l on l.id = p.listing_id
        left join newday.stock_offers o on o.id = p.listing_id
        left join newday.item_definitions d on d.id = coalesce(l.definition_id, o.definition_id)
        where p.${SIDES[user.role]} = $1
          and ($2::text is null or p.listing_id = $2) and ($3::text is null or p.currency = $3)
          and ($4::timestamptz is null or p.created_at >= $4)
          and ($5::timestamptz is null or p.created_at < $5)
          and ($6::timestamptz is null or (p.created_at, p.id) < ($6::timestamptz, $7::text))
        order by p.created_at desc, p.id desc limit $8`,
    },
    [
      user.userId,
      listingId,
      currency,
      from,
      until,
      page.after?.recordedAt ?? null,
      page.after?.id ?? null,
      page.limit,
    ],
  );
}
