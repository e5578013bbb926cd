/** `newday currency`: lists and changes currencies, their bounds and their issuers. */
import type { Command } from "commander";
import type { CurrencyRow } from "../ledger/currencies/currencies.ts";
import { listCurrencies } from "../ledger/currencies/currency-queries.ts";
import { addCurrency, setBounds, setMinter } from "../ledger/currencies/define-currencies.ts";
import { invalidArgument } from "./usage/usage-error.ts";
import {
  makeChange,
  parseMinorUnits,
  withChangeOptions,
  withModel,
  type ChangeOptions,
} from "./model-change.ts";

/** As in the schema: the range of exact JSON numbers on the older surfaces. */
const MAXIMUM_UNLESS_SAID = 9_007_199_254_740_991n;
const EXPOSURE_UNLESS_SAID = 1_000_000n;

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
  const currency = program
    .command("currency")
    .description("list and change currencies, their bounds and minters");

  currency
    .command("list")
    .description("every currency, with bounds in minor units")
    .option("--json", "one JSON array for machines")
    .action(({ json }: { json?: true }) => list(json));

  withBounds(currency.command("add <code>").description("add a currency; its scale is for ever"))
    .option("--scale <places>", "decimal places of the minor unit", parseScale, 0)
    .option("--minters <list>", "comma-separated platforms that may issue it", parseList, [])
    .action((code: string, { scale, minters, ...options }: AddOptions) => {
      const { minimum = 0n, maximum = MAXIMUM_UNLESS_SAID } = options;
      const { exposure = EXPOSURE_UNLESS_SAID } = options;
      const wanted = { code, scale, minters, minimum, maximum, exposure };
      return makeChange(options, (db, context) => addCurrency(db, context, wanted));
    });

  withBounds(
    currency
      .command("bounds <code>")
      .description("change the bounds of every account that has none of its own"),
  ).action((code: string, options: BoundsOptions) => {
    const { minimum, maximum, exposure } = options;
    const given = Object.entries({ minimum, maximum, exposure }).filter(
      ([, value]) => value !== undefined,
    );
    const wanted = { code, ...Object.fromEntries(given) };
    return makeChange(options, (db, context) => setBounds(db, context, wanted));
  });

  for (const [name, allowed] of [
    ["allow-mint", true],
    ["forbid-mint", false],
  ] as const)
    withChangeOptions(
      currency
        .command(`${name} <code> <platform>`)
        .description(
          allowed ? "let a platform issue and burn it" : "let a platform no longer do so",
        ),
    ).action((code: string, platform: string, options: ChangeOptions) =>
      makeChange(options, (db, context) => setMinter(db, context, { code, platform, allowed })),
    );
}

function withBounds(command: Command): Command {
  return withChangeOptions(command)
    .option("--minimum <units>", "lowest balance of a user, at most 0", parseMinorUnits)
    .option("--maximum <units>", "highest balance of a user", parseMinorUnits)
    .option("--exposure <units>", "what a platform may owe through exchange", parseMinorUnits);
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
