/** `newday economy`: what was issued, sunk and is held, who holds most, prices, and the count itself. */
import type { Command } from "commander";
import { concentrationOf } from "../integrity/economy/buckets.ts";
import { countAll, resetEconomy } from "../integrity/economy/count-economy.ts";
import { listBuckets, listPrices, listTopHolders } from "../integrity/economy/economy-queries.ts";
import { periodOf, readEconomy, type EconomyReport } from "../integrity/economy/read-economy.ts";
import { sweepHolders } from "../integrity/economy/top-holders.ts";
import { fillMessage, type Language, type Message } from "../lib/messages.ts";
import { withModel } from "./model-change.ts";
import { tableLines } from "./text-table.ts";
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
  asOf: { en: "as of {at}; rows to count: {behind}", zh: "截至 {at}；待统计流水：{behind}" },
  rebuilt: { en: "counted anew as of {at}", zh: "已重新统计，截至 {at}" },
  incomplete: { en: "older rows are still being counted", zh: "较早的流水仍在统计" },
  units: {
    en: "amounts are minor units since the beginning; velocity and inflation are of the last thirty days",
    zh: "金额为最小单位，自始至今；流通速度与通胀率为最近三十天",
  },
  concentration: {
    en: "  holders {holders}, Gini {gini} (error at most {error})",
    zh: "  持有人数 {holders}，基尼系数 {gini}（误差不超过 {error}）",
  },
  nothingIssued: {
    en: "Nothing has been issued yet: coins appear here with the first grant, mint or adopted wallet.",
    zh: "尚未发行任何货币：首次发放、铸造或接管钱包后将在此显示。",
  },
  noSales: { en: "Nothing has been sold yet.", zh: "尚无成交。" },
  noHolders: {
    en: "No user holds this currency, or its holders have still to be counted.",
    zh: "无人持有该货币，或尚未统计其持有人。",
  },
} as const satisfies Readonly<Record<string, Message>>;

const HEADERS: Readonly<Record<string, Message>> = {
  platform: { en: "platform", zh: "平台" },
  issued: { en: "issued", zh: "发行" },
  sunk: { en: "sunk", zh: "回收" },
  held: { en: "held", zh: "持有" },
  fees: { en: "fees", zh: "手续费" },
  velocity: { en: "velocity", zh: "流通速度" },
  inflation: { en: "inflation", zh: "通胀率" },
  day: { en: "day", zh: "日期" },
  itemType: { en: "item type", zh: "道具类型" },
  currency: { en: "currency", zh: "货币" },
  sales: { en: "sales", zh: "成交次数" },
  pieces: { en: "pieces", zh: "件数" },
  total: { en: "total", zh: "总额" },
  low: { en: "lowest price", zh: "最低价" },
  high: { en: "highest price", zh: "最高价" },
  userId: { en: "user", zh: "用户" },
  balance: { en: "balance", zh: "余额" },
};

type Row = Readonly<Record<string, unknown>>;

/** Null is a figure that cannot be said. */
function cellOf(value: unknown): string {
  return typeof value === "bigint" || typeof value === "number"
    ? `${value}`
    : typeof value === "string"
      ? value
      : "-";
}

/** One line a row, under the names of its columns. */
function asTable(names: readonly string[], rows: readonly Row[], language: Language): string {
  const header = names.map((name) => HEADERS[name]?.[language] ?? name);
  const body = rows.map((row) => names.map((name) => cellOf(row[name])));
  return tableLines([header, ...body], "  ").join("\n");
}

const FIGURES = ["platform", "issued", "sunk", "held", "fees", "velocity", "inflation"];

function describe(
  { asOf, behind, complete, currencies }: EconomyReport,
  language: Language,
): string {
  const lines = [
    fillMessage(WORDS.asOf, { at: asOf.toISOString(), behind: `${behind}` })[language],
  ];
  if (!complete) lines.push(WORDS.incomplete[language]);
  lines.push(WORDS[currencies.length > 0 ? "units" : "nothingIssued"][language]);
  for (const { currency, concentration, platforms, ...sums } of currencies) {
    const { holders, gini, giniError } = concentration;
    const rows = [{ platform: "*", ...sums }, ...platforms].map((row) => ({ ...row }));
    lines.push(
      "",
      currency,
      asTable(FIGURES, rows, language),
      fillMessage(WORDS.concentration, {
        holders: `${holders}`,
        gini: `${gini ?? "-"}`,
        error: `${giniError}`,
      })[language],
    );
  }
  return lines.join("\n");
}

const PRICE_COLUMNS = ["day", "itemType", "currency", "sales", "pieces", "total", "low", "high"];

function tableOr(empty: Message, columns: readonly string[], rows: readonly object[]): string {
  const language = languageOfCommand();
  if (rows.length === 0) return empty[language];
  return asTable(
    columns,
    rows.map((row) => ({ ...row })),
    language,
  );
}

function showPrices({ currency, type, json }: EconomyOptions): Promise<void> {
  return withModel(async (db) => {
    const rows = await listPrices(db, {
      itemType: type,
      currency,
      after: undefined,
      limit: PRICES,
    });
    const text = json ? asJson(rows) : tableOr(WORDS.noSales, PRICE_COLUMNS, rows);
    process.stdout.write(`${text}\n`);
  });
}

function showHolders(currency: string, { json }: EconomyOptions): Promise<void> {
  return withModel(async (db) => {
    const holders = await listTopHolders(db, currency);
    const concentration = concentrationOf(await listBuckets(db, { currency }));
    const text = json
      ? asJson({ ...concentration, data: holders })
      : tableOr(WORDS.noHolders, ["userId", "platform", "balance"], holders);
    process.stdout.write(`${text}\n`);
  });
}

function rebuild(): Promise<void> {
  return withModel(async (db) => {
    await resetEconomy(db);
    await countAll(db);
    await sweepHolders(db);
    const { asOf } = await readEconomy(db, {}, periodOf(new Date()));
    const text = fillMessage(WORDS.rebuilt, { at: asOf.toISOString() })[languageOfCommand()];
    process.stdout.write(`${text}\n`);
  });
}
