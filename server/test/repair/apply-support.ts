/** Applying plans in tests: in this process, and as the command in a process that can be killed. */
import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { DirectClient } from "../../src/db/driver/direct-client.ts";
import { applyPlan, type ApplyRequest, type ApplyResult } from "../../src/repair/apply/apply.ts";
import { OLD_BLOCKER_MS } from "../../src/repair/drop/lock-timeout-backoff.ts";
import { silent } from "../../src/repair/model/events.ts";
import { planHash, shortHash, type Plan } from "../../src/repair/model/plan.ts";
import type { TestDatabase } from "../support/database.ts";
import { spawnOnOneTerminal, type TerminalCommand } from "../support/one-terminal.ts";

/** What a plan is made for when its test says nothing. */
const NEWDAY_ENVIRONMENT = "test";
export const CLI = fileURLToPath(new URL("../../bin/newday.mjs", import.meta.url));
/** Enough for a quiet database, short enough that a blocked one ends the test soon. */
const TEST_BUDGET_MS = 20_000;

/** Longer than the age of a young transaction: no lock is requested against it. */
const OLD_MS = OLD_BLOCKER_MS + 100;

/** A transaction that is old for the tool from its first query, so that it only waits. */
export async function holdAsOld(session: DirectClient, statement: string): Promise<void> {
  await session.script(`begin; ${statement}`);
  await sleep(OLD_MS);
}

/** The backup has tests of its own; here it is attested, which needs no pg_dump. */
export const ATTESTED = { kind: "attested", evidence: "test", actor: "test" } as const;

export function applyTo(
  url: string,
  plan: Plan,
  overrides: Partial<ApplyRequest> = {},
): Promise<ApplyResult> {
  return applyPlan({
    target: url,
    plan,
    hash: planHash(plan),
    backup: ATTESTED,
    emit: silent,
    budgetMs: TEST_BUDGET_MS,
    operator: "test",
    local: undefined,
    now: new Date(),
    ...overrides,
  });
}

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `newday repair ...` to its end. */
export function newday(args: readonly string[], cwd?: string): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "repair", ...args], {
    encoding: "utf8",
    cwd,
    env: {
      PATH: process.env["PATH"],
      LANG: "en_US.UTF-8",
      HOME: process.env["HOME"],
      NEWDAY_ENVIRONMENT,
    },
  });
  return { status, stdout, stderr };
}

/** Starts `newday repair ...`, which can be killed. */
export function startNewday(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): TerminalCommand {
  const { PATH, HOME } = process.env;
  const environment = { PATH, HOME, LANG: "en_US.UTF-8", NEWDAY_ENVIRONMENT, ...variables };
  return spawnOnOneTerminal([CLI, "repair", ...args], environment);
}

/** The options that confirm a plan, as its screen prints them. */
export function confirmations(plan: Plan): string[] {
  return [
    "--confirm-database",
    plan.target.database,
    "--confirm-environment",
    plan.environment,
    "--confirm-plan",
    shortHash(planHash(plan)),
  ];
}

export interface Facts {
  readonly keys: readonly string[];
  readonly wallets: number;
  readonly players: number;
  readonly sums: string;
  readonly uniqueIndexes: string;
}

/**
 * Reads the catalogue alone: reading the tables takes a lock that a concurrent change would meet.
 */
export async function keysOf({ db }: TestDatabase): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select conname::text as name from pg_constraint
      where contype = 'f' and conrelid = 'public.wallets'::regclass
        and confrelid = 'public.players'::regclass order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** The kept and the dropped objects, read independently of the tool. */
export async function factsOf({ db }: Pick<TestDatabase, "db">): Promise<Facts> {
  const [row] = await db.query<Facts>(
    `select array(select conname::text from pg_constraint
                   where contype = 'f' and conrelid = 'public.wallets'::regclass
                     and confrelid = 'public.players'::regclass order by 1) as keys,
            (select count(*) from public.wallets)::int as wallets,
            (select count(*) from public.players)::int as players,
            (select format('%s/%s/%s', sum(game_coins), sum(cash_balance), sum(computing_power))
               from public.wallets) as sums,
            (select string_agg(indexrelid::text, ',' order by indexrelid) from pg_index
              where indisunique and indrelid = 'public.wallets'::regclass) as "uniqueIndexes"`,
  );
  if (!row) throw new Error("no facts");
  return row;
}

export const LEGACY_SUMS = "4584572/1300137/200208";
