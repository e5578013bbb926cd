/** The output of `newday adopt`: figures for people, long lists as the beginning of a table. */
import type { AdoptionReport } from "../adoption/adopt.ts";
import { fillMessage, type Language, type Message } from "../lib/messages.ts";
import { tableLines } from "./text-table.ts";

/** Fits on a screen beside the figures; the report file has all of it. */
const ROWS_SHOWN = 10;
/** Columns that people search for come first; names, which are of any length, come last. */
const COLUMNS = ["merged", "into", "milliseconds", "ownerId", "name"];

const WORDS = {
  adopted: { en: "adopted", zh: "已接管" },
  already: { en: "already adopted", zh: "此前已接管" },
  planned: { en: "would be adopted", zh: "将被接管" },
  none: { en: "none", zh: "无" },
  colon: { en: ": ", zh: "：" },
  comma: { en: ", ", zh: "，" },
  more: {
    en: "... and {rows} more; all of them: newday adopt --report <file>",
    zh: "... 另有 {rows} 行；全部内容：newday adopt --report <文件>",
  },
} as const satisfies Readonly<Record<string, Message>>;

/** Members of a report for people; the report file keeps their names. Tables keep theirs. */
const MEMBERS: ReadonlyMap<string, Message> = new Map([
  ["wallets", { en: "wallets", zh: "钱包" }],
  ["items", { en: "items", zh: "道具" }],
  ["legacy", { en: "legacy", zh: "旧表" }],
  ["gameCoins", { en: "gameCoins", zh: "游戏金币" }],
  ["cashBalance", { en: "cashBalance", zh: "现金" }],
  ["computingPower", { en: "computingPower", zh: "算力" }],
  ["walletsToOpen", { en: "walletsToOpen", zh: "待开通的钱包" }],
  ["balancesToCorrect", { en: "balancesToCorrect", zh: "待更正的余额" }],
  ["overdrawn", { en: "overdrawn", zh: "透支的用户" }],
  ["corrected", { en: "corrected", zh: "已更正" }],
  ["rows", { en: "rows", zh: "行数" }],
  ["duplicates", { en: "duplicates", zh: "重复道具" }],
  ["merges", { en: "merges", zh: "合并明细" }],
  ["merged", { en: "merged", zh: "被合并" }],
  ["into", { en: "into", zh: "并入" }],
  ["milliseconds", { en: "milliseconds", zh: "相隔毫秒" }],
  ["ownerId", { en: "ownerId", zh: "所有者" }],
  ["name", { en: "name", zh: "名称" }],
  ["listings", { en: "listings", zh: "上架" }],
  ["purchases", { en: "purchases", zh: "购买" }],
  ["inventory", { en: "inventory", zh: "背包道具" }],
  ["adventure", { en: "adventure", zh: "冒险道具" }],
]);

type Row = Readonly<Record<string, unknown>>;

/** The name of a part, member or column in the reader's language. */
export function memberName(name: string, language: Language): string {
  return MEMBERS.get(name)?.[language] ?? name;
}

export function describeAdoption(
  { part, alreadyAdopted, report }: AdoptionReport,
  dryRun: boolean,
  language: Language,
): string {
  const state = alreadyAdopted ? WORDS.already : dryRun ? WORDS.planned : WORDS.adopted;
  const colon = WORDS.colon[language];
  const lines = Object.entries(report).map(([member, value]) => {
    const name = `  ${memberName(member, language)}${colon}`;
    if (isTable(value)) return `${name.trimEnd()}\n${table(value, language)}`;
    return `${name}${shown(value, language)}\n`;
  });
  return `${memberName(part, language)}${colon}${state[language]}\n${lines.join("")}`;
}

function isTable(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === "object");
}

function table(rows: readonly Row[], language: Language): string {
  const names = Object.keys(rows[0] ?? {});
  const known = COLUMNS.filter((name) => names.includes(name));
  const columns = [...known, ...names.filter((name) => !known.includes(name))];
  const header = columns.map((name) => memberName(name, language));
  const body = rows
    .slice(0, ROWS_SHOWN)
    .map((row) => columns.map((name) => shown(row[name], language)));
  const lines = tableLines([header, ...body], "    ");
  const left = rows.length - ROWS_SHOWN;
  if (left > 0) lines.push(`    ${fillMessage(WORDS.more, { rows: left })[language]}`);
  return `${lines.join("\n")}\n`;
}

function shown(value: unknown, language: Language): string {
  const [none, comma] = [WORDS.none[language], WORDS.comma[language]];
  if (Array.isArray(value))
    return value.length === 0 ? none : value.map((one) => shown(one, language)).join(comma);
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${memberName(name, language)} ${shown(member, language)}`)
    .join(comma);
}
