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

/** A purchase `p` with its refunds and the name of what was sold; other queries add their conditions. */
const RECORD = `select p.id, p.transfer_id as "transferId", p.listing_id as "listingId",
    p.item_id as "itemId", d.name, p.buyer_id as "buyerId", p.seller_id as "sellerId",
    p.quantity, p.currency, p.price, p.commission, p.total_amount as total,
    p.seller_receives as "sellerReceives", p.created_at as "recordedAt",
    coalesce(r.quantity, 0) as "refundedQuantity",
    coalesce(r.price + r.commission, 0) as refunded,
    p.created_at::text as position`;
const JOINS = `left join newday.purchase_refunds r on r.purchase_id = p.id
  left join newday.listings l on l.id = p.listing_id
  left join newday.stock_offers o on o.id = p.listing_id
  left join newday.item_definitions d on d.id = coalesce(l.definition_id, o.definition_id)`;

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
      text: `${RECORD} from newday.purchases p ${JOINS}
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

/** Both rows are written by one batch, in statements some milliseconds apart. */
const OF_ONE_BATCH = "interval '1 minute'";

/** By its transfer: there is no index of that, so the buyer's purchases of that time are read. */
export async function findPurchaseOfTransfer(
  db: Queryable,
  posted: { readonly transferId: string; readonly buyerId: string; readonly recordedAt: Date },
): Promise<PurchaseRecordRow | undefined> {
  const [row] = await db.query<PurchaseRecordRow>(
    {
      name: "purchase-of-transfer",
      text: `${RECORD} from newday.purchases p ${JOINS}
        where p.buyer_id = $1 and p.transfer_id = $2
          and p.created_at between $3::timestamptz - ${OF_ONE_BATCH} and $3::timestamptz + ${OF_ONE_BATCH}`,
    },
    [posted.buyerId, posted.transferId, posted.recordedAt],
  );
  return row;
}

/** Purchases that one page reads of a seller with many others. */
const ROWS_READ = 5_000;

export interface PurchasePosition {
  readonly recordedAt: string;
  readonly id: string;
}

interface SaleRow extends PurchaseRecordRow {
  readonly position: string;
}

/**
 * Newest first. Official stock has an index of its own; of a seller's listing, their sales since then are read, so
 * a page may be shorter than asked.
 */
export async function listPurchasesOfListing(
  db: Queryable,
  listing: { readonly id: string; readonly sellerId: string | null; readonly listedAt: Date },
  { after, limit }: { readonly after: PurchasePosition | undefined; readonly limit: number },
): Promise<{
  readonly purchases: PurchaseRecordRow[];
  readonly next: PurchasePosition | undefined;
}> {
  const { id, sellerId, listedAt } = listing;
  const isOfficial = sellerId === null;
  const rows = isOfficial ? limit + 1 : ROWS_READ;
  const of = isOfficial
    ? "listing_id = $1 and seller_id is null and $2::text is null"
    : "seller_id = $2";
  const found = await db.query<{ read: bigint; last: PurchasePosition | null } & Partial<SaleRow>>(
    {
      name: `purchases-of-${isOfficial ? "official" : "player"}-listing`,
      text: `with c as materialized (select * from newday.purchases
          where ${of} and created_at >= $3
            and ($4::timestamptz is null or (created_at, id) < ($4::timestamptz, $5::text))
          order by created_at desc, id desc limit $6),
        m as (${RECORD} from (select * from c where listing_id = $1
          order by created_at desc, id desc limit $7) p ${JOINS})
        select (select count(*) from c) as read,
          (select jsonb_build_object('recordedAt', created_at::text, 'id', id) from c
            order by created_at, id limit 1) as last, m.*
        from (select 1) as one left join m on true order by m."recordedAt" desc, m.id desc`,
    },
    [id, sellerId, listedAt, after?.recordedAt ?? null, after?.id ?? null, rows, limit + 1],
  );
  const sales = found.flatMap((row) => (isSale(row) ? [row] : []));
  const purchases = sales.slice(0, limit);
  const shown = purchases.at(-1);
  if (sales.length > limit && shown)
    return { purchases, next: { recordedAt: shown.position, id: shown.id } };
  const [first] = found;
  const isLast = !first || first.read < BigInt(rows);
  return { purchases, next: isLast ? undefined : (first.last ?? undefined) };
}

function isSale(row: Partial<SaleRow>): row is SaleRow {
  return typeof row.id === "string";
}
