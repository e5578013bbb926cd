/** `newday economy`: what was issued, sunk and is held, who holds most, prices, and the count itself. */
import type { Command } from "commander";
import { concentrationOf } from "../integrity/economy/buckets.ts";
import { countAll, resetEconomy } from "../integrity/economy/count-economy.ts";
import { listBuckets, listPrices, listTopHolders } from "../integrity/economy/economy-queries.ts";
import { periodOf, readEconomy, type EconomyReport } from "../integrity/economy/read-economy.ts";
import { sweepHolders } from "../integrity/economy/top-holders.ts";
import type { Language, Message } from "../lib/messages.ts";
import { withModel } from "./model-change.ts";
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import { languageOfCommand } from "./usage/usage-error.ts";

interface EconomyOptions {
  readonly currency?: string;
  readonly platform?: string;
  readonly type?: string;
  readonly json?: true;
}

/** Days of one page; a program follows the API for more. */
const PRICES = 100;

export function registerEconomy(program: Command): void {
  const economy = program.command("economy").description(
    helpText({
      en: "what was issued, sunk and is held, velocity, inflation and concentration",
      zh: "发行、回收与持有数量，流通速度、通胀率与集中度",
    }),
  );
  withCurrency(
    economy.command("show", { isDefault: true }).description(
      helpText({
        en: "the figures of each currency for the last thirty days, and the moment up to which they are true",
        zh: "各货币最近三十天的指标，以及指标的截止时间",
      }),
    ),
  )
    .option("--platform <name>", helpText({ en: "of this platform", zh: "仅此平台" }))
    .option(...jsonOption("object"))
    .action(show);
  withCurrency(
    economy
      .command("prices")
      .description(helpText({ en: "sales by day and type of item", zh: "按日和道具类型的成交" })),
  )
    .option("--type <type>", helpText({ en: "of this type of item", zh: "仅此道具类型" }))
    .option(...jsonOption("array"))
    .action(showPrices);
  economy
    .command("holders <currency>")
    .description(helpText({ en: "the users who hold most", zh: "持有最多的用户" }))
    .option(...jsonOption("object"))
    .action(showHolders);
  economy
    .command("rebuild")
    .description(
      helpText({
        en: "delete the figures and count the whole journal again; postings go on",
        zh: "删除指标并重新统计全部流水；入账不受影响",
      }),
    )
    .action(rebuild);
}

function withCurrency(command: Command): Command {
  return command.option("--currency <code>", helpText({ en: "of this currency", zh: "仅此货币" }));
}

/** Whole numbers as their digits. */
function asJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "bigint" ? `${member}` : member,
  );
}

function show({ currency, platform, json }: EconomyOptions): Promise<void> {
  return withModel(async (db) => {
    const report = await readEconomy(db, { currency, platform }, periodOf(new Date()));
    const text = json ? asJson(report) : describe(report, languageOfCommand());
    process.stdout.write(`${text}\n`);
  });
}

const WORDS = {
  asOf: { en: "as of", zh: "截至" },
  behind: { en: "behind by", zh: "未计入" },
  incomplete: { en: "older rows are still being counted", zh: "较早的流水仍在统计" },
  issued: { en: "issued", zh: "发行" },
  sunk: { en: "sunk", zh: "回收" },
  held: { en: "held", zh: "持有" },
  fees: { en: "fees", zh: "手续费" },
  velocity: { en: "velocity", zh: "流通速度" },
  inflation: { en: "inflation", zh: "通胀率" },
  holders: { en: "holders", zh: "持有人数" },
  gini: { en: "Gini", zh: "基尼系数" },
} as const satisfies Readonly<Record<string, Message>>;

function describe(
  { asOf, behind, complete, currencies }: EconomyReport,
  language: Language,
): string {
  const word = (name: keyof typeof WORDS) => WORDS[name][language];
  const lines = [`${word("asOf")} ${asOf.toISOString()}, ${word("behind")} ${behind}`];
  if (!complete) lines.push(word("incomplete"));
  for (const row of currencies) {
    const { concentration, platforms } = row;
    lines.push(
      row.currency,
      ...[row, ...platforms].map((sums) =>
        [
          `  ${"platform" in sums ? sums.platform : "*"}`.padEnd(18),
          ...(["issued", "sunk", "held", "fees", "velocity", "inflation"] as const).map(
            (name) => `${word(name)} ${sums[name]}`,
          ),
        ].join("  "),
      ),
      `  ${word("holders")} ${concentration.holders}  ${word("gini")} ${concentration.gini} (+${concentration.giniError})`,
    );
  }
  return lines.join("\n");
}

function showPrices({ currency, type, json }: EconomyOptions): Promise<void> {
  return withModel(async (db) => {
    const rows = await listPrices(db, {
      itemType: type,
      currency,
      after: undefined,
      limit: PRICES,
    });
    const text = json
      ? asJson(rows)
      : rows
          .map(({ day, itemType, currency: code, sales, pieces, total, low, high }) =>
            [
              day,
              itemType.padEnd(16),
              code.padEnd(16),
              sales,
              pieces,
              total,
              `${low}..${high}`,
            ].join("  "),
          )
          .join("\n") || "-";
    process.stdout.write(`${text}\n`);
  });
}

function showHolders(currency: string, { json }: EconomyOptions): Promise<void> {
  return withModel(async (db) => {
    const holders = await listTopHolders(db, currency);
    const concentration = concentrationOf(await listBuckets(db, { currency }));
    const text = json
      ? asJson({ ...concentration, data: holders })
      : holders
          .map(
            ({ userId, platform, balance }) =>
              `${userId.padEnd(40)} ${platform.padEnd(16)} ${balance}`,
          )
          .join("\n") || "-";
    process.stdout.write(`${text}\n`);
  });
}

function rebuild(): Promise<void> {
  return withModel(async (db) => {
    await resetEconomy(db);
    await countAll(db);
    await sweepHolders(db);
    const { asOf } = await readEconomy(db, {}, periodOf(new Date()));
    process.stdout.write(`${WORDS.asOf[languageOfCommand()]} ${asOf.toISOString()}\n`);
  });
}
