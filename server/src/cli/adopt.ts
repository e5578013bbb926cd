/** `newday adopt`: moves a repaired legacy database into the ledger, or prints what it would do. */
import { helpText } from "./usage/help-text.ts";
import type { Command } from "commander";
import { ADOPTION_PARTS } from "../adoption/adoption-parts.ts";
import { migrate, requireMigrated } from "../db/migrations.ts";
import { createPostingEngine } from "../engine/engine.ts";
import type { Store } from "../start/open-store.ts";
import { openCommandStore } from "./command-store.ts";
import { createPostingRegistry } from "../start/posting-registry.ts";
import { currentDatabase, listAdoptedParts } from "../adoption/adoption-queries.ts";
import {
  adopt,
  ADOPTION_BATCH_SIZE,
  ADOPTION_HOLD_MS,
  planAdoption,
  refuseWhileKeyStands,
  type AdoptionReport,
} from "../adoption/adopt.ts";
import { describeAdoption, memberName } from "./adoption-report.ts";
import { progressBar, type ShowProgress } from "./usage/progress-bar.ts";
import { requireWritableFile, writeOutput } from "../repair/model/output-file.ts";
import { NewDayError } from "../errors/errors.ts";
import { askFacts, databaseFact } from "./repair/ask-facts.ts";
import { asTyped } from "./usage/invocation.ts";
import type { Message } from "../lib/messages.ts";
import { invalidArgument, languageOfCommand } from "./usage/usage-error.ts";

/** Larger steps gain nothing over one batch of the engine and take longer. */
const BATCH_SIZE_MAX = 5_000;
const HOLD_SECONDS_MAX = 3_600;

interface Options {
  readonly dryRun?: boolean;
  readonly report?: string;
  readonly batchSize: number;
  readonly holdSeconds: number;
  readonly confirmDatabase?: string;
}

export function registerAdopt(program: Command): void {
  program
    .command("adopt")
    .description(
      helpText({
        en: "take the legacy wallets over into the ledger (after `newday repair`); the point of no return of its rollback",
        zh: "把旧钱包接管到账本（在 newday repair 之后）；此后修复不可回滚",
      }),
    )
    .option(
      "--dry-run",
      helpText({ en: "show what would happen and change nothing", zh: "只预览，不更改" }),
    )
    .option(
      "--report <file>",
      helpText({
        en: "write everything that was found as JSON, every merge included",
        zh: "把所有发现（含每次合并）写成 JSON",
      }),
    )
    .option(
      "--batch-size <rows>",
      helpText({ en: "legacy rows per step", zh: "每步处理的旧数据行数" }),
      wholeUpTo(BATCH_SIZE_MAX),
      ADOPTION_BATCH_SIZE,
    )
    .option(
      "--hold-seconds <seconds>",
      helpText({
        en: "longest time under the locks of the old tables, and 4 ms more for each item; then everything is rolled back",
        zh: "旧表的最长持锁时间（秒），每件物品另加 4 毫秒；超过则全部回滚",
      }),
      wholeUpTo(HOLD_SECONDS_MAX),
      ADOPTION_HOLD_MS / 1000,
    )
    .option(
      "--confirm-database <name>",
      helpText({
        en: "the database whose legacy tables are taken over; a terminal asks for it",
        zh: "要接管其旧表的数据库；终端会询问",
      }),
    )
    .action(async (options: Options) => {
      if (options.report !== undefined) requireWritableFile(options.report);
      const store = await openCommandStore();
      try {
        await (options.dryRun ? requireMigrated(store.db) : migrate(store.db));
        const reports = options.dryRun
          ? await planAdoption(store.db, ADOPTION_PARTS)
          : await run(store, options);
        tell(reports, options);
      } finally {
        await store.close();
      }
    });
}

const wholeUpTo =
  (largest: number) =>
  (value: string): number => {
    const whole = Number(value);
    if (Number.isInteger(whole) && whole >= 1 && whole <= largest) return whole;
    throw invalidArgument({
      en: `a whole number from 1 to ${largest}`,
      zh: `1 到 ${largest} 的整数`,
    });
  };

/**
 * The adoption ends every rollback, so the operator names the database before it. Nothing is asked
 * when every part was adopted before.
 */
async function requireConfirmed({ db }: Store, given: string | undefined): Promise<void> {
  await refuseWhileKeyStands(db);
  const adopted = (await listAdoptedParts(db)).map(({ part }) => part);
  if (ADOPTION_PARTS.every(({ name }) => adopted.includes(name))) return;
  const language = languageOfCommand();
  const expected = await currentDatabase(db);
  if (given === undefined) process.stderr.write(`${asTyped(POINT_OF_NO_RETURN[language])}\n`);
  const { database } = await askFacts({ language, json: false }, { database: databaseFact(given) });
  if (database !== expected) throw new NewDayError("adoption_unconfirmed", { database: expected });
}

async function run(
  store: Store,
  { batchSize, holdSeconds, confirmDatabase }: Options,
): Promise<AdoptionReport[]> {
  await requireConfirmed(store, confirmDatabase);
  const engine = createPostingEngine(store.db, createPostingRegistry(), {
    applicationName: "newday-adopt",
  });
  try {
    const show = progressBar(process.stderr);
    const language = languageOfCommand();
    const progress: ShowProgress = (part, done, total) =>
      show(memberName(part, language), done, total);
    const limits = { batchSize, holdMs: holdSeconds * 1000 };
    return await adopt({ db: store.db, engine, ...limits, progress }, ADOPTION_PARTS);
  } finally {
    await engine.drain();
  }
}

const POINT_OF_NO_RETURN: Message = {
  en: "This is the point of no return: after it the repair has no rollback, and an old server's writes are refused. `newday adopt --dry-run` shows what will be taken over.",
  zh: "这是不可逆点：此后修复无法回滚，旧服务器的写入将被拒绝。newday adopt --dry-run 显示将接管的内容。",
};

const CONCLUSION: Readonly<Record<"before" | "after", Message>> = {
  before: {
    en: "Nothing was changed. `newday adopt` is the point of no return: after it the repair has no rollback, and an old server's writes are refused.",
    zh: "未作任何更改。newday adopt 是不可逆点：此后修复无法回滚，旧服务器的写入将被拒绝。",
  },
  after: {
    en: "Adopted: the repair has no rollback from here. Next: `newday repair smoke --api-url URL --integration-page`, then `newday repair notify --kind done`.",
    zh: "已接管：修复从此不可回滚。下一步：newday repair smoke --api-url URL --integration-page，再 newday repair notify --kind done。",
  },
};

const REPORT_WRITTEN: Message = { en: "report: ", zh: "报告：" };

function tell(reports: readonly AdoptionReport[], { dryRun = false, report }: Options): void {
  const language = languageOfCommand();
  for (const one of reports) process.stdout.write(asTyped(describeAdoption(one, dryRun, language)));
  process.stdout.write(`${asTyped(CONCLUSION[dryRun ? "before" : "after"][language])}\n`);
  if (report === undefined) return;
  const text = JSON.stringify({ dryRun, parts: reports }, undefined, 2);
  writeOutput(report, `${text}\n`);
  process.stdout.write(`${REPORT_WRITTEN[language]}${report}\n`);
}
