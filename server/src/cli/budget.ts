/** `newday budget`: how much a platform may issue of a currency, per day and in total. */
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import type { Command } from "commander";
import { setIssuanceBudget } from "../ledger/policies/set-budget.ts";
import type { IssuanceBudgetRow } from "../policy/issuance/budget-rows.ts";
import { issuedToday } from "../policy/issuance/charge-budget.ts";
import { listBudgets } from "../policy/issuance/list-budgets.ts";
import { makeChange, parseMinorUnits, withModel } from "./model-change.ts";
import { registerPolicyLog, withReason, type PolicyOptions } from "./policy-options.ts";
import { withEngine } from "./with-engine.ts";

interface BudgetOptions extends PolicyOptions {
  readonly perDay?: bigint;
  readonly total?: bigint;
}

export function registerBudget(program: Command): void {
  const budget = program.command("budget").description(
    helpText({
      en: "bound what a platform may issue of a currency, per UTC day and in total",
      zh: "限定平台每日（UTC）及累计可发行的货币数量",
    }),
  );
  registerList(budget);
  registerSet(budget);
  registerLift(budget);
  registerPolicyLog(budget, "budget");
}

function registerList(budget: Command): void {
  budget
    .command("list")
    .description(
      helpText({
        en: "every budget, with what is issued of it",
        zh: "所有发行预算及已发行数量",
      }),
    )
    .option(...jsonOption("array"))
    .action(({ json }: { json?: true }) => list(json));
}

function registerSet(budget: Command): void {
  withReason(
    budget.command("set <platform> <currency>").description(
      helpText({
        en: "set both bounds; one that is left out does not bind. Counting begins with the first budget",
        zh: "设置两项上限；未给出的一项不作限制。自首次设置预算起计数",
      }),
    ),
  )
    .option(
      "--per-day <units>",
      helpText({ en: "minor units a UTC day", zh: "每日（UTC）最小单位数" }),
      parseMinorUnits,
    )
    .option(
      "--total <units>",
      helpText({ en: "minor units in total", zh: "累计最小单位数" }),
      parseMinorUnits,
    )
    .action((platform: string, currency: string, options: BudgetOptions) => {
      const { perDay = null, total = null, reason } = options;
      return change(options, { platform, currency, perDay, total, reason });
    });
}

function registerLift(budget: Command): void {
  withReason(
    budget.command("lift <platform> <currency>").description(
      helpText({
        en: "end both bounds; counting goes on",
        zh: "取消两项上限；继续计数",
      }),
    ),
  ).action((platform: string, currency: string, options: PolicyOptions) =>
    change(options, {
      platform,
      currency,
      perDay: null,
      total: null,
      reason: options.reason,
    }),
  );
}

function change(
  options: PolicyOptions,
  wanted: Parameters<typeof setIssuanceBudget>[2],
): Promise<void> {
  return makeChange(options, (db, context) =>
    withEngine(db, "newday-budget", (services) => setIssuanceBudget(services, context, wanted)),
  );
}

function list(json: true | undefined): Promise<void> {
  return withModel(async (db) => {
    const budgets = (await listBudgets(db)).map(shown);
    const text = json ? JSON.stringify(budgets) : budgets.map(describe).join("\n") || "-";
    process.stdout.write(`${text}\n`);
  });
}

function shown(row: IssuanceBudgetRow) {
  const { platform, currency, perDay, total, version, issued } = row;
  const text = (amount: bigint | null) => (amount === null ? null : `${amount}`);
  return {
    platform,
    currency,
    version: Number(version),
    perDay: text(perDay),
    issuedToday: `${issuedToday(row, new Date())}`,
    total: text(total),
    issued: `${issued}`,
  };
}

function describe(row: ReturnType<typeof shown>): string {
  const { platform, currency, perDay, total, issuedToday: today, issued, version } = row;
  const bounds = `today ${today} of ${perDay ?? "-"}  total ${issued} of ${total ?? "-"}`;
  return `${platform.padEnd(16)} ${currency.padEnd(20)} ${bounds}  version ${version}`;
}
