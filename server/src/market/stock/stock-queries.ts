/** SQL of platforms' own stock. */
import type { Queryable, Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  selectList,
  TEXT,
  TIMESTAMPTZ_LITERAL,
  UUID_LITERAL,
  WORD,
  type ArrayColumn,
  type Columns,
} from "../../db/tables/columns.ts";
import { statementsByRevision } from "../../db/tables/revisions.ts";
import type { ReadRow, RowUpdate } from "../../engine/resource.ts";
import { DEFINITION_COLUMNS, type ItemFacts } from "../../items/items/item-queries.ts";
import type { StockOfferRow } from "./stock-rows.ts";

const COLUMNS: Columns<StockOfferRow> = {
  id: ["id", TEXT],
  platform: ["platform", TEXT],
  definitionId: ["definition_id", UUID_LITERAL],
  currency: ["currency", WORD],
  price: ["price", BIGINT],
  stock: ["stock", BIGINT],
  sold: ["sold", BIGINT],
  perUserLimit: ["per_user_limit", BIGINT],
  perDayLimit: ["per_day_limit", BIGINT],
  buyers: ["buyers", WORD],
  status: ["status", WORD],
  startsAt: ["starts_at", TIMESTAMPTZ_LITERAL],
  endsAt: ["ends_at", TIMESTAMPTZ_LITERAL],
  version: ["version", BIGINT],
  createdAt: ["created_at", TIMESTAMPTZ_LITERAL],
  revision: ["revision", BIGINT],
};

const READ = `select ${selectList(COLUMNS)} from newday.stock_offers where id = any($1::text[])`;

const read: Statement = { name: "stock_offers_read", text: READ };
const lock: Statement = { name: "stock_offers_lock", text: `${READ} order by id for update` };

export function readStockOffers(locking: boolean): Statement {
  return locking ? lock : read;
}

const UPDATED: readonly ArrayColumn<RowUpdate<StockOfferRow>>[] = [
  arrayColumn("id", TEXT, ({ before }) => before.id),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("currency", WORD, ({ after }) => after.currency),
  arrayColumn("price", BIGINT, ({ after }) => after.price),
  arrayColumn("stock", BIGINT, ({ after }) => after.stock),
  arrayColumn("sold", BIGINT, ({ after }) => after.sold),
  arrayColumn("per_user_limit", BIGINT, ({ after }) => after.perUserLimit),
  arrayColumn("per_day_limit", BIGINT, ({ after }) => after.perDayLimit),
  arrayColumn("buyers", WORD, ({ after }) => after.buyers),
  arrayColumn("status", WORD, ({ after }) => after.status),
  arrayColumn("starts_at", TIMESTAMPTZ_LITERAL, ({ after }) => after.startsAt),
  arrayColumn("ends_at", TIMESTAMPTZ_LITERAL, ({ after }) => after.endsAt),
  arrayColumn("version", BIGINT, ({ after }) => after.version),
];

const CHECKED: readonly ArrayColumn<ReadRow<string, StockOfferRow>>[] = [
  arrayColumn("id", TEXT, ({ id }) => id),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

export const stockOfferStatements = statementsByRevision("stock_offers", {
  keys: ["id"],
  updated: UPDATED,
  inserted: arrayColumns(COLUMNS, ["revision"]),
  checked: CHECKED,
});

/** An offer with the facts of its item. */
export type StockOffer = StockOfferRow & ItemFacts;

const OFFER = `select ${selectList(COLUMNS, "o")}, ${DEFINITION_COLUMNS}
  from newday.stock_offers o join newday.item_definitions d on d.id = o.definition_id`;

export async function findStockOffer(db: Queryable, id: string): Promise<StockOffer | undefined> {
  const [row] = await db.query<StockOffer>(
    { name: "stock_offers_find", text: `${OFFER} where o.id = $1` },
    [id],
  );
  return row;
}

/** The selling platforms of these offers, which never change. */
export async function findSellingPlatforms(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db.query<{ id: string; platform: string }>(
    {
      name: "stock_offers_platforms",
      text: "select id, platform from newday.stock_offers where id = any($1::text[])",
    },
    [ids],
  );
  return new Map(rows.map(({ id, platform }) => [id, platform]));
}

export interface StockFilter {
  readonly platform: string;
  /** True: what can be bought at this moment only. */
  readonly onSale: boolean;
  /** False: only what users of every platform may buy. */
  readonly own: boolean;
}

/** Newest first; ids ascend with time. `after` is the last id of the page before. */
export function listStockOffers(
  db: Queryable,
  { platform, onSale, own }: StockFilter,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<StockOffer[]> {
  return db.query(
    {
      name: "stock_offers_page",
      text: `${OFFER} where o.platform = $1 and ($2 or o.buyers = 'all')
          and (not $3 or o.status = 'active' and (o.starts_at is null or o.starts_at <= now())
            and (o.ends_at is null or o.ends_at > now()) and (o.stock is null or o.sold < o.stock))
          and ($4::text is null or o.id < $4)
        order by o.id desc limit $5`,
    },
    [platform, own, onSale, after ?? null, limit],
  );
}
