/** SQL of a transfer's header. */
import type { Queryable } from "../../db/database.ts";
import type { JsonObject } from "../../engine/operation.ts";

export interface TransferHeader {
  readonly kind: string;
  readonly reference: string | null;
  readonly metadata: JsonObject | null;
  readonly effectiveAt: Date | null;
}

export async function findTransferHeader(
  db: Queryable,
  id: string,
): Promise<TransferHeader | undefined> {
  const [header] = await db.query<TransferHeader>(
    {
      name: "transfer-header",
      text: `select kind, reference, metadata, effective_at as "effectiveAt"
        from newday.transfers where id = $1 and line = 0`,
    },
    [id],
  );
  return header;
}
