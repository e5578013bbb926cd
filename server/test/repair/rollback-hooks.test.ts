/** A rollback option keeps its promise whatever triggers, deferred checks and types the tables have. */
import { describe, expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { silent } from "../../src/repair/model/events.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import type { OptionName } from "../../src/repair/rollback/options.ts";
import { runRollback } from "../../src/repair/rollback/rollback.ts";
import { readRollback, type RollbackView } from "../../src/repair/rollback/view.ts";
import { readFinalStatus } from "../../src/repair/verify/final-status.ts";
import type { TestDatabase } from "../support/database.ts";
import { applyTo, factsOf } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";

const repair = findRepair("wallets");
const LEDGER = `create table public.coin_ledger (wallet_id text, coins int);
  insert into public.coin_ledger select 'external-' || n, 5500 from generate_series(1, 2) n;
  create function public.forget() returns trigger language plpgsql as
    $$ begin delete from coin_ledger where wallet_id = old.user_id; return old; end $$;`;
const TRIGGER =
  "create trigger forget after delete on public.wallets for each row execute function public.forget()";

async function useRepaired(extra: string): Promise<TestDatabase> {
  const database = await useLegacyDatabase("pg15", extra);
  await applyTo(database.url, await planOf(database.url));
  return database;
}

async function addExternal({ db }: TestDatabase, ...ids: string[]): Promise<void> {
  for (const id of ids) await db.query("insert into public.wallets (user_id) values ($1)", [id]);
}

function viewOf({ url }: TestDatabase): Promise<RollbackView> {
  return withRepairConnection(url, "test", (client) => readRollback(client, repair));
}

async function rollBack({ url }: TestDatabase, view: RollbackView, option: OptionName) {
  const request = { target: url, repair, view, option, emit: silent, budgetMs: 10_000 };
  return runRollback({ ...request, operator: "test", reason: "test" });
}

function ledgerOf({ db }: TestDatabase) {
  return db.query("select count(*)::int as rows, sum(coins)::int as coins from public.coin_ledger");
}

describe("D6: a trigger that runs on DELETE", () => {
  it("closes the quarantine and is named, and no row of another table is lost", async () => {
    const database = await useRepaired(`${LEDGER} ${TRIGGER};`);
    await addExternal(database, "external-1", "external-2");
    const view = await viewOf(database);
    expect(view.options.find(({ name }) => name === "quarantine")).toMatchObject({
      open: false,
      reason: { en: expect.stringContaining('public.wallets trigger "forget"') },
    });
    await expect(rollBack(database, view, "quarantine")).rejects.toMatchObject({
      code: "rollback_refused",
    });
    expect(await ledgerOf(database)).toEqual([{ rows: 2, coins: 11_000 }]);
  });

  it.each([
    ["after each row", TRIGGER],
    ["before each row", TRIGGER.replace("after delete", "before delete")],
    [
      "once a statement, with a transition table",
      `create function public.forget_all() returns trigger language plpgsql as
         $$ begin delete from coin_ledger l using gone where l.wallet_id = gone.user_id; return null; end $$;
       create trigger forget_all after delete on public.wallets referencing old table as gone
         for each statement execute function public.forget_all()`,
    ],
    [
      "at COMMIT",
      TRIGGER.replace("create trigger", "create constraint trigger").replace(
        "for each row",
        "deferrable initially deferred for each row",
      ),
    ],
    [
      "as a rule",
      `create rule forget as on delete to public.wallets
         do also delete from public.coin_ledger where wallet_id = old.user_id`,
    ],
    ["as a rule instead", "create rule keep as on delete to public.wallets do instead nothing"],
  ])("undoes the move when it came after the query and runs %s", async (_when, hook) => {
    const database = await useRepaired(LEDGER);
    await addExternal(database, "external-1", "external-2");
    const view = await viewOf(database);
    await withRepairConnection(database.url, "test", (client) =>
      client.script(`set search_path = public; ${hook}`),
    );
    await expect(rollBack(database, view, "quarantine")).rejects.toMatchObject({
      code: "rollback_refused",
    });
    expect(await ledgerOf(database)).toEqual([{ rows: 2, coins: 11_000 }]);
    expect(await factsOf(database)).toMatchObject({ wallets: 184, keys: [] });
  });

  it.each(["cascade", "set null", "set default"])(
    "undoes the move when a key with ON DELETE %s came after the query",
    async (action) => {
      const database = await useRepaired("");
      await addExternal(database, "external-1");
      const view = await viewOf(database);
      await withRepairConnection(database.url, "test", (client) =>
        client.script(
          `create table public.notes (wallet_id text default null references public.wallets (user_id) on delete ${action});
           insert into public.notes values ('external-1')`,
        ),
      );
      await expect(rollBack(database, view, "quarantine")).rejects.toMatchObject({
        code: "rollback_refused",
      });
      expect(await database.db.query("select wallet_id from public.notes")).toEqual([
        { wallet_id: "external-1" },
      ]);
      expect(await factsOf(database)).toMatchObject({ wallets: 183, keys: [] });
    },
  );
});

it("rows come back from the quarantine unchanged, or not at all", async () => {
  const database = await useRepaired("");
  await addExternal(database, "external-1");
  const { undo } = await rollBack(database, await viewOf(database), "quarantine");
  await applyTo(database.url, await planOf(database.url));
  await database.db.query(
    `create function public.reset() returns trigger language plpgsql as
       $$ begin new.game_coins := 0; return new; end $$`,
  );
  await database.db.query(
    "create trigger reset before insert on public.wallets for each row execute function public.reset()",
  );
  await expect(database.db.query(undo[0] ?? "")).rejects.toThrow("none was returned");
  await database.db.query("drop trigger reset on public.wallets");
  await database.db.query(undo[0] ?? "");
  expect((await factsOf(database)).wallets).toBe(183);
});

it("A2: a deferred key to the wallets does not stop the move of a row that nothing refers to", async () => {
  const database = await useRepaired(
    `create table public.wallet_log (wallet_id text references public.wallets (id) deferrable initially deferred);`,
  );
  await addExternal(database, "external-1");
  expect(await rollBack(database, await viewOf(database), "quarantine")).toMatchObject({
    state: "ROLLED_BACK",
  });
  expect((await factsOf(database)).wallets).toBe(182);
});

it("X4: stubs differ in every unique column, and one for two rows of one owner is enough", async () => {
  const database = await useRepaired(
    `alter table public.players add username varchar(20);
     update public.players set username = left(md5(id), 20);
     alter table public.players alter username set not null, add unique (username);`,
  );
  await addExternal(database, "external-1", "external-2");
  await rollBack(database, await viewOf(database), "stubs");
  const [row] = await database.db.query<{ n: number }>(
    "select count(*)::int as n from public.players where id like 'external-%'",
  );
  expect(row?.n).toBe(2);
});

it("a trigger that refuses a stub is a refusal with its words, and nothing is changed", async () => {
  const database = await useRepaired(
    `create function public.no_stubs() returns trigger language plpgsql as
       $$ begin raise exception 'players come from the game only'; end $$;
     create trigger no_stubs before insert on public.players for each row execute function public.no_stubs();`,
  );
  await addExternal(database, "external-1");
  await expect(rollBack(database, await viewOf(database), "stubs")).rejects.toMatchObject({
    code: "rollback_refused",
    message: expect.stringContaining("players come from the game only") as string,
  });
  expect((await factsOf(database)).keys).toEqual([]);
});

const RETYPE = (type: string) => `alter table public.players drop constraint players_pkey cascade;
  alter table public.players alter id type ${type}, add primary key (id);
  alter table public.wallets alter user_id type ${type},
    add constraint wallets_user_id_players_id_fk foreign key (user_id) references public.players (id);
  update public.wallets set user_id = upper(user_id::text);`;

describe.each([
  ["citext", `create extension citext; ${RETYPE("public.citext")}`],
  [
    "a collation without case",
    `create collation public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
     ${RETYPE("varchar collate public.ci")}`,
  ],
])("ids in %s", (_words, types) => {
  it("X3: are no external users because of their case: the exact rollback stays open", async () => {
    const database = await useRepaired(types);
    expect(await readFinalStatus(database.url, repair)).toMatchObject({ strangers: 0 });
    const view = await viewOf(database);
    expect(view.state.orphans).toBe(0);
    expect(await rollBack(database, view, "exact")).toMatchObject({ state: "ROLLED_BACK" });
  });
});
