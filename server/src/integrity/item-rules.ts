/** The audit's rules about items and the market; audit-queries.ts runs them with its own. */
import type { Message } from "../lib/messages.ts";

export interface Rule {
  readonly rule: Message;
  /** A select with one text column that names each offending row. */
  readonly offenders: string;
}

const LAST = `select distinct on (item_id) item_id, version, owner_id, state, quantity
  from newday.item_history order by item_id, version desc`;

/** The definition without fields, which items change: it stays, whatever becomes of them. */
const BASE = `select id, coalesce(base_id, id) as base_id from newday.item_definitions`;

export const ITEM_RULES: readonly Rule[] = [
  {
    rule: {
      en: "of each item definition there is as much as was issued of it",
      zh: "每种道具的现存数量等于发行数量",
    },
    offenders: `select 'definition ' || d.base_id || ' has ' || coalesce(h.held, 0) || ' of ' ||
        coalesce(i.issued, 0)
      from (select distinct base_id from (${BASE}) b) d
      left join (select b.base_id, sum(i.quantity) as held
        from newday.items i join (${BASE}) b on b.id = i.definition_id group by 1) h
        on h.base_id = d.base_id
      left join (select b.base_id, sum(e.issued) as issued
        from newday.item_history e join newday.items i on i.id = e.item_id
          join (${BASE}) b on b.id = i.definition_id group by 1) i
        on i.base_id = d.base_id
      where coalesce(h.held, 0) <> coalesce(i.issued, 0)`,
  },
  {
    rule: {
      en: "an item is where the last row of its history left it, and the history has no gap",
      zh: "道具的状态与其最后一条历史一致，历史没有缺口",
    },
    offenders: `select 'item ' || i.id from newday.items i
      left join (${LAST}) l on l.item_id = i.id
      left join (select item_id, count(*) as rows, sum(quantity_change) as total
        from newday.item_history group by 1) c on c.item_id = i.id
      where l.version is distinct from i.version or c.rows is distinct from i.version
        or l.owner_id <> i.owner_id or l.state <> i.state or l.quantity <> i.quantity
        or c.total <> i.quantity`,
  },
  {
    rule: {
      en: "what is split off one item arrives at another, transfer by transfer",
      zh: "从一件道具拆出的数量逐笔到达另一件道具",
    },
    offenders: `select 'transfer ' || e.transfer_id from newday.item_history e
      join newday.items i on i.id = e.item_id
      join (${BASE}) b on b.id = i.definition_id
      where e.transfer_id is not null
      group by e.transfer_id, b.base_id
      having sum(e.quantity_change) <> sum(e.issued)`,
  },
  {
    rule: {
      en: "an item has the fields that the last change in its history gave it",
      zh: "道具的字段与其历史中最后一次修改一致",
    },
    offenders: `select 'item ' || i.id from newday.items i
      join (select distinct on (item_id) item_id, definition_after
        from newday.item_field_changes order by item_id, version desc) c on c.item_id = i.id
      where c.definition_after <> i.definition_id
      union all
      select 'item ' || e.item_id from newday.item_history e
      full join newday.item_field_changes c on c.item_id = e.item_id and c.version = e.version
      where (e.action = 'change') is distinct from (c.item_id is not null)
        and (e.action = 'change' or c.item_id is not null)`,
  },
  {
    rule: { en: "every item has a definition", zh: "每件道具都有定义" },
    offenders: `select 'item ' || i.id from newday.items i
      where not exists (select from newday.item_definitions d where d.id = i.definition_id)`,
  },
  {
    rule: {
      en: "every row of an item's history belongs to an item",
      zh: "每条道具历史都属于某件道具",
    },
    offenders: `select 'item ' || item_id from newday.item_history e
      where not exists (select from newday.items i where i.id = e.item_id)`,
  },
  {
    rule: {
      en: "an item is in escrow exactly while an active listing offers it, all of it",
      zh: "道具托管当且仅当有在售商品提供它的全部数量",
    },
    offenders: `select 'item ' || i.id from newday.items i
      where i.state = 'escrowed' and not exists (
        select from newday.listings l where l.item_id = i.id and l.status = 'active'
          and l.remaining = i.quantity)
      union all
      select 'listing ' || l.id from newday.listings l
      where l.status = 'active' and l.kind = 'escrowed' and not exists (
        select from newday.items i where i.id = l.item_id and i.state = 'escrowed')`,
  },
  {
    rule: {
      en: "no item that starter coins bought is on offer while its owner is unverified",
      zh: "用户未验证时，以新手币购得的道具不在售",
    },
    offenders: `select 'item ' || i.id from newday.items i
      where i.locked and i.state = 'escrowed' and not newday.is_verified(i.owner_id)`,
  },
  {
    rule: {
      en: "every purchase was paid by its transfer, the fee included",
      zh: "每次购买都由其转账付清，含手续费",
    },
    offenders: `select 'purchase ' || p.id from newday.purchases p
      left join (select id, sum(amount) as paid from newday.transfers
        where kind in ('market_purchase', 'stock_purchase') group by id) t on t.id = p.transfer_id
      where p.transfer_id is not null and p.total_amount is distinct from t.paid`,
  },
  {
    rule: {
      en: "a platform's own stock counts what was sold, less what refunds brought back",
      zh: "平台自有库存的已售数量等于售出数量减去退回数量",
    },
    offenders: `select 'offer ' || o.id from newday.stock_offers o
      left join (select p.listing_id, sum(p.quantity) as quantity, sum(r.items) as items
        from newday.purchases p left join newday.purchase_refunds r on r.purchase_id = p.id
        where p.transfer_id is not null group by p.listing_id) s on s.listing_id = o.id
      where o.sold not between coalesce(s.quantity, 0) - coalesce(s.items, 0)
        and coalesce(s.quantity, 0)`,
  },
  {
    rule: {
      en: "stock with an end was sold no more often than it was there",
      zh: "有限库存的售出次数不超过其数量",
    },
    offenders: `select 'listing ' || l.id from newday.listings l
      where l.kind = 'escrowed' and l.status = 'sold' and (
        select count(*) from newday.purchases p
        where p.listing_id = l.id and p.item_id = l.item_id and p.transfer_id is not null) <> 1`,
  },
];
