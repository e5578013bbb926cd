/** `newday items unmerge`: separates two items that adoption merged. */
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import { operatorName } from "../lib/operator-name.ts";
import type { Command } from "commander";
import { migrateExisting } from "../db/migrations.ts";
import { createPostingServices } from "../ledger/wallets/posting-services.ts";
import { createPostingEngine } from "../engine/engine.ts";
import { unmerge, type Unmerge } from "../adoption/unmerge.ts";
import { openCommandStore } from "./command-store.ts";
import { createPostingRegistry } from "../start/posting-registry.ts";

interface UnmergeOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function registerItems(program: Command): void {
  program
    .command("items")
    .description(helpText({ en: "look after items that people have", zh: "维护用户持有的道具" }))
    .command("unmerge <id>")
    .description(
      helpText({
        en: "undo a merge of `newday adopt`: the duplicate becomes an item of its own again",
        zh: "撤销 newday adopt 的一次合并：重复的道具恢复为独立道具",
      }),
    )
    .option(
      "--dry-run",
      helpText({ en: "show what would happen and change nothing", zh: "只预览，不更改" }),
    )
    .option(...jsonOption("object"))
    .action(async (id: string, { dryRun = false, json }: UnmergeOptions) => {
      const done = await run(id, dryRun);
      process.stdout.write(
        json ? `${JSON.stringify({ ...done, dryRun })}\n` : describe(done, dryRun),
      );
    });
}

async function run(id: string, dryRun: boolean): Promise<Unmerge> {
  const store = await openCommandStore();
  try {
    await migrateExisting(store.db);
    const engine = createPostingEngine(store.db, createPostingRegistry(), {
      applicationName: "newday-items",
    });
    try {
      const services = createPostingServices(store.db, engine);
      return await unmerge(services, { id, operator: operatorName(), dryRun });
    } finally {
      await engine.drain();
    }
  } finally {
    await store.close();
  }
}

function describe(done: Unmerge, dryRun: boolean): string {
  const { restoredId, keptId, ownerId, name, reason, transferId } = done;
  const record = dryRun ? "" : `  transfer  ${transferId}\n`;
  return (
    `${name} of ${ownerId}: ${dryRun ? "would be" : "is"} two items again ` +
    `${dryRun ? "将恢复为" : "已恢复为"}两件道具\n` +
    `  kept      ${keptId}\n  restored  ${restoredId}\n  merged because: ${reason}\n${record}`
  );
}
