/** SQL of a transfer's header. */
import type { Queryable } from "../../db/database.ts";
import { DETAIL_NAMES, selectDetails, type StoredDetails } from "../transfers/detail-columns.ts";

export interface TransferHeader extends StoredDetails {
  readonly kind: string;
}

export async function findTransferHeader(
  db: Queryable,
  id: string,
): Promise<TransferHeader | undefined> {
  const [header] = await db.query<TransferHeader>(
    {
      name: "transfer-header",
      text: `select kind, ${selectDetails(DETAIL_NAMES)}
        from newday.transfers where id = $1 and line = 0`,
    },
    [id],
  );
  return header;
}
