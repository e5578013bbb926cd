/** `newday user erase`: the person goes, the history of money and items stays. */
import type { Command } from "commander";
import type {
  ModelChange,
  OperatorContext,
} from "../identity/operator-changes/operator-changes.ts";
import type { PostingServices } from "../ledger/wallets/posting-services.ts";
import { erasePersonAsOperator, type OperatorErasure } from "../operators/users/user-data.ts";
import type { Property } from "../privacy/erasure/erasure-queries.ts";
import { makeChange } from "./model-change.ts";
import { withReason, type PolicyOptions } from "./policy-options.ts";
import { helpText } from "./usage/help-text.ts";
import { withEngine } from "./with-engine.ts";

interface EraseOptions extends PolicyOptions {
  readonly settle?: true;
  readonly forfeit?: true;
}

export function registerErase(user: Command): void {
  withReason(
    user.command("erase <userId>").description(
      helpText({
        en: "erase a person for ever: ids, names and texts go, amounts and times of the books stay. Try --dry-run first",
        zh: "永久抹除某人：ID、名称与文本被删除，账簿的金额与时间保留。请先用 --dry-run 预览",
      }),
    ),
  )
    .option(
      "--settle",
      helpText({
        en: "cancel listings, void holds, return waiting gifts; by default they refuse",
        zh: "取消上架、撤销预留、退回未接受的赠品；默认有这些事项时拒绝",
      }),
    )
    .option(
      "--forfeit",
      helpText({
        en: "pay what is left to New Day's fees, retire the items; by default they refuse",
        zh: "余额转入 New Day 手续费账户，道具作废；默认有财产时拒绝",
      }),
    )
    .action((userId: string, { settle, forfeit, ...options }: EraseOptions) =>
      makeChange(options, (db, context) =>
        withEngine(db, "newday-user", (services) =>
          erase(services, context, {
            userId,
            open: settle ? "settle" : "refuse",
            property: forfeit ? "forfeit" : "refuse",
            reason: options.reason,
          }),
        ),
      ),
    );
}

async function erase(
  services: PostingServices,
  context: OperatorContext,
  wanted: OperatorErasure,
): Promise<ModelChange> {
  const result = await erasePersonAsOperator(services, context, wanted);
  const before = result.plan ? shown(result.plan.property) : null;
  const after =
    "erasedOn" in result ? { erasedOn: result.erasedOn } : { refusedBy: [...result.plan.blockers] };
  return { what: "user erase", subject: wanted.userId, accounts: 0n, before, after };
}

function shown({ balances, holds, listings, gifts, items, sessions, consents }: Property) {
  const counts = { holds, listings, gifts, items, sessions, consents };
  return {
    ...balances,
    ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, `${count}`])),
  };
}
