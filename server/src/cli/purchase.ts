/** `newday purchase refund` and `newday purchase policy`: refunds by operators, and the rules for the others. */
import { Option, type Command } from "commander";
import { listRefundPolicies } from "../market/refunds/refund-queries.ts";
import {
  COMMISSION_PAYERS,
  defaultRefundPolicy,
  type CommissionPayer,
  type RefundPolicyRow,
} from "../market/refunds/refund-rows.ts";
import { setRefundPolicy } from "../market/refunds/set-refund-policy.ts";
import { refundAct } from "../operators/acts/refund-act.ts";
import { actByCommand } from "./act-command.ts";
import { makeChange, withModel } from "./model-change.ts";
import { registerPolicyLog, withReason, type PolicyOptions } from "./policy-options.ts";
import { helpText } from "./usage/help-text.ts";
import { invalidArgument } from "./usage/usage-error.ts";
import { withEngine } from "./with-engine.ts";

interface RefundOptions extends PolicyOptions {
  readonly quantity?: bigint;
  readonly moneyOnly?: true;
}

interface RefundPolicyOptions extends PolicyOptions {
  readonly days: number;
  readonly commission: CommissionPayer;
}

export function registerPurchase(program: Command): void {
  const purchase = program.command("purchase").description(
    helpText({
      en: "refund purchases, and say how long sellers and platforms may",
      zh: "为购买退款，并设定卖方与平台的退款期限",
    }),
  );
  registerRefund(purchase);
  const policy = purchase
    .command("policy")
    .description(helpText({ en: "the refund policy of each platform", zh: "各平台的退款政策" }));
  registerPolicyList(policy);
  registerPolicySet(policy);
  registerPolicyLog(policy, "refund-policy");
}

function registerRefund(purchase: Command): void {
  withReason(
    purchase.command("refund <transferId>").description(
      helpText({
        en: "give price, commission and goods of a purchase back in one posting, at any time",
        zh: "在一笔记账中退回价款、手续费与道具，不受期限限制",
      }),
    ),
  )
    .option(
      "--quantity <n>",
      helpText({ en: "how many; by default all that is left", zh: "数量；默认为剩余全部" }),
      parseQuantity,
    )
    .option(
      "--money-only",
      helpText({
        en: "give the money back even when goods are gone; by default that refuses",
        zh: "道具已不在买方手中时也退款；默认拒绝",
      }),
    )
    .action((transferId: string, { quantity, moneyOnly, ...options }: RefundOptions) => {
      const wanted = {
        transferId,
        quantity: quantity === undefined ? null : `${quantity}`,
        ifItemGone: moneyOnly ? ("money_only" as const) : ("refuse" as const),
        reason: options.reason,
      };
      return actByCommand(options, refundAct, wanted);
    });
}

function registerPolicySet(policy: Command): void {
  withReason(
    policy.command("set <platform>").description(
      helpText({
        en: "set the policy for what the platform's users and its shop sell",
        zh: "设定该平台用户及商店所售商品的退款政策",
      }),
    ),
  )
    .requiredOption(
      "--days <n>",
      helpText({
        en: "days after the purchase in which sellers and the platform may refund",
        zh: "购买后卖方与平台可退款的天数",
      }),
      (text: string) => Number(parseQuantity(text)),
    )
    .addOption(
      new Option(
        "--commission <payer>",
        helpText({
          en: "who gives the commission back; kept: the buyer bears it",
          zh: "由谁退回手续费；kept 表示由买方承担",
        }),
      )
        .choices(COMMISSION_PAYERS)
        .makeOptionMandatory(),
    )
    .action((platform: string, { days, commission, ...options }: RefundPolicyOptions) => {
      const wanted = { platform, windowDays: days, commission, reason: options.reason };
      return makeChange(options, (db, context) =>
        withEngine(db, "newday-purchase", (services) => setRefundPolicy(services, context, wanted)),
      );
    });
}

function registerPolicyList(policy: Command): void {
  policy
    .command("list")
    .description(
      helpText({
        en: "the policies that were set; `*` is that of every other platform",
        zh: "已设定的政策；`*` 为其他所有平台的默认政策",
      }),
    )
    .option(
      "--json",
      helpText({ en: "one JSON array for machines", zh: "输出一个 JSON 数组，供程序使用" }),
    )
    .action(({ json }: { json?: true }) =>
      withModel(async (db) => {
        const all = [...(await listRefundPolicies(db)), defaultRefundPolicy("*")];
        const shown = all.map(({ platform, windowDays, commission }) => ({
          platform,
          windowDays,
          commission,
        }));
        const text = json ? JSON.stringify(shown) : all.map(describe).join("\n");
        process.stdout.write(`${text}\n`);
      }),
    );
}

function describe({ platform, windowDays, commission }: RefundPolicyRow): string {
  return `${platform.padEnd(20)} ${windowDays} d  ${commission}`;
}

function parseQuantity(text: string): bigint {
  if (!/^\d{1,9}$/.test(text))
    throw invalidArgument({ en: "a whole number, such as 1", zh: "整数，例如 1" });
  return BigInt(text);
}
