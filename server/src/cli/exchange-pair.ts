/** `newday exchange-pair`: lists and changes the exchange pairs and their rates. */
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import type { Command } from "commander";
import { closePair, offerPair } from "../ledger/currencies/define-currencies.ts";
import { listExchangePairs } from "../ledger/currencies/operator-queries.ts";
import { makeChange, withChangeOptions, withModel, type ChangeOptions } from "./model-change.ts";
import { invalidArgument } from "./usage/usage-error.ts";

interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function registerExchangePair(program: Command): void {
  const pair = program
    .command("exchange-pair")
    .description(
      helpText({ en: "list, offer and close exchange pairs", zh: "列出、开放和关闭兑换对" }),
    );

  pair
    .command("list")
    .description(
      helpText({
        en: "every pair that is offered; for `denominator` units one gets `numerator`",
        zh: "所有开放的兑换对；每 denominator 个单位换得 numerator 个单位",
      }),
    )
    .option(...jsonOption("array"))
    .action(({ json }: { json?: true }) => list(json));

  withChangeOptions(
    pair.command("add <from> <to>").description(
      helpText({
        en: "offer a pair, or give it another rate; quotes at the old rate are refused then",
        zh: "开放兑换对或更改汇率；旧汇率的报价随即失效",
      }),
    ),
  )
    .requiredOption(
      "--rate <n:d>",
      helpText({
        en: "n minor units of the second for d of the first",
        zh: "每 d 个前者的最小单位换 n 个后者的最小单位",
      }),
      parseRate,
    )
    .action((from: string, to: string, { rate, ...options }: ChangeOptions & { rate: Rate }) =>
      makeChange(options, (db, context) => offerPair(db, context, { from, to, ...rate })),
    );

  withChangeOptions(
    pair.command("close <from> <to>").description(
      helpText({
        en: "end a pair; what was exchanged stays",
        zh: "关闭兑换对；已兑换的不受影响",
      }),
    ),
  ).action((from: string, to: string, options: ChangeOptions) =>
    makeChange(options, (db, context) => closePair(db, context, { from, to })),
  );
}

function parseRate(text: string): Rate {
  const parts = /^([1-9]\d{0,17}):([1-9]\d{0,17})$/.exec(text);
  if (!parts)
    throw invalidArgument({
      en: "two whole numbers above zero, such as 1:100",
      zh: "两个大于零的整数，例如 1:100",
    });
  return { numerator: BigInt(parts[1] ?? ""), denominator: BigInt(parts[2] ?? "") };
}

function list(json: true | undefined): Promise<void> {
  return withModel(async (db) => {
    const pairs = (await listExchangePairs(db)).map(({ from, to, numerator, denominator }) => ({
      from,
      to,
      rate: `${numerator}:${denominator}`,
    }));
    const lines = pairs.map(({ from, to, rate }) => `${from} -> ${to}  ${rate}`);
    process.stdout.write(`${json ? JSON.stringify(pairs) : lines.join("\n")}\n`);
  });
}
