/** Shared by the commands that change currencies and exchange pairs. */
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import { Option, type Command } from "commander";
import { languageOfCommand } from "./usage/usage-error.ts";
import { isVisible } from "../lib/visible-text.ts";
import { operatorName } from "../lib/operator-name.ts";
import type { Database } from "../db/database.ts";
import { migrateExisting } from "../db/migrations.ts";
import type {
  ModelChange,
  OperatorContext,
} from "../identity/operator-changes/operator-changes.ts";
import type { JsonObject, JsonValue } from "../engine/operation.ts";
import { openCommandStore } from "./command-store.ts";
import { invalidArgument } from "./usage/usage-error.ts";
import { type Message, fillMessage } from "../lib/messages.ts";

export interface ChangeOptions {
  readonly by?: string;
  readonly reason?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Options that every such command has; an act against users needs its reason. */
export function withChangeOptions(
  command: Command,
  reason: "optional" | "required" = "optional",
): Command {
  const why = new Option(
    "--reason <text>",
    helpText({ en: "why, recorded with the change", zh: "变更原因，随变更一并记录" }),
  ).argParser(parseReason);
  return command
    .option(
      "--by <name>",
      helpText({
        en: "who is recorded as the operator; by default the user of this machine",
        zh: "记录的操作人；默认为本机用户",
      }),
    )
    .addOption(why.makeOptionMandatory(reason === "required"))
    .option(
      "--dry-run",
      helpText({ en: "say what would change, and change nothing", zh: "只预览，不更改" }),
    )
    .option(...jsonOption("object"));
}

/** As long as the column allows. */
const REASON_LENGTH_MAX = 500;

function parseReason(text: string): string {
  if (isVisible(text) && text.length <= REASON_LENGTH_MAX) return text;
  throw invalidArgument({
    en: `a text of 1 to ${REASON_LENGTH_MAX} characters that can be seen`,
    zh: `1 到 ${REASON_LENGTH_MAX} 个可见字符`,
  });
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

/** A change that may wait for a second person. */
export interface MadeChange extends ModelChange {
  /** The approval that it waits for. */
  readonly approval?: string | null;
  readonly needsApproval?: boolean;
  /** Who did it, where that is not the user of the machine. */
  readonly operator?: string;
}

/** Makes one change and prints its before and after. */
export function makeChange(
  { by, reason, dryRun, json }: ChangeOptions,
  work: (db: Database, context: OperatorContext) => Promise<MadeChange>,
): Promise<void> {
  return withModel(async (db) => {
    const user = by ?? operatorName();
    const change = await work(db, { operator: user, reason, dryRun: dryRun === true });
    const { operator = user } = change;
    const facts = { ...change, accounts: `${change.accounts}`, operator, dryRun: dryRun === true };
    process.stdout.write(json ? `${JSON.stringify(facts)}\n` : describe(change, operator, dryRun));
  });
}

const WORDS = {
  done: {
    en: "changed, and recorded as done by {operator}",
    zh: "已更改，操作人记录为 {operator}",
  },
  waits: {
    en: "nothing was changed yet: a second person decides about the approval {approval}",
    zh: "尚未作任何更改：等待第二人处理批准请求 {approval}",
  },
  needs: {
    en: "this would change once a second person approves it; nothing was changed",
    zh: "以上为预览，须由第二人批准，未作任何更改",
  },
  planned: { en: "this would change; nothing was changed", zh: "以上为预览，未作任何更改" },
  follow: { en: "{accounts} accounts follow", zh: "{accounts} 个账户随之更新" },
  keep: {
    en: "Hand it over now: it is never shown again.",
    zh: "请立即转交：此后不再显示。",
  },
  none: { en: "none", zh: "无" },
} as const satisfies Readonly<Record<string, Message>>;

function describe(change: MadeChange, operator: string, dryRun: true | undefined): string {
  const language = languageOfCommand();
  const { what, subject, before, after, accounts } = change;
  const names = Object.keys({ ...before, ...after });
  const shown = (state: JsonObject | null, name: string) =>
    wordsOf(state?.[name]) || WORDS.none[language];
  const rows = names.flatMap((name) => {
    const [from, to] = [shown(before, name), shown(after, name)];
    return from === to ? [] : [`  ${name.padEnd(21)} ${from} -> ${to}\n`];
  });
  const follow = accounts > 0n ? `  ${fillMessage(WORDS.follow, { accounts })[language]}\n` : "";
  const secret =
    change.secret === undefined ? "" : `\n${change.secret}\n\n${WORDS.keep[language]}\n`;
  const conclusion = concludes(change, operator, dryRun);
  return `${what}: ${subject}\n${rows.join("")}${follow}${conclusion[language]}\n${secret}`;
}

function concludes(
  { needsApproval, approval }: MadeChange,
  operator: string,
  dryRun: true | undefined,
): Message {
  if (needsApproval)
    return dryRun ? WORDS.needs : fillMessage(WORDS.waits, { approval: approval ?? "" });
  return dryRun ? WORDS.planned : fillMessage(WORDS.done, { operator });
}

function wordsOf(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value ?? "").replaceAll('"', "");
}
