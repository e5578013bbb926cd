/** `newday user erase`: the person goes, the history of money and items stays. */
import type { Command } from "commander";
import type { ActContext } from "../operators/acts/act.ts";
import {
  requestErasure,
  showProperty,
  type WantedErasure,
} from "../operators/settings/erase-user.ts";
import type { SettingServices } from "../operators/settings/setting.ts";
import { changeOfOutcome, machineContext, settingServicesOf } from "./act-command.ts";
import { makeChange, type MadeChange } from "./model-change.ts";
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
        en: "erase a person for ever, once a second person approves it: ids, names and texts go, amounts and times of the books stay. Try --dry-run first",
        zh: "经第二人批准后永久抹除某人：ID、名称与文本被删除，账簿的金额与时间保留。请先用 --dry-run 预览",
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
          erase(settingServicesOf(services), machineContext(context), {
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
  services: SettingServices,
  context: ActContext,
  wanted: WantedErasure,
): Promise<MadeChange> {
  const result = await requestErasure(services, context, wanted);
  if ("asked" in result) return changeOfOutcome(result.asked);
  const change = { what: "user erase", subject: wanted.userId, accounts: 0n };
  const before = result.plan ? showProperty(result.plan.property) : null;
  if ("erasedOn" in result) return { ...change, before, after: { erasedOn: result.erasedOn } };
  return {
    ...change,
    before,
    after: { refusedBy: [...result.plan.blockers] },
    needsApproval: true,
  };
}
