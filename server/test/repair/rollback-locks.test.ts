/** D5: the locks of a rollback cover catalogue changes only; rows are counted and moved beside clients. */
import { describe, expect, it } from "vitest";
import type { DirectClient } from "../../src/db/driver/direct-client.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { silent } from "../../src/repair/model/events.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import type { OptionName } from "../../src/repair/rollback/options.ts";
import { findOpenRollback, settleRollback } from "../../src/repair/rollback/resume-rollback.ts";
import { runRollback } from "../../src/repair/rollback/rollback.ts";
import { readRollback, type RollbackView } from "../../src/repair/rollback/view.ts";
import type { TestDatabase } from "../support/database.ts";
import { useProxy } from "../support/use-proxy.ts";
import { applyTo, factsOf, holdAsOld } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";
import { useSession } from "./session.ts";

const repair = findRepair("wallets");
const KEY = "wallets_user_id_players_id_fk";

async function useRepaired(externalUsers: number): Promise<TestDatabase> {
  const database = await useLegacyDatabase("pg15");
  await applyTo(database.url, await planOf(database.url));
  await database.db.query(
    "insert into public.wallets (user_id, game_coins) select 'external-' || n, 77 from generate_series(1, $1::int) n",
    [externalUsers],
  );
  return database;
}

function viewOf({ url }: TestDatabase): Promise<RollbackView> {
  return withRepairConnection(url, "test", (client) => readRollback(client, repair));
}

function rollBack(
  target: string,
  view: RollbackView,
  { option, budgetMs = 10_000 }: { readonly option: OptionName; readonly budgetMs?: number },
) {
  const request = { target, repair, view, option, emit: silent, budgetMs };
  return runRollback({ ...request, operator: "test", reason: "test" });
}

/** The messages that the command sends, as text. */
async function useMessages(database: TestDatabase) {
  const messages: string[] = [];
  const url = await useProxy(database, {
    judge(chunk) {
      messages.push(chunk.toString("latin1"));
      return "pass";
    },
  });
  return { url, messages };
}

/** Words of every statement that reads the rows of both tables. */
const ANTI_JOIN = "not exists (select from";

it.each([
  ["exact", 0],
  ["freeze", 2],
  ["no-action", 0],
  ["quarantine", 2],
  ["stubs", 2],
] as const)("D5: %s reads no row under its lock", async (option, externalUsers) => {
  const database = await useRepaired(externalUsers);
  const view = await viewOf(database);
  const { url, messages } = await useMessages(database);
  await rollBack(url, view, { option });
  const locked = messages.filter((text) => text.includes("share row exclusive mode"));
  expect(locked.length).toBeGreaterThan(0);
  for (const text of locked) {
    expect(text).not.toContain(ANTI_JOIN);
    expect(text).not.toContain("count(");
    expect(text).not.toContain("validate constraint");
    expect(text).toContain("not valid");
  }
  const settled = messages.filter((text) => text.includes(ANTI_JOIN));
  expect(settled.length > 0).toBe(option === "quarantine" || option === "stubs");
});

it("D5: writers go on while the key is validated", async () => {
  const database = await useRepaired(0);
  const view = await viewOf(database);
  await database.db.query(
    `create function public.stop_at_valid() returns event_trigger language plpgsql as
       $f$ begin
         if exists (select from pg_constraint where conname = '${KEY}' and convalidated) then
           perform pg_advisory_lock(5);
         end if;
       end $f$`,
  );
  await database.db.query(
    "create event trigger stop_at_valid on ddl_command_end when tag in ('ALTER TABLE') execute function public.stop_at_valid()",
  );
  const gate = await useSession(database, "gate");
  await gate.query("select pg_advisory_lock(5)");
  const rolling = rollBack(database.url, view, { option: "exact" });
  await expect.poll(() => waitersFor(database, "advisory")).toBe(1);
  await database.db.query("update public.wallets set game_coins = game_coins + 1");
  await database.db.query("insert into public.players (id, nickname) values ('new', 'new')");
  await database.db.query("insert into public.wallets (user_id) values ('new')");
  await gate.query("select pg_advisory_unlock(5)");
  expect(await rolling).toMatchObject({ state: "ROLLED_BACK" });
});

async function waitersFor({ db }: TestDatabase, locktype: string): Promise<number> {
  const rows = await db.query(
    `select from pg_locks l join pg_stat_activity a using (pid)
      where not l.granted and l.locktype = $1 and a.datname = current_database()`,
    [locktype],
  );
  return rows.length;
}

async function holdUpdate(session: DirectClient): Promise<void> {
  await session.query("begin");
  await session.query("update public.wallets set game_coins = 99 where user_id = 'external-1'");
}

it("D5: the quarantine stores the version that it deletes, a payment of that moment included", async () => {
  const database = await useRepaired(1);
  const view = await viewOf(database);
  const { url, messages } = await useMessages(database);
  // Once the key is back: before it, the payment would hold up the lock.
  const game = await useSession(database, "game");
  const gate = await useSession(database, "gate");
  await gate.query("begin");
  await gate.query("lock table public.wallets in row exclusive mode");
  const rolling = rollBack(url, view, { option: "quarantine", budgetMs: 60_000 });
  await holdUpdate(game);
  await gate.query("commit");
  await game.query("commit");
  expect(await rolling).toMatchObject({ state: "ROLLED_BACK" });
  expect(messages.some((text) => text.includes("returning c.*"))).toBe(true);
  const [{ name } = { name: "" }] = await database.db.query<{ name: string }>(
    "select c.oid::regclass::text as name from pg_class c where relname like 'quarantine%'",
  );
  expect(await database.db.query(`select game_coins from ${name}`)).toEqual([{ game_coins: 99 }]);
});

describe("an external user who came after the count", () => {
  it("D5: leaves the keys NOT VALID only while they cannot be dropped, and `resume` withdraws them", async () => {
    const database = await useRepaired(0);
    const view = await viewOf(database);
    await database.db.query("insert into public.wallets (user_id) values ('external-1')");
    const reader = await useSession(database, "report");
    await holdAsOld(reader, "select 1 from public.wallets");
    const end = rollBack(database.url, view, { option: "exact", budgetMs: 2_000 });
    await expect(end).rejects.toMatchObject({ code: "repair_incomplete" });
    expect((await factsOf(database)).keys).toEqual([KEY]);
    await reader.query("commit");
    const open = findOpenRollback(await readEvents(database.db));
    if (!open) throw new Error("the rollback is open");
    await expect(settleRollback(database.url, open, silent)).rejects.toMatchObject({
      code: "rollback_refused",
    });
    expect((await factsOf(database)).keys).toEqual([]);
  });
});
