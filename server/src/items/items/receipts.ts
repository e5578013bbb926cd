/** Imports and receipts as rows that operations insert: each records one effect once. */
import type { Queryable, Statement } from "../../db/database.ts";
import { textArray } from "../../db/pipeline/array-parameters.ts";
import {
  arrayColumns,
  BIGINT_LITERAL,
  bindRows,
  insertFromUnnest,
  selectList,
  TEXT,
  TIMESTAMPTZ_LITERAL,
  UUID_LITERAL,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import type { Resource } from "../../engine/resource.ts";

interface ImportRow {
  readonly ownerId: string;
  readonly source: string;
  readonly externalId: string;
  readonly itemId: string;
  readonly address: string | null;
}

/** Id of an import: its owner, source and external id. */
export function importId(ownerId: string, source: string, externalId: string): string {
  return JSON.stringify([ownerId, source, externalId]);
}

const IMPORT_COLUMNS: Columns<ImportRow> = {
  ownerId: ["owner_id", TEXT],
  source: ["source", TEXT],
  externalId: ["external_id", TEXT],
  itemId: ["item_id", TEXT],
  address: ["address", TEXT],
};

const readImports: Statement = {
  name: "item_imports_read",
  text: `select ${selectList(IMPORT_COLUMNS, "m")}
    from unnest($1::text[], $2::text[], $3::text[]) as v (owner_id, source, external_id)
    join newday.item_imports m using (owner_id, source, external_id)`,
};

const IMPORTED = arrayColumns(IMPORT_COLUMNS);

const insertImports: ArrayStatement<ImportRow> = {
  name: "item_imports_insert",
  text: insertFromUnnest("newday.item_imports", IMPORTED),
  columns: IMPORTED,
};

/** Insert-only; two imports of one id conflict at the primary key, and one of them is refused. */
export const itemImports: Resource<string, ImportRow> = {
  name: "item_imports",
  async read(db: Queryable, ids: readonly string[]) {
    const parts = ids.map((id) => JSON.parse(id) as [string, string, string]);
    const columns = [0, 1, 2].map((at) => textArray(parts.map((part) => part[at] ?? "")));
    const rows = await db.query<ImportRow>(readImports, columns);
    return new Map(
      rows.map((row) => [importId(row.ownerId, row.source, row.externalId), row] as const),
    );
  },
  write: (changes) => [
    bindRows(
      insertImports,
      changes.map(({ after }) => after),
    ),
  ],
};

interface ReceiptRow {
  readonly request: string;
  readonly sequence: bigint;
  readonly transferId: string;
  /** The moved item: the item itself, or the part that was split off a stack. */
  readonly itemId: string;
  readonly quantity: bigint;
  readonly createdAt: Date;
}

const RECEIPT_COLUMNS: Columns<ReceiptRow> = {
  request: ["request", TEXT],
  sequence: ["sequence", BIGINT_LITERAL],
  transferId: ["transfer_id", UUID_LITERAL],
  itemId: ["item_id", TEXT],
  quantity: ["quantity", BIGINT_LITERAL],
  createdAt: ["created_at", TIMESTAMPTZ_LITERAL],
};

const readReceipts: Statement = {
  name: "item_receipts_read",
  text: `select distinct on (request) ${selectList(RECEIPT_COLUMNS)}
    from newday.item_receipts where request = any($1::text[]) order by request, sequence desc`,
};

const RECEIVED = arrayColumns(RECEIPT_COLUMNS, ["createdAt"]);

const insertReceipts: ArrayStatement<Omit<ReceiptRow, "createdAt">> = {
  name: "item_receipts_insert",
  text: insertFromUnnest("newday.item_receipts", RECEIVED),
  columns: RECEIVED,
};

/** By request: the last receipt. A later one has the next sequence number and is inserted. */
export const itemReceipts: Resource<string, ReceiptRow> = {
  name: "item_receipts",
  async read(db: Queryable, ids: readonly string[]) {
    const rows = await db.query<ReceiptRow>(readReceipts, [textArray(ids)]);
    return new Map(rows.map((row) => [row.request, row]));
  },
  write: (changes) => [
    bindRows(
      insertReceipts,
      changes.map(({ after }) => after),
    ),
  ],
};

/** Sender, item and target: the identity of a request (docs/contract.md 4.3). */
export function requestId(userId: string, itemId: string, target: string): string {
  return JSON.stringify([userId, itemId, target]);
}
