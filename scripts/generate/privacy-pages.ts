/** The inventory of personal data in docs/privacy.md and docs/privacy-zh.md, from the tables in the source. */
import { readFileSync } from "node:fs";
import type {
  ErasureOfColumn,
  PersonalTable,
} from "../../server/src/privacy/inventory/personal-column.ts";
import {
  IMPERSONAL_TABLES,
  PERSONAL_TABLES,
  STAFF_TABLES,
} from "../../server/src/privacy/personal-tables.ts";
import type { Language, Message } from "../../server/src/lib/messages.ts";

const START = "<!-- inventory: written by npm run generate -->";
const END = "<!-- end of the inventory -->";

const ERASURES: Readonly<Record<ErasureOfColumn, Message>> = {
  renamed: { en: "replaced by `erased:...`", zh: "替换为 `erased:...`" },
  dropped: { en: "dropped", zh: "删除文本" },
  removed: { en: "removed", zh: "删除" },
  stays: { en: "stays", zh: "保留" },
};

const WORDS = {
  head: {
    en: "| column | what it holds | exported | erasure |",
    zh: "| 列 | 内容 | 导出 | 抹除时 |",
  },
  facts: { en: "amounts, times, states, other ids", zh: "金额、时间、状态、其他 ID" },
  staff: {
    en: "Logins of New Day's operators, who are no users: ",
    zh: "New Day 运维人员的登录数据（并非用户）：",
  },
  none: { en: "Tables without a person in them: ", zh: "不含个人数据的表：" },
  yes: { en: "yes", zh: "是" },
  no: { en: "no", zh: "否" },
  asRow: { en: "as its row", zh: "随行处理" },
} as const satisfies Readonly<Record<string, Message>>;

export function privacyPages(): { readonly path: string; readonly content: string }[] {
  return [
    { path: "docs/privacy.md", content: withInventory("docs/privacy.md", "en") },
    { path: "docs/privacy-zh.md", content: withInventory("docs/privacy-zh.md", "zh") },
  ];
}

function withInventory(path: string, language: Language): string {
  const page = readFileSync(path, "utf8");
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${path} lacks the marks of the inventory`);
  return `${page.slice(0, start + START.length)}\n\n${inventory(language)}\n${page.slice(end)}`;
}

function inventory(language: Language): string {
  const rows = PERSONAL_TABLES.flatMap((table) => rowsOf(table, language));
  const named = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
  const lists = [
    `${WORDS.staff[language]}${named(STAFF_TABLES)}.`,
    "",
    `${WORDS.none[language]}${named(IMPERSONAL_TABLES)}.`,
  ];
  const head = [WORDS.head[language], "| --- | --- | --- | --- |"];
  return [...head, ...rows, "", ...lists, ""].join("\n");
}

function rowsOf({ name, columns, facts }: PersonalTable, language: Language): string[] {
  const personal = Object.entries(columns).map(([column, { holds, exported, erasure }]) => [
    `\`${name}.${column}\``,
    holds[language],
    (exported ? WORDS.yes : WORDS.no)[language],
    ERASURES[erasure][language],
  ]);
  const others = [
    `\`${name}\`: ${facts.map((fact) => `\`${fact}\``).join(", ")}`,
    WORDS.facts[language],
    WORDS.yes[language],
    WORDS.asRow[language],
  ];
  return [...personal, ...(facts.length > 0 ? [others] : [])].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
}
