/** `newday exchange-pair`: lists and changes the exchange pairs and their rates. */
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
  const pair = program.command("exchange-pair").description("list, offer and close exchange pairs");

  pair
    .command("list")
    .description("every pair that is offered; for `denominator` units one gets `numerator`")
    .option("--json", "one JSON array for machines")
    .action(({ json }: { json?: true }) => list(json));

  withChangeOptions(
    pair
      .command("add <from> <to>")
      .description(
        "offer a pair, or give it another rate; quotes at the old rate are refused then",
      ),
  )
    .requiredOption("--rate <n:d>", "n minor units of the second for d of the first", parseRate)
    .action((from: string, to: string, { rate, ...options }: ChangeOptions & { rate: Rate }) =>
      makeChange(options, (db, context) => offerPair(db, context, { from, to, ...rate })),
    );

  withChangeOptions(
    pair.command("close <from> <to>").description("end a pair; what was exchanged stays"),
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
