/**
 * The invariants that the continuous audit checks page by page. Each is a query over a page of rows (walks.ts) that
 * lists the offenders: their subject, the wallet whose user is concerned, and the evidence. One statement sees one
 * snapshot, so a posting in between makes no offender.
 */
import type { Message } from "../../lib/messages.ts";
import type { WalkName } from "./walks.ts";

export type FindingSeverity = "critical" | "serious";

export interface Invariant {
  readonly id: string;
  readonly severity: FindingSeverity;
  readonly walk: WalkName;
  readonly rule: Message;
  readonly remedy: Message;
  /** SQL of the offenders: columns subject, wallet, evidence. */
  readonly offenders: (rows: string) => string;
}

/** The page of each finding. */
export function pageOfInvariant(id: string): string {
  return `docs/runbooks/audit-${id.replaceAll("_", "-")}.md`;
}

/** Evidence names at most so many rows of an account. */
const EXAMPLES = 5;

const COMPARE_WITH_BACKUP: Message = {
  en: "Leave the rows as they are, compare them with a backup, and correct by a posting.",
  zh: "请勿改动这些行；请与备份对比，并以入账方式更正",
};

/** The transfer with this entry of an account: its balance after, and its time. */
function entryAt(account: string, version: string, id: string): string {
  return `select case when p.from_account = ${account} and p.from_version = ${version}
        then p.from_balance else p.to_balance end as balance, p.recorded_at
      from newday.transfers p where p.id = ${id}
        and (p.from_account = ${account} and p.from_version = ${version}
          or p.to_account = ${account} and p.to_version = ${version}) limit 1`;
}

const entryChain: Invariant = {
  id: "entry_chain",
  severity: "critical",
  walk: "journal",
  rule: {
    en: "each entry continues the one before it on its account: version, balance, time",
    zh: "每条分录都延续其账户的上一条分录：版本、余额与时间",
  },
  remedy: COMPARE_WITH_BACKUP,
  offenders: (rows) => `with rows as materialized (${rows}),
    sides as (
      select id, from_account as account, from_version as version, -amount as amount,
        from_balance as balance, from_previous as previous, recorded_at from rows where amount > 0
      union all
      select id, to_account, to_version, amount, to_balance, to_previous, recorded_at
        from rows where amount > 0),
    broken as (
      select s.account, s.version, s.amount, s.balance, coalesce(p.balance, q.balance) as before
      from sides s
      left join lateral (${entryAt("s.account", "s.version - 1", "s.previous")}) p on true
      left join lateral (
        select e.balance, e.recorded_at from newday.entries_of(s.account, s.version - 1, s.version - 1) e
        where s.previous is null and s.version > 1) q on true
      where case when s.version = 1 then s.previous is not null or s.balance <> s.amount
        else coalesce(p.balance, q.balance) + s.amount is distinct from s.balance
          or coalesce(p.recorded_at, q.recorded_at) > s.recorded_at end)
    select 'account ' || account, account >> 16,
      jsonb_build_object('entries', jsonb_agg(jsonb_build_object('version', version::text,
        'amount', amount::text, 'balance', balance::text, 'before', before::text) order by version), 'count', count(*))
    from (select b.*, row_number() over (partition by account order by version) as place from broken b) b
    where place <= ${EXAMPLES} group by account`,
};

const movementShape: Invariant = {
  id: "movement_shape",
  severity: "critical",
  walk: "journal",
  rule: {
    en: "each movement takes from one account what it gives to another of the same currency, and both exist",
    zh: "每笔变动从一个账户转出的金额等于转入同币种另一账户的金额，且两个账户均存在",
  },
  remedy: COMPARE_WITH_BACKUP,
  offenders: (rows) => `select 'transfer ' || r.id || ' line ' || r.line, f.id >> 16,
      jsonb_build_object('from', r.from_account::text, 'to', r.to_account::text, 'amount', r.amount::text)
    from (${rows}) r
    left join newday.accounts f on f.id = r.from_account
    left join newday.accounts t on t.id = r.to_account
    where case when r.amount > 0 then f.id is null or t.id is null or f.id = t.id
        or f.id & 65535 <> t.id & 65535 or r.refusal is not null
      else num_nonnulls(r.from_account, r.to_account, r.from_balance, r.to_balance) > 0
        or r.amount < 0 end is not false`,
};

const accountHead: Invariant = {
  id: "account_head",
  severity: "critical",
  walk: "accounts",
  rule: {
    en: "an account has the balance after its last entry",
    zh: "账户余额等于其最后一条分录后的余额",
  },
  remedy: COMPARE_WITH_BACKUP,
  offenders: (rows) => `select 'account ' || a.id, a.id >> 16,
      jsonb_build_object('balance', a.balance::text, 'version', a.version::text,
        'afterLastEntry', coalesce(p.balance, q.balance)::text)
    from (${rows}) a
    left join lateral (${entryAt("a.id", "a.version", "a.last_transfer")}) p on true
    left join lateral (
      select e.balance from newday.entries_of(a.id, a.version, a.version) e
      where a.last_transfer is null and a.version > 0) q on true
    where case when a.version = 0 then a.balance <> 0 or a.last_transfer is not null
      else a.balance is distinct from coalesce(p.balance, q.balance) end`,
};

const accountBounds: Invariant = {
  id: "account_bounds",
  severity: "critical",
  walk: "accounts",
  rule: {
    en: "an account is within its bounds, and what it holds is what its open holds reserve",
    zh: "账户在其上下限之内，预留金额等于其未结预留之和",
  },
  remedy: COMPARE_WITH_BACKUP,
  offenders: (rows) => `select 'account ' || a.id, a.id >> 16,
      jsonb_build_object('balance', a.balance::text, 'held', a.held::text, 'locked', a.locked::text,
        'reserved', coalesce(h.reserved, 0)::text)
    from (${rows}) a
    left join lateral (select sum(h.amount - h.captured) as reserved from newday.holds h
      where h.account = a.id and h.state = 'open') h on true
    where a.balance < a.minimum or a.balance > a.maximum
      or a.balance - a.held - a.locked < a.minimum or a.locked < 0 or a.claim < 0
      or a.held <> coalesce(h.reserved, 0)`,
};

const accountOwner: Invariant = {
  id: "account_owner",
  severity: "serious",
  walk: "accounts",
  rule: {
    en: "every account belongs to a wallet and a currency",
    zh: "每个账户都属于某个钱包和某种货币",
  },
  remedy: {
    en: "Restore the missing wallet or currency from a backup.",
    zh: "请从备份恢复缺失的钱包或货币",
  },
  offenders: (rows) => `select 'account ' || a.id, w.number,
      jsonb_build_object('wallet', (a.id >> 16)::text, 'currency', (a.id & 65535)::text)
    from (${rows}) a
    left join newday.ledger_wallets w on w.number = a.id >> 16
    left join newday.currencies c on c.number = a.id & 65535
    where w.number is null or c.number is null`,
};

const itemState: Invariant = {
  id: "item_state",
  severity: "critical",
  walk: "items",
  rule: {
    en: "an item is where its history left it, and the history has no gap",
    zh: "道具的状态与其最后一条历史一致，历史没有缺口",
  },
  remedy: {
    en: "Leave the item as it is, compare it with a backup, and correct by a posting.",
    zh: "请勿改动该道具；请与备份对比，并以入账方式更正",
  },
  offenders: (rows) => `select 'item ' || i.id, w.number,
      jsonb_build_object('version', i.version::text, 'state', i.state, 'quantity', i.quantity::text,
        'rows', h.rows::text, 'total', h.total::text, 'lastState', l.state)
    from (${rows}) i
    left join newday.item_history l on l.item_id = i.id and l.version = i.version
    left join lateral (select count(*) as rows, sum(e.quantity_change) as total
      from newday.item_history e where e.item_id = i.id) h on true
    left join newday.ledger_wallets w on w.user_id = i.owner_id
    where l.item_id is null or h.rows <> i.version or l.owner_id <> i.owner_id or l.state <> i.state
      or l.quantity <> i.quantity or h.total is distinct from i.quantity
      or not exists (select from newday.item_definitions d where d.id = i.definition_id)`,
};

const itemEscrow: Invariant = {
  id: "item_escrow",
  severity: "serious",
  walk: "items",
  rule: {
    en: "an item in escrow is offered by one active listing, all of it",
    zh: "托管中的道具由唯一的在售商品提供其全部数量",
  },
  remedy: {
    en: "Cancel the listing of the item, so that the item returns to its owner.",
    zh: "请取消该道具的商品，使其返回所有者",
  },
  offenders: (rows) => `select 'item ' || i.id, w.number,
      jsonb_build_object('state', i.state, 'quantity', i.quantity::text)
    from (${rows}) i left join newday.ledger_wallets w on w.user_id = i.owner_id
    where i.state = 'escrowed' and not exists (
      select from newday.listings l where l.item_id = i.id and l.status = 'active'
        and l.remaining = i.quantity)`,
};

const purchasePaid: Invariant = {
  id: "purchase_paid",
  severity: "serious",
  walk: "purchases",
  rule: {
    en: "every purchase was paid by its transfer, the fee included",
    zh: "每次购买都由其转账付清，含手续费",
  },
  remedy: COMPARE_WITH_BACKUP,
  offenders: (rows) => `select 'purchase ' || p.id, w.number,
      jsonb_build_object('total', p.total_amount::text, 'paid', t.paid::text)
    from (${rows}) p
    left join lateral (select sum(t.amount) as paid from newday.transfers t
      where t.id = p.transfer_id and t.kind in ('market_purchase', 'stock_purchase')) t on true
    left join newday.ledger_wallets w on w.user_id = p.buyer_id
    where p.transfer_id is not null and p.total_amount is distinct from t.paid`,
};

export const INVARIANTS: readonly Invariant[] = [
  entryChain,
  movementShape,
  accountHead,
  accountBounds,
  accountOwner,
  itemState,
  itemEscrow,
  purchasePaid,
];
