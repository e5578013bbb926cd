/** SQL of refunds of purchases. */
import type { Queryable, Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  insertFromUnnest,
  INTEGER,
  namesOf,
  parametersOf,
  selectList,
  TEXT,
  WORD,
  type ArrayColumn,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import type { RowUpdate } from "../../engine/resource.ts";
import type { PurchaseRefundRow, RefundPolicyRow } from "./refund-rows.ts";

const REFUNDS: Columns<PurchaseRefundRow> = {
  purchaseId: ["purchase_id", TEXT],
  ofQuantity: ["of_quantity", BIGINT],
  ofPrice: ["of_price", BIGINT],
  ofCommission: ["of_commission", BIGINT],
  quantity: ["quantity", BIGINT],
  items: ["items", BIGINT],
  price: ["price", BIGINT],
  commission: ["commission", BIGINT],
  locked: ["locked", BIGINT],
  revision: ["revision", BIGINT],
};

const READ_REFUNDS = `select ${selectList(REFUNDS)} from newday.purchase_refunds
  where purchase_id = any($1::text[])`;

export function readPurchaseRefunds(locking: boolean): Statement {
  return locking
    ? { name: "purchase_refunds_lock", text: `${READ_REFUNDS} order by purchase_id for update` }
    : { name: "purchase_refunds_read", text: READ_REFUNDS };
}

const REFUNDED: readonly ArrayColumn<RowUpdate<PurchaseRefundRow>>[] = [
  arrayColumn("purchase_id", TEXT, ({ before }) => before.purchaseId),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("quantity", BIGINT, ({ after }) => after.quantity),
  arrayColumn("items", BIGINT, ({ after }) => after.items),
  arrayColumn("price", BIGINT, ({ after }) => after.price),
  arrayColumn("commission", BIGINT, ({ after }) => after.commission),
  arrayColumn("locked", BIGINT, ({ after }) => after.locked),
];

export const updatePurchaseRefunds: ArrayStatement<RowUpdate<PurchaseRefundRow>> = {
  name: "purchase_refunds_update",
  text: `with written as (
    update newday.purchase_refunds r set quantity = v.quantity, items = v.items,
      price = v.price, commission = v.commission, locked = v.locked, revision = r.revision + 1
    from unnest(${parametersOf(REFUNDED)}) as v (${namesOf(REFUNDED)})
    where r.purchase_id = v.purchase_id and r.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), cardinality($1::text[]))`,
  columns: REFUNDED,
};

const NEW_REFUNDS = arrayColumns(REFUNDS, ["revision"]);

export const insertPurchaseRefunds: ArrayStatement<Omit<PurchaseRefundRow, "revision">> = {
  name: "purchase_refunds_insert",
  text: insertFromUnnest("newday.purchase_refunds", NEW_REFUNDS),
  columns: NEW_REFUNDS,
};

const POLICIES: Columns<RefundPolicyRow> = {
  platform: ["platform", TEXT],
  windowDays: ["window_days", INTEGER],
  commission: ["commission", WORD],
  version: ["version", BIGINT],
  revision: ["revision", BIGINT],
};

const READ_POLICIES = `select ${selectList(POLICIES)} from newday.refund_policies
  where platform = any($1::text[])`;

export function readRefundPolicies(locking: boolean): Statement {
  return locking
    ? { name: "refund_policies_lock", text: `${READ_POLICIES} order by platform for update` }
    : { name: "refund_policies_read", text: READ_POLICIES };
}

const CHANGED: readonly ArrayColumn<RowUpdate<RefundPolicyRow>>[] = [
  arrayColumn("platform", TEXT, ({ before }) => before.platform),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("window_days", INTEGER, ({ after }) => after.windowDays),
  arrayColumn("commission", WORD, ({ after }) => after.commission),
  arrayColumn("version", BIGINT, ({ after }) => after.version),
];

export const updateRefundPolicies: ArrayStatement<RowUpdate<RefundPolicyRow>> = {
  name: "refund_policies_update",
  text: `with written as (
    update newday.refund_policies p set window_days = v.window_days, commission = v.commission,
      version = v.version, revision = p.revision + 1
    from unnest(${parametersOf(CHANGED)}) as v (${namesOf(CHANGED)})
    where p.platform = v.platform and p.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), cardinality($1::text[]))`,
  columns: CHANGED,
};

const NEW_POLICIES = arrayColumns(POLICIES, ["revision"]);

export const insertRefundPolicies: ArrayStatement<Omit<RefundPolicyRow, "revision">> = {
  name: "refund_policies_insert",
  text: insertFromUnnest("newday.refund_policies", NEW_POLICIES),
  columns: NEW_POLICIES,
};

/** A purchase as it was posted; every member is constant. */
export interface SoldPurchase {
  readonly id: string;
  readonly listingId: string;
  /** Of the listing; `stock`: a platform's own stock. */
  readonly kind: "official" | "escrowed" | "declared" | "stock";
  readonly itemId: string;
  readonly buyerId: string;
  readonly sellerId: string | null;
  readonly quantity: bigint;
  readonly currency: string;
  readonly price: bigint;
  readonly commission: bigint;
  /** The part that locked coins paid. */
  readonly locked: bigint;
  readonly boughtAt: Date;
}

/** Both rows are written by one batch, in statements some milliseconds apart. */
const OF_ONE_BATCH = "interval '1 minute'";

/** By its transfer: there is no index of that, so the buyer's purchases of that time are read. */
export async function findSoldPurchase(
  db: Queryable,
  posted: { readonly transferId: string; readonly buyerId: string; readonly recordedAt: Date },
): Promise<SoldPurchase | undefined> {
  const [row] = await db.query<SoldPurchase>(
    {
      name: "sold-purchase",
      text: `select p.id, p.listing_id as "listingId",
          coalesce(l.kind, 'stock') as kind, p.item_id as "itemId",
          p.buyer_id as "buyerId", p.seller_id as "sellerId", p.quantity, p.currency, p.price,
          p.commission, p.locked, p.created_at as "boughtAt"
        from newday.purchases p left join newday.listings l on l.id = p.listing_id
        left join newday.stock_offers o on o.id = p.listing_id
        where coalesce(l.id, o.id) is not null and p.buyer_id = $1 and p.transfer_id = $2
          and p.created_at between $3::timestamptz - ${OF_ONE_BATCH}
            and $3::timestamptz + ${OF_ONE_BATCH}`,
    },
    [posted.buyerId, posted.transferId, posted.recordedAt],
  );
  return row;
}

/** The policies that differ from the default, by platform. */
export function listRefundPolicies(db: Queryable): Promise<RefundPolicyRow[]> {
  return db.query(`select ${selectList(POLICIES)} from newday.refund_policies order by platform`);
}
