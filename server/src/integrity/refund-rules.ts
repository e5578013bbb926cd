/** The audit's rules about refunds of purchases; audit-queries.ts runs them with its own. */
import { refundPurchaseOperation } from "../market/refunds/refund-purchase-operation.ts";
import type { Rule } from "./item-rules.ts";

const REFUNDS = `where kind = '${refundPurchaseOperation.name}' and line = 0 and refusal is null`;

/** A member of a stored result; null for anything but an amount, which another rule reports. */
const memberOf = (name: string) =>
  `case when result->>'${name}' ~ '^\\d{1,18}$' then (result->>'${name}')::bigint end`;

/** What the books say of each purchase: its refunds name its transfer. */
const POSTED = `select related, sum(quantity) as quantity, sum(items) as items, sum(price) as price,
    sum(commission) as commission
  from (select related, ${memberOf("quantity")} as quantity, ${memberOf("itemsReturned")} as items,
      ${memberOf("price")} as price, ${memberOf("commission")} as commission
    from newday.transfers ${REFUNDS}) one
  group by related`;

export const REFUND_RULES: readonly Rule[] = [
  {
    rule: {
      en: "the stored outcome of a refund has its amounts",
      zh: "退款的存储结果包含各项金额",
    },
    offenders: `select 'transfer ' || id from newday.transfers ${REFUNDS}
      and num_nulls(${["quantity", "itemsReturned", "price", "commission"].map(memberOf).join(", ")}) > 0`,
  },
  {
    rule: {
      en: "the refunds of a purchase are those of the books, and at most what was paid",
      zh: "购买的退款合计与账簿一致，且不超过已付金额",
    },
    offenders: `select 'purchase ' || coalesce(r.purchase_id, p.id, posted.related::text)
      from newday.purchase_refunds r
      full join newday.purchases p on p.id = r.purchase_id
      full join (${POSTED}) posted on posted.related = p.transfer_id
      where (r.purchase_id is not null or posted.related is not null) and (
        r.purchase_id is null or p.id is null or posted.related is null
        or r.locked > p.locked or (r.of_quantity, r.of_price, r.of_commission) <> (p.quantity, p.price, p.commission)
        or (r.quantity, r.items, r.price, r.commission)
          <> (posted.quantity, posted.items, posted.price, posted.commission))`,
  },
];
