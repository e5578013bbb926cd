/** SQL of a transfer's header. */
import type { Queryable } from "../../db/database.ts";
import { DETAIL_NAMES, selectDetails, type StoredDetails } from "../transfers/detail-columns.ts";

export interface TransferHeader extends StoredDetails {
  readonly kind: string;
  readonly caller: string;
  /** The linked identity through which the caller asked. */
  readonly throughUserId: string | null;
}

export async function findTransferHeader(
  db: Queryable,
  id: string,
): Promise<TransferHeader | undefined> {
  const [header] = await db.query<TransferHeader>(
    {
      name: "transfer-header",
      text: `select kind, caller, ${selectDetails(DETAIL_NAMES)},
          (select through_user_id from newday.linked_transfers where transfer_id = $1) as "throughUserId"
        from newday.transfers where id = $1 and line = 0`,
    },
    [id],
  );
  return header;
}
