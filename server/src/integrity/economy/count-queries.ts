/** SQL that counts a range of the journal into the statistics of the economy, in one statement. */
import { GIVING_BACK } from "../../policy/rules/spending-kinds.ts";
import { ISSUER_ROLES } from "../../ledger/policies/issuance-queries.ts";
import { OWNER_PLATFORM, WITH_OWNERS } from "../../ledger/wallets/owned-wallet-queries.ts";

const words = (list: readonly string[]) => `'{${list.join(",")}}'`;

const COLUMNS = `id, line, kind, refusal, amount, from_account, to_account, from_balance, to_balance,
  recorded_at, result`;

/** Rows with a number: above $1, up to $2. */
export const NUMBERED = `select ${COLUMNS} from newday.transfers where sequence > $1 and sequence <= $2`;

/** Rows from before the numbers: behind ($1, $2), at most $3. */
export const UNNUMBERED = `select ${COLUMNS} from newday.transfers
  where sequence is null and (id, line) > ($1::uuid, $2::smallint) order by id, line limit $3`;

/**
 * The bucket of a balance: itself below 100, else its number of digits and the first two. Text and whole numbers
 * only, so that it is exact at any size.
 */
export function bucketOf(balance: string): string {
  return `case when ${balance} < 100 then ${balance}::int
    else length(${balance}::text) * 100 + left(${balance}::text, 2)::int end`;
}

/** Wallets of a range that were not counted before. */
export function addWallets(chunk: string): string {
  return `with chunk as (${chunk}), numbers as (
      select from_account >> 16 as number from chunk where amount > 0
      union select to_account >> 16 from chunk where amount > 0)
    insert into newday.economy_wallets (wallet, platform, role)
    select w.number, ${OWNER_PLATFORM}, w.role
    from newday.ledger_wallets w join numbers using (number) ${WITH_OWNERS}
    where not exists (select from newday.economy_wallets e where e.wallet = w.number)
    on conflict do nothing`;
}

const SUMS = ["issued", "returned", "held", "fees", "paid", "payments"] as const;
const ADDED = SUMS.map((name) => `${name} = t.${name} + excluded.${name}`).join(", ");
const SUM_NAMES = SUMS.join(", ");

const ISSUER = `coalesce(role = any(${words(ISSUER_ROLES)}), false)`;
const GIVES_BACK = `kind = any(${words(GIVING_BACK)})`;

function sumWhere(value: string, condition: string): string {
  return `coalesce(sum(${value}) filter (where ${condition}), 0)`;
}

/**
 * Adds a range. Each entry counts by itself (its balance leaves one bucket and enters another), so the order of
 * rows within a range and between ranges makes no difference to the sums.
 */
export function addRange(chunk: string): string {
  return `with chunk as materialized (${chunk}),
  moved as (
    select from_account as account, -amount as amount, from_balance as balance, kind, recorded_at
      from chunk where amount > 0
    union all
    select to_account, amount, to_balance, kind, recorded_at from chunk where amount > 0),
  entries as materialized (
    select (m.account & 65535)::smallint as currency, w.platform, w.role, m.amount, m.balance,
      ${ISSUER} as issuer, ${GIVES_BACK} as gives_back, (m.recorded_at at time zone 'UTC')::date as day
    from moved m join newday.economy_wallets w on w.wallet = m.account >> 16),
  sums as materialized (
    select day, currency, platform,
      ${sumWhere("-amount", "issuer and amount < 0 and not gives_back")} as issued,
      ${sumWhere("amount", "issuer and (amount > 0 or gives_back)")} as returned,
      ${sumWhere("amount", "not issuer")} as held,
      ${sumWhere("amount", "role = 'fees' and (amount > 0 or gives_back)")} as fees,
      ${sumWhere("-amount", "role is null and amount < 0 and not gives_back")} as paid,
      count(*) filter (where role is null and amount < 0 and not gives_back) as payments
    from entries group by day, currency, platform),
  days as (
    insert into newday.economy_days as t (day, currency, platform, ${SUM_NAMES})
    select day, currency, platform, ${SUM_NAMES} from sums
    on conflict (day, currency, platform) do update set ${ADDED}),
  totals as (
    insert into newday.economy_totals as t (currency, platform, ${SUM_NAMES})
    select currency, platform, ${SUMS.map((name) => `sum(${name})`).join(", ")}
      from sums group by currency, platform
    on conflict (currency, platform) do update set ${ADDED}),
  changes as (
    select currency, platform, balance - amount as balance, -1 as holders from entries where role is null
    union all select currency, platform, balance, 1 from entries where role is null),
  balances as (
    insert into newday.economy_balances as t (currency, platform, bucket, holders, total)
    select currency, platform, ${bucketOf("balance")}, sum(holders), sum(holders * balance)
      from changes where balance > 0 group by 1, 2, 3
      having sum(holders) <> 0 or sum(holders * balance) <> 0
    on conflict (currency, platform, bucket) do update
      set holders = t.holders + excluded.holders, total = t.total + excluded.total),
  sales as (
    select coalesce(d.own_type, d.item_type) as item_type, c.number as currency,
      (s.recorded_at at time zone 'UTC')::date as day,
      (s.result->>'quantity')::bigint as pieces, (s.result->>'price')::bigint as price
    from chunk s
    join newday.items i on i.id = s.result->>'itemId'
    join newday.item_definitions d on d.id = i.definition_id
    join newday.currencies c on c.code = s.result->>'currency'
    where s.kind in ('market_purchase', 'stock_purchase') and s.line = 0 and s.refusal is null
      and s.result->>'quantity' ~ '^[1-9]\\d{0,17}$' and s.result->>'price' ~ '^\\d{1,18}$'),
  prices as (
    insert into newday.economy_prices as t (item_type, currency, day, sales, pieces, total, low, high)
    select item_type, currency, day, count(*), sum(pieces), sum(price), min(price / pieces),
      max(price / pieces) from sales group by item_type, currency, day
    on conflict (item_type, currency, day) do update set sales = t.sales + excluded.sales,
      pieces = t.pieces + excluded.pieces, total = t.total + excluded.total,
      low = least(t.low, excluded.low), high = greatest(t.high, excluded.high))
  select count(*) as rows, max(recorded_at) as "recordedAt",
    (select row_to_json(l) from (select id, line from chunk order by id desc, line desc limit 1) l) as last
  from chunk`;
}

/**
 * Takes what the moved wallets hold, as of the position $1, from the platform under which they were counted to
 * that of their user. What they held there is the balance now without the entries behind the position.
 */
export const MOVE_WALLETS = `with moved as (
    delete from newday.economy_moved_wallets m returning m.wallet),
  changed as (
    select e.wallet, e.platform as before, ${OWNER_PLATFORM} as after
    from moved join newday.economy_wallets e using (wallet)
    join newday.ledger_wallets w on w.number = e.wallet ${WITH_OWNERS}
    where e.role is null and e.platform <> ${OWNER_PLATFORM}),
  later as (
    select account, sum(amount) as amount from (
      select from_account as account, -amount as amount from newday.transfers
        where sequence > $1 and amount > 0
      union all select to_account, amount from newday.transfers where sequence > $1 and amount > 0) t
    where exists (select from changed) group by account),
  balances as materialized (
    select (a.id & 65535)::smallint as currency, c.before, c.after,
      (a.balance - coalesce(l.amount, 0))::bigint as balance
    from changed c join newday.accounts a on a.id between c.wallet << 16 and (c.wallet << 16) + 65535
    left join later l on l.account = a.id),
  steps as materialized (
    select currency, before as platform, balance, -1 as holders from balances
    union all select currency, after, balance, 1 from balances),
  renamed as (
    update newday.economy_wallets e set platform = c.after from changed c where e.wallet = c.wallet),
  totals as (
    insert into newday.economy_totals as t (currency, platform, ${SUM_NAMES})
    select currency, platform, 0, 0, sum(holders * balance), 0, 0, 0 from steps group by 1, 2
    on conflict (currency, platform) do update set held = t.held + excluded.held),
  days as (
    insert into newday.economy_days as t (day, currency, platform, ${SUM_NAMES})
    select (now() at time zone 'UTC')::date, currency, platform, 0, 0, sum(holders * balance), 0, 0, 0
      from steps group by 1, 2, 3
    on conflict (day, currency, platform) do update set held = t.held + excluded.held)
  insert into newday.economy_balances as t (currency, platform, bucket, holders, total)
  select currency, platform, ${bucketOf("balance")}, sum(holders), sum(holders * balance)
    from steps where balance > 0 group by 1, 2, 3
  on conflict (currency, platform, bucket) do update
    set holders = t.holders + excluded.holders, total = t.total + excluded.total`;
