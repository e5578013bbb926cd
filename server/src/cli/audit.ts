/** `newday audit`: proves the invariants of the books from the data, and ends with 4 if one is broken. */
import type { Command } from "commander";
import { readConfig } from "../config.ts";
import { requireMigrated } from "../db/migrations.ts";
import { audit, type AuditReport } from "../integrity/audit.ts";
import { openExistingStore } from "../open-store.ts";

/** Apart from usage (2) and faults (1), so that a monitor can tell broken books from a bad call. */
const EXIT_BROKEN_BOOKS = 4;

export function registerAudit(program: Command): void {
  program
    .command("audit")
    .description("prove the invariants of the books: sums, balances, versions, holds, items")
    .option("--json", "one JSON object for machines")
    .action(async ({ json }: { json?: true }) => {
      const store = await openExistingStore(readConfig(process.env, process.cwd()));
      try {
        await requireMigrated(store.db);
        const report = await audit(store.db);
        process.stdout.write(json ? `${asJson(report)}\n` : describe(report));
        if (!report.sound) process.exitCode = EXIT_BROKEN_BOOKS;
      } finally {
        await store.close();
      }
    });
}

function asJson(report: AuditReport): string {
  return JSON.stringify(report, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}` : value,
  );
}

function describe({ rules, breaches }: AuditReport): string {
  const broken = new Map(breaches.map((breach) => [breach.rule, breach]));
  const lines = rules.map((rule) => {
    const breach = broken.get(rule);
    if (!breach) return `ok      ${rule}\n`;
    return `BROKEN  ${rule}: ${breach.count} (${breach.examples.join("; ")})\n`;
  });
  const verdict = breaches.length === 0 ? "the books are sound\n" : "the books are NOT sound\n";
  return lines.join("") + verdict;
}
