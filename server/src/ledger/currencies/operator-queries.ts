/** SQL with which operators change currencies and exchange pairs. */
import type { Queryable, Transaction } from "../../db/database.ts";
import type { CurrencyRow } from "./currencies.ts";

/** Serialises operators; postings only read these rows and continue. */
export async function lockModel(tx: Transaction): Promise<void> {
  await tx.query("lock table newday.currencies, newday.exchange_pairs in share row exclusive mode");
}

export async function insertCurrency(
  tx: Transaction,
  currency: Omit<CurrencyRow, "number">,
): Promise<void> {
  const { code, scale, minimum, maximum, exposure, minters } = currency;
  await tx.query(
    `insert into newday.currencies (number, code, scale, minimum, maximum, exposure, minters)
      select max(number) + 1, $1, $2, $3, $4, $5, $6 from newday.currencies`,
    [code, scale, minimum, maximum, exposure, minters],
  );
}

export async function updateCurrency(tx: Transaction, currency: CurrencyRow): Promise<void> {
  const { number, minimum, maximum, exposure, minters } = currency;
  await tx.query(
    `update newday.currencies set minimum = $2, maximum = $3, exposure = $4, minters = $5
      where number = $1`,
    [number, minimum, maximum, exposure, minters],
  );
}

/** Bounds of a currency before and after, for the accounts that follow it. */
export interface BoundsChange {
  readonly number: bigint;
  readonly before: Pick<CurrencyRow, "minimum" | "maximum" | "exposure">;
  readonly after: Pick<CurrencyRow, "minimum" | "maximum" | "exposure">;
}

/** An account follows a bound of its currency unless it has one of its own, as adopted debts have. */
const FOLLOWING = `from newday.accounts a
    join newday.ledger_wallets w on w.number = a.id >> 16
    cross join lateral (select
      case when w.role = 'exchange' and a.minimum = -$4::bigint then -$7::bigint
        when w.role is null and a.minimum = $2::bigint then $5::bigint
        else a.minimum end as minimum,
      case when w.role is null and a.maximum = $3::bigint then $6::bigint
        else a.maximum end as maximum) b
    where a.id & 65535 = $1::bigint and (b.minimum, b.maximum) <> (a.minimum, a.maximum)`;

function valuesOf({ number, before, after }: BoundsChange): unknown[] {
  const bounds = [before, after].flatMap((one) => [one.minimum, one.maximum, one.exposure]);
  return [number, ...bounds];
}

/** Blocks postings until the transaction ends; waits for its lock timeout at most. */
export async function lockAccounts(tx: Transaction): Promise<void> {
  await tx.query("lock table newday.accounts in share row exclusive mode");
}

/** Number of accounts that would follow, and those whose balances stand in the way. */
export async function readFollowers(
  db: Queryable,
  change: BoundsChange,
): Promise<{
  readonly accounts: bigint;
  readonly outside: bigint;
  readonly example: string | null;
}> {
  const outside = "a.balance > b.maximum or a.balance - a.held - a.locked < b.minimum";
  const [row] = await db.query<{ accounts: bigint; outside: bigint; example: string | null }>(
    `select count(*) as accounts, count(*) filter (where ${outside}) as outside,
      min(w.user_id) filter (where ${outside}) as example ${FOLLOWING}`,
    valuesOf(change),
  );
  return row ?? { accounts: 0n, outside: 0n, example: null };
}

/** The revision tells every engine that its cached rows of these accounts are outdated. */
export async function updateFollowers(tx: Transaction, change: BoundsChange): Promise<void> {
  await tx.query("set local newday.posting = 'on'");
  await tx.query(
    `update newday.accounts t set minimum = f.minimum, maximum = f.maximum,
        revision = t.revision + 1, changed_at = statement_timestamp()
      from (select a.id, b.minimum, b.maximum ${FOLLOWING}) f
      where t.id = f.id`,
    valuesOf(change),
  );
}

export interface PairRow {
  readonly from: string;
  readonly to: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function listExchangePairs(db: Queryable): Promise<PairRow[]> {
  return db.query(
    `select s.code as "from", t.code as "to", p.numerator, p.denominator
      from newday.exchange_pairs p
      join newday.currencies s on s.number = p.source_currency
      join newday.currencies t on t.number = p.target_currency
      order by p.source_currency, p.target_currency`,
  );
}

const SIDES = `(select number from newday.currencies where code = $1),
  (select number from newday.currencies where code = $2)`;

export async function upsertExchangePair(tx: Transaction, pair: PairRow): Promise<void> {
  await tx.query(
    `insert into newday.exchange_pairs (source_currency, target_currency, numerator, denominator)
      values (${SIDES}, $3, $4)
      on conflict (source_currency, target_currency) do update
        set numerator = excluded.numerator, denominator = excluded.denominator`,
    [pair.from, pair.to, pair.numerator, pair.denominator],
  );
}

export async function deleteExchangePair(tx: Transaction, from: string, to: string): Promise<void> {
  await tx.query(
    `delete from newday.exchange_pairs where (source_currency, target_currency) = (${SIDES})`,
    [from, to],
  );
}
