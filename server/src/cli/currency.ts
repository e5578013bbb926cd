/** `newday currency`: lists and changes currencies, their bounds and their issuers. */
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import type { Command } from "commander";
import type { CurrencyRow } from "../ledger/currencies/currencies.ts";
import { listCurrencies } from "../ledger/currencies/currency-queries.ts";
import {
  addCurrency,
  DEFAULT_EXPOSURE,
  DEFAULT_MAXIMUM,
  setBounds,
  setMinter,
} from "../ledger/currencies/define-currencies.ts";
import { invalidArgument } from "./usage/usage-error.ts";
import {
  makeChange,
  parseMinorUnits,
  withChangeOptions,
  withModel,
  type ChangeOptions,
} from "./model-change.ts";

interface BoundsOptions extends ChangeOptions {
  readonly minimum?: bigint;
  readonly maximum?: bigint;
  readonly exposure?: bigint;
}

interface AddOptions extends BoundsOptions {
  readonly scale: number;
  readonly minters: readonly string[];
}

export function registerCurrency(program: Command): void {
  const currency = program.command("currency").description(
    helpText({
      en: "list and change currencies, their bounds and minters",
      zh: "列出和更改货币、余额上下限与发行方",
    }),
  );

  currency
    .command("list")
    .description(
      helpText({
        en: "every currency, with bounds in minor units",
        zh: "所有货币，上下限以最小单位表示",
      }),
    )
    .option(...jsonOption("array"))
    .action(({ json }: { json?: true }) => list(json));
  registerAdd(currency);
  registerBounds(currency);
  registerMinters(currency);
}

function registerAdd(currency: Command): void {
  withBounds(
    currency
      .command("add <code>")
      .description(
        helpText({ en: "add a currency; its scale is for ever", zh: "新增货币；小数位数不可再改" }),
      ),
  )
    .option(
      "--scale <places>",
      helpText({ en: "decimal places of the minor unit", zh: "最小单位的小数位数" }),
      parseScale,
      0,
    )
    .option(
      "--minters <list>",
      helpText({
        en: "comma-separated platforms that may issue it",
        zh: "可发行该货币的平台，以逗号分隔",
      }),
      parseList,
      [],
    )
    .action((code: string, { scale, minters, ...options }: AddOptions) => {
      const { minimum = 0n, maximum = DEFAULT_MAXIMUM } = options;
      const { exposure = DEFAULT_EXPOSURE } = options;
      const wanted = { code, scale, minters, minimum, maximum, exposure };
      return makeChange(options, (db, context) => addCurrency(db, context, wanted));
    });
}

function registerBounds(currency: Command): void {
  withBounds(
    currency.command("bounds <code>").description(
      helpText({
        en: "change the bounds of every account that has none of its own",
        zh: "更改余额上下限，适用于没有单独设定的账户",
      }),
    ),
  ).action((code: string, options: BoundsOptions) => {
    const { minimum, maximum, exposure } = options;
    const given = Object.entries({ minimum, maximum, exposure }).filter(
      ([, value]) => value !== undefined,
    );
    const wanted = { code, ...Object.fromEntries(given) };
    return makeChange(options, (db, context) => setBounds(db, context, wanted));
  });
}

function registerMinters(currency: Command): void {
  for (const [name, allowed] of [
    ["allow-mint", true],
    ["forbid-mint", false],
  ] as const)
    withChangeOptions(
      currency.command(`${name} <code> <platform>`).description(
        allowed
          ? helpText({ en: "let a platform issue and burn it", zh: "允许某平台发行和销毁该货币" })
          : helpText({
              en: "let a platform no longer do so",
              zh: "不再允许某平台发行和销毁该货币",
            }),
      ),
    ).action((code: string, platform: string, options: ChangeOptions) =>
      makeChange(options, (db, context) => setMinter(db, context, { code, platform, allowed })),
    );
}

function withBounds(command: Command): Command {
  return withChangeOptions(command)
    .option(
      "--minimum <units>",
      helpText({ en: "lowest balance of a user, at most 0", zh: "用户的最低余额，不大于 0" }),
      parseMinorUnits,
    )
    .option(
      "--maximum <units>",
      helpText({ en: "highest balance of a user", zh: "用户的最高余额" }),
      parseMinorUnits,
    )
    .option(
      "--exposure <units>",
      helpText({ en: "what a platform may owe through exchange", zh: "平台因兑换可累积的欠额" }),
      parseMinorUnits,
    );
}

function parseScale(text: string): number {
  if (!/^\d{1,2}$/.test(text))
    throw invalidArgument({ en: "a number from 0 to 15", zh: "0 到 15 的数字" });
  return Number(text);
}

function parseList(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
}

function list(json: true | undefined): Promise<void> {
  return withModel(async (db) => {
    const currencies = await listCurrencies(db);
    const text = json
      ? JSON.stringify(currencies, (_, value: unknown) =>
          typeof value === "bigint" ? `${value}` : value,
        )
      : currencies.map(describe).join("\n");
    process.stdout.write(`${text}\n`);
  });
}

function describe({ code, scale, minimum, maximum, exposure, minters }: CurrencyRow): string {
  const who = minters.join(",") || "-";
  return `${code.padEnd(20)} scale ${scale}  ${minimum} .. ${maximum}  exposure ${exposure}  minters ${who}`;
}
