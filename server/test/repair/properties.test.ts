/**
 * In any order of events (repairs, rollbacks, foreign rows, spending players, crashes at any
 * message, resumes) coins are kept, the keys that make wallets unique stay, and the journal agrees
 * with the catalogue.
 */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { isNewDayError } from "../../src/errors/errors.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { silent } from "../../src/repair/model/events.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { readRuns } from "../../src/repair/journal/run-story.ts";
import { writePlanFile } from "../../src/repair/plan/plan-file.ts";
import { runRollback } from "../../src/repair/rollback/rollback.ts";
import { readRollback } from "../../src/repair/rollback/view.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import type { TestDatabase } from "../support/database.ts";
import { applyTo, confirmations, newday } from "./apply-support.ts";
import { runWatched, untilSessionsEnd } from "./crash-support.ts";
import { createLegacyDatabase, planOf, useFolder } from "./legacy.ts";

const repair = findRepair("wallets");
const KEY = "wallets_user_id_players_id_fk";
const OPTIONS = ["exact", "freeze", "no-action", "quarantine", "stubs", "fix-forward"] as const;
/** A valid refusal; anything else is a fault. */
const REFUSALS = new Set(["rollback_refused", "repair_plan_stale", "repair_blocked"]);
/** Messages of an apply and of a rollback; a kill beyond the end is an undisturbed run. */
const MESSAGES = 115;

type Command =
  | { readonly kind: "cut" }
  | { readonly kind: "stranger" }
  | { readonly kind: "verify" }
  | { readonly kind: "resume" }
  | { readonly kind: "earn"; readonly coins: number }
  | { readonly kind: "rollback"; readonly option: (typeof OPTIONS)[number] }
  | { readonly kind: "crash-cut"; readonly at: number }
  | {
      readonly kind: "crash-rollback";
      readonly option: (typeof OPTIONS)[number];
      readonly at: number;
    };

const at = fc.nat(MESSAGES);
const option = fc.constantFrom(...OPTIONS);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("cut" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("stranger" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("verify" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("resume" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("earn" as const), coins: fc.nat(1000) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("rollback" as const), option }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("crash-cut" as const), at }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("crash-rollback" as const), option, at }) },
);

/** Invariants of the money, from the test's own records. */
interface World {
  readonly database: TestDatabase;
  readonly folder: string;
  readonly coins: Map<string, number>;
  readonly uniqueIndexes: string;
  strangers: number;
  /** What the last apply that crashed was called with. */
  cutOff: readonly string[];
}

beforeAll(() => {
  newday(["explain", "B01"]);
});

it.each(["pg15", "pg18"] as const)(
  "any history keeps every wallet and is told by the journal on %s",
  async (server) => {
    const folder = useFolder();
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 10 }), async (history) => {
        const database = await createLegacyDatabase(server);
        try {
          const world = await begin(database, folder);
          for (const step of history) {
            await perform(world, step);
            await expectSound(world, step);
          }
        } finally {
          await database.drop();
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  },
  600_000,
);

async function begin(database: TestDatabase, folder: string): Promise<World> {
  const rows = await walletRows(database);
  const { unique } = await catalogue(database);
  return {
    database,
    folder,
    coins: new Map(rows.map(({ user, coins }) => [user, coins])),
    uniqueIndexes: unique,
    strangers: 0,
    cutOff: [],
  };
}

async function perform(world: World, step: Command): Promise<void> {
  const { database } = world;
  if (step.kind === "stranger") return welcome(world);
  if (step.kind === "earn") return earn(world, step.coins);
  if (step.kind === "verify") return expectVerdict(database);
  if (step.kind === "resume") return resume(world);
  const before = await catalogue(database);
  try {
    if (step.kind === "cut") await applyTo(database.url, await planOf(database.url));
    else if (step.kind === "rollback") await goBack(database, step.option);
    else if (step.kind === "crash-cut") await crashCut(world, step.at);
    else await crashRollback(world, step.option, step.at);
  } catch (error) {
    if (!isNewDayError(error) || !REFUSALS.has(error.code)) throw error;
    expect(await catalogue(database), `refused by ${error.code}`).toEqual(before);
  }
}

async function welcome(world: World): Promise<void> {
  const user = `stranger-${world.strangers++}`;
  const { key } = await catalogue(world.database);
  const arrival = world.database.db.query(
    "insert into public.wallets (user_id, game_coins) values ($1, 77)",
    [user],
  );
  if (key) await expect(arrival).rejects.toMatchObject({ code: "23503" });
  else {
    await arrival;
    world.coins.set(user, 77);
  }
}

async function earn({ database, coins: purses }: World, coins: number): Promise<void> {
  const [row] = await database.db.query<{ user: string }>(
    `update public.wallets set game_coins = game_coins + $1
      where user_id = (select min(user_id) from public.wallets) returning user_id as user`,
    [coins],
  );
  if (row) purses.set(row.user, (purses.get(row.user) ?? 0) + coins);
}

async function expectVerdict(database: TestDatabase): Promise<void> {
  const { key } = await catalogue(database);
  const { verified } = await withRepairConnection(database.url, "test", (client) =>
    verify(client, repair),
  );
  expect(verified).toBe(key === undefined);
}

async function goBack(database: TestDatabase, way: (typeof OPTIONS)[number]): Promise<void> {
  const view = await withRepairConnection(database.url, "test", (client) =>
    readRollback(client, repair),
  );
  if (view.keys.length === 0) return;
  await runRollback({
    target: database.url,
    repair,
    view,
    option: way,
    emit: silent,
    budgetMs: 20_000,
    operator: "test",
    reason: "test",
  });
}

async function crashCut(world: World, killAt: number): Promise<void> {
  const { database, folder } = world;
  const plan = await planOf(database.url);
  const path = `${folder}/${plan.id}.json`;
  writePlanFile(path, plan);
  world.cutOff = ["--plan", path, "--backup-attested", "test", ...confirmations(plan)];
  await runWatched(database, ["apply", ...world.cutOff], killAt);
  await untilSessionsEnd(database);
}

async function crashRollback({ database }: World, way: string, killAt: number): Promise<void> {
  const [row] = await database.db.query<{ n: string }>(
    "select count(*)::text as n from public.wallets w where not exists (select from public.players p where p.id = w.user_id)",
  );
  const args = [
    "rollback",
    "--option",
    way,
    "--confirm-database",
    database.name,
    "--confirm-environment",
    "test",
    "--confirm-strangers",
    row?.n ?? "",
  ];
  const { status, output } = await runWatched(database, args, killAt);
  expect([null, 0, 9, 11], output).toContain(status);
  await untilSessionsEnd(database);
}

/** As an operator would, with what the last crashed apply was called with; any honest answer will do. */
async function resume({ database, cutOff }: World): Promise<void> {
  const before = await catalogue(database);
  const { status, output } = await runWatched(database, ["resume", ...cutOff]);
  expect([0, 2, 4, 5, 11], output).toContain(status);
  if (status !== 0) expect(await catalogue(database), output).toEqual(before);
}

interface CatalogueState {
  /** Undefined when it is gone. */
  readonly key: { readonly valid: boolean } | undefined;
  readonly unique: string;
}

async function catalogue({ db }: TestDatabase): Promise<CatalogueState> {
  const [key] = await db.query<{ valid: boolean }>(
    `select convalidated as valid from pg_constraint where conname = '${KEY}'`,
  );
  const [row] = await db.query<{ unique: string }>(
    `select string_agg(indexrelid::regclass || ' ' || indisvalid || ' ' || indisprimary, ',' order by 1) as unique
       from (select * from pg_index where indisunique and indrelid in
              ('public.wallets'::regclass, 'public.players'::regclass) order by indexrelid) i`,
  );
  return { key, unique: row?.unique ?? "" };
}

/** Every wallet wherever it is: in its table, or put aside by a quarantine. */
async function walletRows({ db }: TestDatabase): Promise<{ user: string; coins: number }[]> {
  const sides = await db.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'newday' and tablename like 'quarantine%'",
  );
  const tables = ["public.wallets", ...sides.map(({ name }) => name)];
  const parts = tables.map((name) => `select user_id as user, game_coins as coins from ${name}`);
  return db.query(`${parts.join(" union all ")} order by 1`);
}

async function expectSound(
  { database, coins, uniqueIndexes }: World,
  step: Command,
): Promise<void> {
  const label = JSON.stringify(step);
  const { key, unique } = await catalogue(database);
  expect(unique, label).toBe(uniqueIndexes);
  const rows = await walletRows(database);
  expect(rows.length, label).toBe(coins.size);
  expect(new Map(rows.map((row) => [row.user, row.coins])), label).toEqual(coins);
  const [players] = await database.db.query<{ n: number }>(
    "select count(*)::int as n from public.players where nickname <> 'newday-repair-stub'",
  );
  expect(players?.n, label).toBe(200);
  expect(await told(database), label).toMatchObject({ present: key !== undefined });
  const { valid } = await told(database);
  if (valid !== undefined && key) expect(key.valid, label).toBe(valid);
}

/** What the journal says about the key when it is replayed; the rows of crashed runs included. */
async function told({ db, url }: TestDatabase) {
  const state: { present: boolean; valid: boolean | undefined } = { present: true, valid: true };
  const [table] = await db.query<{ absent: boolean }>(
    "select to_regclass('newday.repair_events') is null as absent",
  );
  if (table?.absent) return state;
  const events = await readEvents(db);
  expect(events.every(({ intact }) => intact)).toBe(true);
  await withRepairConnection(url, "test", readRuns);
  // A key that was NOT VALID when it was dropped comes back as it was.
  let wasValid = true;
  for (const { kind, body } of events) {
    const facts = JSON.parse(body) as { status?: string; dropped?: { definition: string }[] };
    if (kind === "step" && facts.dropped) {
      wasValid = facts.dropped.every(({ definition }) => !definition.endsWith("NOT VALID"));
      Object.assign(state, { present: false, valid: undefined });
    }
    if (kind !== "rollback") continue;
    if (facts.status === "added") Object.assign(state, { present: true, valid: undefined });
    if (facts.status === "ROLLED_BACK") state.valid = wasValid;
    if (facts.status === "ROLLED_BACK_NOT_VALID") state.valid = false;
  }
  return state;
}
