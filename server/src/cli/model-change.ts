/** Shared by the commands that change currencies and exchange pairs. */
import { helpText } from "./usage/help-text.ts";
import type { Command } from "commander";
import { languageOfCommand } from "./usage/usage-error.ts";
import { operatorName } from "../lib/operator-name.ts";
import type { Database } from "../db/database.ts";
import { migrateExisting } from "../db/migrations.ts";
import type { ModelChange, OperatorContext } from "../ledger/currencies/define-currencies.ts";
import type { JsonObject, JsonValue } from "../engine/operation.ts";
import { openCommandStore } from "./command-store.ts";
import { invalidArgument } from "./usage/usage-error.ts";
import { type Message, fillMessage } from "../lib/messages.ts";

export interface ChangeOptions {
  readonly by?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Options that every such command has. */
export function withChangeOptions(command: Command): Command {
  return command
    .option(
      "--by <name>",
      helpText({
        en: "who is recorded as the operator; by default the user of this machine",
        zh: "记录的操作人；默认为本机用户",
      }),
    )
    .option(
      "--dry-run",
      helpText({ en: "say what would change, and change nothing", zh: "只预览，不更改" }),
    )
    .option(
      "--json",
      helpText({ en: "one JSON object for machines", zh: "输出一个 JSON 对象，供程序使用" }),
    );
}

/** A whole number of minor units. */
export function parseMinorUnits(text: string): bigint {
  if (!/^-?\d{1,18}$/.test(text))
    throw invalidArgument({
      en: "a whole number of minor units, such as 1000",
      zh: "最小单位的整数，例如 1000",
    });
  return BigInt(text);
}

export async function withModel(work: (db: Database) => Promise<void>): Promise<void> {
  const store = await openCommandStore();
  try {
    await migrateExisting(store.db);
    await work(store.db);
  } finally {
    await store.close();
  }
}

/** Makes one change and prints its before and after. */
export function makeChange(
  { by, dryRun, json }: ChangeOptions,
  work: (db: Database, context: OperatorContext) => Promise<ModelChange>,
): Promise<void> {
  return withModel(async (db) => {
    const operator = by ?? operatorName();
    const change = await work(db, { operator, dryRun: dryRun === true });
    const facts = { ...change, accounts: `${change.accounts}`, operator, dryRun: dryRun === true };
    process.stdout.write(json ? `${JSON.stringify(facts)}\n` : describe(change, operator, dryRun));
  });
}

const WORDS = {
  done: {
    en: "changed, and recorded as done by {operator}",
    zh: "已更改，操作人记录为 {operator}",
  },
  planned: { en: "this would change; nothing was changed", zh: "以上为预览，未作任何更改" },
  follow: { en: "{accounts} accounts follow", zh: "{accounts} 个账户随之更新" },
  none: { en: "none", zh: "无" },
} as const satisfies Readonly<Record<string, Message>>;

function describe(change: ModelChange, operator: string, dryRun: true | undefined): string {
  const language = languageOfCommand();
  const { what, subject, before, after, accounts } = change;
  const names = Object.keys({ ...before, ...after });
  const shown = (state: JsonObject | null, name: string) =>
    wordsOf(state?.[name]) || WORDS.none[language];
  const rows = names.flatMap((name) => {
    const [from, to] = [shown(before, name), shown(after, name)];
    return from === to ? [] : [`  ${name.padEnd(10)} ${from} -> ${to}\n`];
  });
  const follow = accounts > 0n ? `  ${fillMessage(WORDS.follow, { accounts })[language]}\n` : "";
  const conclusion = dryRun ? WORDS.planned : fillMessage(WORDS.done, { operator });
  return `${what}: ${subject}\n${rows.join("")}${follow}${conclusion[language]}\n`;
}

function wordsOf(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value ?? "").replaceAll('"', "");
}
