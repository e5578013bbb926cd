/** `newday audit`: checks the invariants of the books in the data; exit code 4 if one is broken. */
import { exitCodes, helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import type { Command } from "commander";
import { languageOfCommand } from "./usage/usage-error.ts";
import { requireMigrated } from "../db/migrations.ts";
import { audit, type AuditReport } from "../integrity/audit.ts";
import { openCommandStore } from "./command-store.ts";
import type { Message, Language } from "../lib/messages.ts";

/**
 * Differs from usage (2) and faults (1), so that a monitor can tell broken books from a bad call.
 */
const EXIT_BROKEN_BOOKS = 4;

export function registerAudit(program: Command): void {
  program
    .command("audit")
    .description(
      helpText({
        en: "prove the invariants of the books: sums, balances, versions, holds, items",
        zh: "核验账目：总和、余额、版本、预留、道具",
      }),
    )
    .option(...jsonOption("object"))
    .addHelpText(
      "after",
      exitCodes({
        en: "0 sound, 1 fault, 2 usage, 4 not sound.",
        zh: "0 账目正确，1 故障，2 用法错误，4 账目有误。",
      }),
    )
    .action(async ({ json }: { json?: true }) => {
      const store = await openCommandStore();
      try {
        await requireMigrated(store.db);
        const report = await audit(store.db);
        process.stdout.write(json ? `${asJson(report)}\n` : describe(report, languageOfCommand()));
        if (!report.sound) process.exitCode = EXIT_BROKEN_BOOKS;
      } finally {
        await store.close();
      }
    });
}

/** Programs read a rule by its English text. */
function asJson({ sound, rules, breaches }: AuditReport): string {
  const broken = breaches.map(({ rule, count, ...rest }) => ({
    rule: rule.en,
    count: `${count}`,
    ...rest,
  }));
  return JSON.stringify({ sound, rules: rules.map(({ en }) => en), breaches: broken });
}

const WORDS = {
  ok: { en: "ok", zh: "正常" },
  broken: { en: "BROKEN", zh: "异常" },
  sound: { en: "the books are sound", zh: "账目无误" },
  unsound: { en: "the books are NOT sound", zh: "账目有误" },
} as const satisfies Readonly<Record<string, Message>>;

function describe({ rules, breaches }: AuditReport, language: Language): string {
  const broken = new Map(breaches.map((breach) => [breach.rule, breach]));
  const lines = rules.map((rule) => {
    const breach = broken.get(rule);
    if (!breach) return `${WORDS.ok[language].padEnd(8)}${rule[language]}\n`;
    return `${WORDS.broken[language]}  ${rule[language]}: ${breach.count} (${breach.examples.join("; ")})\n`;
  });
  const conclusion = breaches.length === 0 ? WORDS.sound : WORDS.unsound;
  return `${lines.join("")}${conclusion[language]}\n`;
}
