/** SQL of the audit: each query lists the rows that break one rule; an empty result proves it. */
import type { Queryable } from "../db/database.ts";
import { ITEM_RULES, type Rule } from "./item-rules.ts";
import { FREEZE_RULES } from "./freeze-rules.ts";
import { REFUND_RULES } from "./refund-rules.ts";
import { GIVING_BACK } from "../policy/rules/spending-kinds.ts";
import type { Message } from "../lib/messages.ts";

/** Enough rows to see a pattern; the count has the rest. */
const EXAMPLES = 5;

export interface Breach {
  readonly rule: Message;
  readonly count: bigint;
  readonly examples: readonly string[];
}

const ENTRIES = `select account, count(*) as entries, min(version) as first, max(version) as last,
    count(distinct version) as versions, sum(amount) as total
  from newday.entries group by account`;

export const RULES: readonly Rule[] = [
  {
    rule: {
      en: "an issuance budget has counted what its mint issued since it was set",
      zh: "发行预算的计数等于自设置以来实际发行的数量",
    },
    offenders: `select 'budget ' || platform || ' ' || currency from newday.issuance_budgets b
      where issued <> (select coalesce(sum(amount), 0) from newday.transfers t
        where t.from_account = b.account and t.from_version > b.since_version
          and t.kind <> all('{${GIVING_BACK.join(",")}}'))`,
  },
  {
    rule: {
      en: "the accounts of each currency, system accounts included, sum to zero",
      zh: "每种货币的所有账户（含系统账户）之和为零",
    },
    offenders: `select 'currency ' || (id & 65535) || ' sums to ' || sum(balance)
      from newday.accounts group by id & 65535 having sum(balance) <> 0`,
  },
  {
    rule: {
      en: "an account's versions are 1, 2, 3, ... without a gap",
      zh: "账户的版本号为 1、2、3……没有缺口",
    },
    offenders: `select 'account ' || account from (${ENTRIES}) e
      where first <> 1 or last <> entries or versions <> entries`,
  },
  {
    rule: {
      en: "an account's balance is the sum of its entries and its version their number",
      zh: "账户余额等于其分录之和，版本号等于分录数",
    },
    offenders: `select 'account ' || a.id from newday.accounts a
      left join (${ENTRIES}) e on e.account = a.id
      where a.balance <> coalesce(e.total, 0) or a.version <> coalesce(e.entries, 0)`,
  },
  {
    rule: { en: "every entry belongs to an account", zh: "每条分录都属于某个账户" },
    offenders: `select 'account ' || e.account from (${ENTRIES}) e
      where not exists (select from newday.accounts a where a.id = e.account)`,
  },
  {
    rule: {
      en: "each balance after an entry is the one before it plus the amount",
      zh: "每条分录后的余额等于之前的余额加上金额",
    },
    offenders: `select 'account ' || account || ' version ' || version from (
      select account, version, amount, balance,
        lag(balance, 1, 0) over (partition by account order by version) as before
      from newday.entries) e where balance <> before + amount`,
  },
  {
    rule: {
      en: "each entry names the transfer before it on its account, and the account the last one",
      zh: "每条分录都指向其账户上一条分录的转账，账户指向最后一条",
    },
    offenders: `select 'account ' || account || ' version ' || version from (
        select account, version, previous, lag(transfer_id) over one as before,
          lag(previous) over one as before_that
        from newday.entries window one as (partition by account order by version)) e
      where case when previous is null then version > 1 and before_that is not null
        else previous is distinct from before end
      union all
      select 'account ' || a.id || ' version ' || a.version from newday.accounts a
      left join newday.entries e on e.account = a.id and e.version = a.version
      where a.last_transfer is distinct from e.transfer_id`,
  },
  {
    rule: {
      en: "no account is outside its bounds, and no user account is below zero unless adopted so",
      zh: "没有账户超出上下限；除接管时已为负的外，没有用户账户为负",
    },
    offenders: `select 'account ' || id from newday.accounts
      where balance < minimum or balance > maximum or balance - held - locked < minimum`,
  },
  {
    rule: {
      en: "locked coins are part of a user's balance, and a starter grant is posted once",
      zh: "锁定的新手币是用户余额的一部分，新手币只入账一次",
    },
    offenders: `select 'account ' || a.id from newday.accounts a
      left join newday.ledger_wallets w on w.number = a.id >> 16
      where a.locked < 0 or a.claim < 0 or (a.locked > 0 and a.locked > a.balance)
        or (a.locked + a.claim > 0 and w.role is not null)
      union all
      select 'account ' || t.to_account from newday.transfers t
      join newday.accounts a on a.id = t.to_account
      where t.kind = 'starter_grant' and t.amount > 0
      group by t.to_account, a.claim having count(*) > 1 or a.claim > 0`,
  },
  {
    rule: {
      en: "a platform's starter grants are what its budgets of all days have paid",
      zh: "每个平台入账的新手币等于其各日预算的支出",
    },
    offenders: `select 'platform ' || coalesce(g.platform, b.platform) from (
        select caller as platform, sum(amount) as granted from newday.transfers
        where kind = 'starter_grant' and amount > 0 group by 1) g
      full join (
        select id::jsonb ->> 1 as platform, sum(count) as paid from newday.limit_counters
        where id like '["starter",%' group by 1) b using (platform)
      where coalesce(g.granted, 0) <> coalesce(b.paid, 0)`,
  },
  {
    rule: {
      en: "what an account holds is what its open holds reserve",
      zh: "账户的预留金额等于其未结预留之和",
    },
    offenders: `select 'account ' || a.id from newday.accounts a left join (
      select account, sum(amount - captured) as reserved from newday.holds
      where state = 'open' group by account) h on h.account = a.id
      where a.held <> coalesce(h.reserved, 0)`,
  },
  {
    rule: {
      en: "an account's entries are recorded in the order of their versions",
      zh: "账户分录按版本号的顺序记录",
    },
    offenders: `select 'account ' || account || ' version ' || version from (
      select account, version, recorded_at,
        lag(recorded_at) over (partition by account order by version) as before
      from newday.entries) e where recorded_at < before`,
  },
  {
    rule: {
      en: "every account belongs to a wallet and a currency",
      zh: "每个账户都属于某个钱包和某种货币",
    },
    offenders: `select 'account ' || id from newday.accounts a
      where not exists (select from newday.ledger_wallets w where w.number = a.id >> 16)
        or not exists (select from newday.currencies c where c.number = a.id & 65535)`,
  },
  ...ITEM_RULES,
  ...FREEZE_RULES,
  ...REFUND_RULES,
];

/** The rules broken now, on one snapshot if `db` is a repeatable-read transaction. */
export async function listBreaches(db: Queryable): Promise<Breach[]> {
  const breaches: Breach[] = [];
  for (const rule of RULES) {
    const breach = await countOffenders(db, rule);
    if (breach) breaches.push(breach);
  }
  return breaches;
}

/** How many rows break the rule, with examples; undefined for none. */
export async function countOffenders(
  db: Queryable,
  { rule, offenders }: Rule,
): Promise<Breach | undefined> {
  const [row] = await db.query<{ count: bigint; examples: string[] | null }>(
    `select count(*) as count, (array_agg(offender))[1:${EXAMPLES}] as examples
      from (${offenders}) as o (offender)`,
  );
  if (!row || row.count === 0n) return undefined;
  return { rule, count: row.count, examples: row.examples ?? [] };
}

export const AUDIT_RULES: readonly Message[] = RULES.map(({ rule }) => rule);
