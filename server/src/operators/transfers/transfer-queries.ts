/** SQL of transfers as operators read them, with their movements. */
import type { Queryable } from "../../db/database.ts";
import type { JsonObject } from "../../engine/operation.ts";
import {
  DETAIL_NAMES,
  selectDetails,
  type StoredDetails,
} from "../../ledger/transfers/detail-columns.ts";
import { orderById } from "../things/order-by-id.ts";

export interface TransferMovement {
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly amount: string;
  readonly fromBalance: string;
  readonly toBalance: string;
}

export interface TransferRow extends StoredDetails {
  readonly id: string;
  readonly kind: string;
  /** Who asked: `user:<id>`, `platform:<name>`, `operator:<login>`. */
  readonly caller: string;
  readonly recordedAt: Date;
  readonly related: string | null;
  readonly result: JsonObject | null;
  /** The code of the error; null: posted. */
  readonly refusal: string | null;
  /** The first of them, by line. */
  readonly movements: readonly TransferMovement[];
  readonly movementCount: number;
}

/** Of a transfer with more, a list shows the first ones. */
export const LISTED_MOVEMENTS = 4;

/** These transfers in this order, each with `movements` at most; unknown ids are left out. */
export async function readTransfersById(
  db: Queryable,
  ids: readonly string[],
  movements: number | null,
): Promise<TransferRow[]> {
  if (ids.length === 0) return [];
  const rows = await db.query<TransferRow>(
    {
      name: "operators-transfers",
      text: `select h.id, h.kind, h.caller, h.recorded_at as "recordedAt", h.related, h.result, h.refusal,
          ${selectDetails(DETAIL_NAMES, "h")}, coalesce(m.movements, '[]') as movements, c.count as "movementCount"
        from newday.transfers h
        cross join lateral (select count(*)::int as count from newday.transfers
          where id = h.id and amount > 0) c
        cross join lateral (select jsonb_agg(jsonb_build_object('line', t.line, 'from', f.user_id, 'to', r.user_id,
            'currency', k.code, 'amount', t.amount::text, 'fromBalance', t.from_balance::text,
            'toBalance', t.to_balance::text) order by t.line) as movements
          from (select * from newday.transfers where id = h.id and amount > 0 order by line limit $2) t
          join newday.ledger_wallets f on f.number = t.from_account >> 16
          join newday.ledger_wallets r on r.number = t.to_account >> 16
          join newday.currencies k on k.number = t.from_account & 65535) m
        where h.id = any($1::uuid[]) and h.line = 0`,
    },
    [ids, movements],
  );
  return orderById(ids, rows);
}

export interface RelatedTransfer {
  readonly id: string;
  readonly kind: string;
  readonly recordedAt: Date;
}

const RELATED_MAX = 200;

/** The refunds of a transfer, and what became of a hold; oldest first. */
export function listRelatedTransfers(db: Queryable, id: string): Promise<RelatedTransfer[]> {
  return db.query(
    {
      name: "operators-related-transfers",
      text: `select id, kind, recorded_at as "recordedAt" from newday.transfers
        where related = $1 and line = 0 order by recorded_at, id limit ${RELATED_MAX}`,
    },
    [id],
  );
}

/** What was given back of each movement, in minor units. */
export async function readRefunded(
  db: Queryable,
  id: string,
): Promise<ReadonlyMap<number, bigint>> {
  const rows = await db.query<{ line: number; refunded: bigint }>(
    {
      name: "operators-refunded",
      text: "select line, refunded from newday.refunds where transfer_id = $1",
    },
    [id],
  );
  return new Map(rows.map(({ line, refunded }) => [line, refunded]));
}
