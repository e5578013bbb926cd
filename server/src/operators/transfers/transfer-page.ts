/** Everything about one transfer: its movements, what came of it, and the hold or purchase that it belongs to. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { findHold, type HoldView } from "../../ledger/holds/hold-view-queries.ts";
import {
  findPurchaseOfTransfer,
  type PurchaseRecordRow,
} from "../../market/purchases/purchase-queries.ts";
import { TRANSFER_ID } from "./find-named.ts";
import {
  listRelatedTransfers,
  readRefunded,
  readTransfersById,
  type RelatedTransfer,
  type TransferRow,
} from "./transfer-queries.ts";

export interface TransferPage {
  readonly transfer: TransferRow;
  /** By line of the movement. */
  readonly refunded: ReadonlyMap<number, bigint>;
  readonly related: readonly RelatedTransfer[];
  readonly hold: HoldView | undefined;
  readonly purchase: PurchaseRecordRow | undefined;
}

/** Errors: `transfer_not_found`. */
export async function readTransferPage(db: Queryable, id: string): Promise<TransferPage> {
  const known = TRANSFER_ID.test(id) ? [id] : [];
  const [transfer] = await readTransfersById(db, known, null);
  if (!transfer) throw new NewDayError("transfer_not_found", { field: "id" });
  const [refunded, related, hold, purchase] = await Promise.all([
    readRefunded(db, id),
    listRelatedTransfers(db, id),
    // A hold has the id of the transfer that placed it; captures and voids name it.
    findHold(db, transfer.related ?? id),
    findPurchase(db, transfer),
  ]);
  return { transfer, refunded, related, hold, purchase };
}

async function findPurchase(
  db: Queryable,
  { id, recordedAt, movements }: TransferRow,
): Promise<PurchaseRecordRow | undefined> {
  const [payment] = movements;
  return (
    payment && findPurchaseOfTransfer(db, { transferId: id, buyerId: payment.from, recordedAt })
  );
}
