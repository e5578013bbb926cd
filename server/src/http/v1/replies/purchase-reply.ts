/** Purchases as they were made, with what was given back. */
import type { Static } from "typebox";
import type { PurchaseRecordRow } from "../../../market/purchases/purchase-queries.ts";
import type { PurchaseRecord } from "../schemas/schemas-items.ts";

export function toPurchaseRecord(row: PurchaseRecordRow): Static<typeof PurchaseRecord> {
  return {
    id: row.id,
    transferId: row.transferId,
    listingId: row.listingId,
    itemId: row.itemId,
    name: row.name,
    buyerId: row.buyerId,
    sellerId: row.sellerId,
    quantity: Number(row.quantity),
    currency: row.currency,
    price: `${row.price}`,
    commission: `${row.commission}`,
    total: `${row.total}`,
    sellerReceives: `${row.sellerReceives}`,
    refundedQuantity: Number(row.refundedQuantity),
    refunded: `${row.refunded}`,
    recordedAt: row.recordedAt.toISOString(),
  };
}
