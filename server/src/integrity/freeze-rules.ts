/** The audit's rules about frozen users; audit-queries.ts runs them with its own. */
import { refundPurchaseOperation } from "../market/refunds/refund-purchase-operation.ts";
import { adjustmentOperation } from "../ledger/transfers/adjustment-operation.ts";
import { eraseUserOperation } from "../privacy/erasure/erase-user-operation.ts";
import type { FreezeSide } from "../policy/user-freezes/user-freeze-rows.ts";
import type { Rule } from "./item-rules.ts";

/** Acts that a freeze does not stop. */
const DESPITE = [adjustmentOperation, refundPurchaseOperation, eraseUserOperation]
  .map(({ name }) => `'${name}'`)
  .join(", ");

/** A batch of another process that was checked before the freeze may be recorded behind it. */
const IN_FLIGHT = "interval '1 minute'";

/** Movements of one direction while the freeze of this side stood. */
function movedBy(side: FreezeSide, account: "from_account" | "to_account", bit: 1 | 2): string {
  return `select 'user ' || f.user_id || ' transfer ' || t.id
    from newday.user_freezes f
    join newday.transfers t on t.${account} >= f.wallet << 16 and t.${account} < (f.wallet + 1) << 16
      and t.recorded_at > f.${side}_since + ${IN_FLIGHT}
      and (f.${side}_until is null or t.recorded_at < f.${side}_until)
    where f.${side}_blocks & ${bit} > 0 and t.kind not in (${DESPITE})`;
}

const SIDES: readonly FreezeSide[] = ["platform", "operator", "audit"];

export const FREEZE_RULES: readonly Rule[] = [
  {
    rule: {
      en: "money of a frozen user stood still while the freeze was in force",
      zh: "用户冻结期间，其被冻结方向的资金没有变动",
    },
    offenders: SIDES.flatMap((side) => [
      movedBy(side, "from_account", 1),
      movedBy(side, "to_account", 2),
    ]).join(" union "),
  },
  {
    rule: {
      en: "a freeze names the user of its wallet",
      zh: "每项冻结与其钱包的用户一致",
    },
    offenders: `select 'wallet ' || f.wallet from newday.user_freezes f
      left join newday.ledger_wallets w on w.number = f.wallet
      where w.user_id is distinct from f.user_id or w.role is not null`,
  },
];
