/** `newday user adjust | confiscate | end-sessions`: what operators do to a user's money, things and sessions. */
import type { Command } from "commander";
import { adjustUser } from "../operators/acts/adjust-user.ts";
import { confiscateAct } from "../operators/acts/confiscate.ts";
import { endSessionsAct } from "../operators/acts/end-sessions.ts";
import { actByCommand } from "./act-command.ts";
import { parseMinorUnits } from "./model-change.ts";
import { withReason, type PolicyOptions } from "./policy-options.ts";
import { helpText } from "./usage/help-text.ts";

interface ConfiscateOptions extends PolicyOptions {
  readonly item?: readonly string[];
  readonly currency?: string;
  readonly amount?: bigint;
}

export function registerUserActs(user: Command): void {
  registerAdjust(user);
  registerConfiscate(user);
  withReason(
    user
      .command("end-sessions <userId>")
      .description(helpText({ en: "end every session of a user", zh: "结束用户的所有会话" })),
  ).action((userId: string, options: PolicyOptions) =>
    actByCommand(options, endSessionsAct, { userId, reason: options.reason }),
  );
}

function registerAdjust(user: Command): void {
  withReason(
    user.command("adjust <userId>").description(
      helpText({
        en: "give or take money against New Day's adjustments account, never below zero",
        zh: "通过 New Day 调整账户增减余额，余额不会低于零",
      }),
    ),
  )
    .requiredOption(
      "--currency <code>",
      helpText({ en: "such as game_coins", zh: "例如 game_coins" }),
    )
    .requiredOption(
      "--amount <units>",
      helpText({
        en: "minor units; below zero takes: --amount=-100",
        zh: "最小单位；负数为扣减：--amount=-100",
      }),
      parseMinorUnits,
    )
    .action((userId: string, options: PolicyOptions & { currency: string; amount: bigint }) =>
      actByCommand(options, adjustUser, {
        userId,
        currency: options.currency,
        amount: `${options.amount}`,
        reason: options.reason,
      }),
    );
}

function registerConfiscate(user: Command): void {
  withReason(
    user.command("confiscate <userId>").description(
      helpText({
        en: "take items or coins into the holding place, once a second person approves it",
        zh: "没收道具或货币并移入保管处，须由第二人批准",
      }),
    ),
  )
    .option(
      "--item <id...>",
      helpText({ en: "ids of items, whole stacks", zh: "道具 ID，整组没收" }),
    )
    .option("--currency <code>", helpText({ en: "such as game_coins", zh: "例如 game_coins" }))
    .option("--amount <units>", helpText({ en: "minor units", zh: "最小单位" }), parseMinorUnits)
    .action((userId: string, options: ConfiscateOptions) =>
      actByCommand(options, confiscateAct, {
        userId,
        items: options.item ?? [],
        currency: options.currency ?? null,
        amount: options.amount === undefined ? null : `${options.amount}`,
        reason: options.reason,
      }),
    );
}
