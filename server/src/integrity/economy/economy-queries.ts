/** SQL that reads the statistics of the economy; each asks for few rows, however large the journal is. */
import type { Queryable } from "../../db/database.ts";
import type { BalanceBucket } from "./buckets.ts";

export interface EconomyScope {
  readonly currency?: string | undefined;
  readonly platform?: string | undefined;
}

/** Sums in decimal digits, as the database keeps them. */
export interface SumsRow {
  readonly currency: string;
  readonly platform: string;
  readonly issued: string;
  readonly returned: string;
  readonly held: string;
  readonly fees: string;
  readonly paid: string;
  readonly payments: bigint;
}

export interface DayRow extends SumsRow {
  readonly day: string;
}

export interface BucketRow extends BalanceBucket {
  /** The currency's number. */
  readonly currency: number;
  readonly code: string;
}

export interface EconomyProgress {
  readonly asOf: Date;
  readonly position: bigint;
  /** Numbers behind the position; a few may belong to no row. */
  readonly behind: bigint;
  readonly historyDone: boolean;
}

const OF_SCOPE = `($1::text is null or c.code = $1) and ($2::text is null or e.platform = $2)`;

function parametersOf({ currency, platform }: EconomyScope): unknown[] {
  return [currency ?? null, platform ?? null];
}

export async function readEconomyProgress(db: Queryable): Promise<EconomyProgress> {
  const [row] = await db.query<EconomyProgress>({
    name: "economy_progress",
    text: `select p.as_of as "asOf", p.position, p.history_done as "historyDone",
        greatest(case when s.is_called then s.last_value else 0 end - p.position, 0) as behind
      from newday.economy_progress p, newday.transfer_sequence s`,
  });
  if (!row) throw new Error("the statistics of the economy have no progress");
  return row;
}

const SUMS = `c.code as currency, e.platform, e.issued::text as issued, e.returned::text as returned,
  e.held::text as held, e.fees::text as fees, e.paid::text as paid, e.payments`;

export function listTotals(db: Queryable, scope: EconomyScope): Promise<SumsRow[]> {
  return db.query(
    {
      name: "economy_totals",
      text: `select ${SUMS} from newday.economy_totals e join newday.currencies c on c.number = e.currency
        where ${OF_SCOPE} order by c.code, e.platform`,
    },
    parametersOf(scope),
  );
}

/** From the day `from` on, oldest first: what came behind a period is needed too, to know what was held in it. */
export function listDays(db: Queryable, scope: EconomyScope, from: string): Promise<DayRow[]> {
  return db.query(
    {
      name: "economy_days",
      text: `select e.day::text as day, ${SUMS}
        from newday.economy_days e join newday.currencies c on c.number = e.currency
        where ${OF_SCOPE} and e.day >= $3::date order by e.day, c.code, e.platform`,
    },
    [...parametersOf(scope), from],
  );
}

interface StoredBucket {
  readonly currency: number;
  readonly code: string;
  readonly bucket: number;
  readonly holders: bigint;
  readonly total: string;
}

export async function listBuckets(db: Queryable, scope: EconomyScope = {}): Promise<BucketRow[]> {
  const rows = await db.query<StoredBucket>(
    {
      name: "economy_buckets",
      // Summed by the number: by the code, of each row, it takes three times as long.
      text: `select s.currency::int as currency, c.code, s.bucket, s.holders, s.total from (
          select e.currency, e.bucket, sum(e.holders)::bigint as holders, sum(e.total)::text as total
          from newday.economy_balances e
          where ($1::text is null or e.currency = (select number from newday.currencies where code = $1))
            and ($2::text is null or e.platform = $2) and e.holders > 0
          group by e.currency, e.bucket) s
        join newday.currencies c on c.number = s.currency order by c.code, s.bucket`,
    },
    parametersOf(scope),
  );
  return rows.map(({ total, ...row }) => ({ ...row, total: BigInt(total) }));
}

export interface PriceRow {
  readonly itemType: string;
  readonly currency: string;
  readonly day: string;
  readonly sales: bigint;
  readonly pieces: string;
  readonly total: string;
  readonly low: bigint;
  readonly high: bigint;
}

/** Days of one type of item, or of all; newest first, at most `limit` rows behind the position. */
export function listPrices(
  db: Queryable,
  wanted: {
    readonly itemType: string | undefined;
    readonly currency: string | undefined;
    readonly after:
      | { readonly day: string; readonly itemType: string; readonly currency: string }
      | undefined;
    readonly limit: number;
  },
): Promise<PriceRow[]> {
  const { itemType, currency, after, limit } = wanted;
  return db.query(
    `select e.item_type as "itemType", c.code as currency, e.day::text as day, e.sales,
        e.pieces::text as pieces, e.total::text as total, e.low, e.high
      from newday.economy_prices e join newday.currencies c on c.number = e.currency
      where ($1::text is null or e.item_type = $1) and ($2::text is null or c.code = $2)
        and ($3::date is null or e.day < $3 or (e.day = $3 and (e.item_type, c.code) > ($4, $5)))
      order by e.day desc, e.item_type, c.code limit $6`,
    [
      itemType ?? null,
      currency ?? null,
      after?.day ?? null,
      after?.itemType ?? null,
      after?.currency ?? null,
      limit,
    ],
  );
}

export interface HolderRow {
  readonly currency: string;
  readonly userId: string;
  readonly platform: string;
  readonly balance: bigint;
  readonly asOf: Date;
}

export function listTopHolders(db: Queryable, currency: string): Promise<HolderRow[]> {
  return db.query(
    `select c.code as currency, w.user_id as "userId", e.platform, h.balance, h.as_of as "asOf"
      from newday.economy_top_holders h
      join newday.currencies c on c.number = h.currency
      join newday.ledger_wallets w on w.number = h.account >> 16
      join newday.economy_wallets e on e.wallet = w.number
      where c.code = $1 order by h.balance desc, h.account`,
    [currency],
  );
}
