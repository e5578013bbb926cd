/** Transfers that a user asked for through a linked identity; every other transfer has no row. */
import type { Queryable, Statement } from "../../db/database.ts";
import { plainArray } from "../../db/pipeline/array-parameters.ts";
import {
  arrayColumn,
  bindRows,
  insertFromUnnest,
  TEXT,
  UUID_LITERAL,
  type ArrayColumn,
  type ArrayStatement,
} from "../../db/tables/columns.ts";
import type { PostingGuard } from "../../engine/posting-rules.ts";
import { insert, type Resource } from "../../engine/resource.ts";

interface LinkedTransferRow {
  readonly transferId: string;
  readonly throughUserId: string;
}

const read: Statement = {
  name: "linked_transfers_read",
  text: `select transfer_id as "transferId", through_user_id as "throughUserId"
    from newday.linked_transfers where transfer_id = any($1::uuid[])`,
};

const COLUMNS: readonly ArrayColumn<LinkedTransferRow>[] = [
  arrayColumn("transfer_id", UUID_LITERAL, ({ transferId }) => transferId),
  arrayColumn("through_user_id", TEXT, ({ throughUserId }) => throughUserId),
];

const insertRows: ArrayStatement<LinkedTransferRow> = {
  name: "linked_transfers_insert",
  text: insertFromUnnest("newday.linked_transfers", COLUMNS),
  columns: COLUMNS,
};

/** By transfer id; written once, with the transfer. */
export const linkedTransfers: Resource<string, LinkedTransferRow> = {
  name: "linked_transfers",
  async read(db: Queryable, ids: readonly string[]) {
    const rows = await db.query<LinkedTransferRow>(read, [plainArray(ids)]);
    return new Map(rows.map((row) => [row.transferId, row]));
  },
  write: (changes) => [
    bindRows(
      insertRows,
      changes.map(({ after }) => after),
    ),
  ],
};

/** Records through which identity the user acts, whatever the operation. */
export const linkedTransferGuard: PostingGuard = {
  check(view, _posting, { operation, transferId }) {
    const { through: throughUserId } = operation.terms;
    if (throughUserId !== undefined)
      view.put(insert(linkedTransfers, transferId, { transferId, throughUserId }));
  },
};

/**
 * SQL: the identity through which the user of the wallet `wallet` asked for the transfer of the row `t`; null for others,
 * because which identity a person has elsewhere is theirs to tell.
 */
export function throughOf(t: string, wallet: string): string {
  return `(select l.through_user_id from newday.linked_transfers l
      join newday.ledger_wallets own on own.number = ${wallet}
      where l.transfer_id = ${t}.id and ${t}.caller = 'user:' || own.user_id)`;
}
