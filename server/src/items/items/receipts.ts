/** Imports and receipts as rows that operations insert: each records one effect once. */
import type { BoundStatement, NamedStatement, Queryable, Statement } from "../../db/database.ts";
import { plainArray, textArray } from "../../db/pipeline/array-parameters.ts";
import type { Change, Resource } from "../../engine/resource.ts";

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

const readImports: Statement = {
  name: "item_imports_read",
  text: `select m.owner_id as "ownerId", m.source, m.external_id as "externalId",
      m.item_id as "itemId", m.address
    from unnest($1::text[], $2::text[], $3::text[]) as v (owner_id, source, external_id)
    join newday.item_imports m using (owner_id, source, external_id)`,
};

const insertImports: NamedStatement = {
  name: "item_imports_insert",
  text: `insert into newday.item_imports (owner_id, source, external_id, item_id, address)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])`,
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
  write(changes: readonly Change<string, ImportRow>[]): BoundStatement[] {
    const rows = changes.map(({ after }) => after);
    return [
      {
        statement: insertImports,
        values: [
          textArray(rows.map(({ ownerId }) => ownerId)),
          textArray(rows.map(({ source }) => source)),
          textArray(rows.map(({ externalId }) => externalId)),
          textArray(rows.map(({ itemId }) => itemId)),
          textArray(rows.map(({ address }) => address)),
        ],
      },
    ];
  },
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

const readReceipts: Statement = {
  name: "item_receipts_read",
  text: `select distinct on (request) request, sequence, transfer_id as "transferId",
      item_id as "itemId", quantity, created_at as "createdAt"
    from newday.item_receipts where request = any($1::text[]) order by request, sequence desc`,
};

const insertReceipts: NamedStatement = {
  name: "item_receipts_insert",
  text: `insert into newday.item_receipts (request, sequence, transfer_id, item_id, quantity)
    select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::bigint[])`,
};

/** By request: the last receipt. A later one has the next sequence number and is inserted. */
export const itemReceipts: Resource<string, ReceiptRow> = {
  name: "item_receipts",
  async read(db: Queryable, ids: readonly string[]) {
    const rows = await db.query<ReceiptRow>(readReceipts, [textArray(ids)]);
    return new Map(rows.map((row) => [row.request, row]));
  },
  write(changes: readonly Change<string, ReceiptRow>[]): BoundStatement[] {
    const rows = changes.map(({ after }) => after);
    return [
      {
        statement: insertReceipts,
        values: [
          textArray(rows.map(({ request }) => request)),
          plainArray(rows.map(({ sequence }) => sequence)),
          plainArray(rows.map(({ transferId }) => transferId)),
          textArray(rows.map(({ itemId }) => itemId)),
          plainArray(rows.map(({ quantity }) => quantity)),
        ],
      },
    ];
  },
};

/** Sender, item and target: the identity of a request (docs/contract.md 4.3). */
export function requestId(userId: string, itemId: string, target: string): string {
  return JSON.stringify([userId, itemId, target]);
}
