/** `newday audit`: checks the invariants of the books in the data; exit code 4 if one is broken. */
import type { Command } from "commander";
import { languageOfCommand } from "./usage/usage-error.ts";
import { requireMigrated } from "../db/migrations.ts";
import { audit, type AuditReport } from "../integrity/audit.ts";
import { openCommandStore } from "./command-store.ts";
import { exitCodes } from "./speak-chinese.ts";

/**
 * Differs from usage (2) and faults (1), so that a monitor can tell broken books from a bad call.
 */
const EXIT_BROKEN_BOOKS = 4;

export function registerAudit(program: Command): void {
  program
    .command("audit")
    .description("prove the invariants of the books: sums, balances, versions, holds, items")
    .option("--json", "one JSON object for machines")
    .addHelpText("after", exitCodes("0 sound, 1 fault, 2 usage, 4 not sound."))
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
  en: {
    ok: "ok",
    broken: "BROKEN",
    sound: "the books are sound",
    unsound: "the books are NOT sound",
  },
  zh: { ok: "正常", broken: "异常", sound: "账目无误", unsound: "账目有误" },
} as const;

function describe({ rules, breaches }: AuditReport, language: "en" | "zh"): string {
  const words = WORDS[language];
  const broken = new Map(breaches.map((breach) => [breach.rule, breach]));
  const lines = rules.map((rule) => {
    const shown = rule[language];
    const breach = broken.get(rule);
    if (!breach) return `${words.ok.padEnd(8)}${shown}\n`;
    return `${words.broken}  ${shown}: ${breach.count} (${breach.examples.join("; ")})\n`;
  });
  const conclusion = breaches.length === 0 ? words.sound : words.unsound;
  return `${lines.join("")}${conclusion}\n`;
}
