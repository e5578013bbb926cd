/** `newday adopt`: takes a repaired legacy database over into the ledger, or says what would happen. */
import { InvalidArgumentError, type Command } from "commander";
import { ADOPTION_PARTS } from "../adoption-parts.ts";
import { readConfig } from "../config.ts";
import { migrate } from "../db/migrations.ts";
import { createPostingEngine } from "../ledger/engine/engine.ts";
import { openStore, type Store } from "../open-store.ts";
import { createPostingRegistry } from "../posting-registry.ts";
import {
  adopt, ADOPTION_BATCH_SIZE, planAdoption, type AdoptionReport,
} from "../wallets/adoption/adopt.ts"; // prettier-ignore
import { progressBar } from "./progress-bar.ts";

/** More than the engine posts in one batch gains nothing and makes a step long. */
const BATCH_SIZE_MAX = 5_000;

interface Options {
  readonly dryRun?: true;
  readonly batchSize: number;
}

export function registerAdopt(program: Command): void {
  program
    .command("adopt")
    .description("take the legacy wallets over into the ledger (after `newday repair`)")
    .option("--dry-run", "show what would happen and change nothing")
    .option("--batch-size <rows>", "legacy rows per step", batchSize, ADOPTION_BATCH_SIZE)
    .action(async (options: Options) => {
      const store = await openStore(readConfig(process.env, process.cwd()));
      try {
        await migrate(store.db);
        const reports = options.dryRun
          ? await planAdoption(store.db, ADOPTION_PARTS)
          : await run(store, options.batchSize);
        for (const report of reports) process.stdout.write(describe(report, options));
      } finally {
        await store.close();
      }
    });
}

function batchSize(value: string): number {
  const rows = Number(value);
  if (!Number.isInteger(rows) || rows < 1 || rows > BATCH_SIZE_MAX)
    throw new InvalidArgumentError(`a whole number from 1 to ${BATCH_SIZE_MAX}`);
  return rows;
}

async function run(store: Store, rows: number): Promise<AdoptionReport[]> {
  const engine = createPostingEngine(store.db, createPostingRegistry(), {
    applicationName: "newday-adopt",
  });
  try {
    const progress = progressBar(process.stderr);
    return await adopt({ db: store.db, engine, batchSize: rows, progress }, ADOPTION_PARTS);
  } finally {
    await engine.drain();
  }
}

function describe({ part, alreadyAdopted, report }: AdoptionReport, { dryRun }: Options): string {
  const state = alreadyAdopted ? "already adopted" : dryRun ? "would be adopted" : "adopted";
  const lines = Object.entries(report).map(([name, value]) => `  ${name}: ${shown(value)}\n`);
  return `${part}: ${state}\n${lines.join("")}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(shown).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name} ${shown(member)}`)
    .join(", ");
}
