import { describe, expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { silent } from "../../src/repair/model/events.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import type { OptionName } from "../../src/repair/rollback/options.ts";
import { runRollback } from "../../src/repair/rollback/rollback.ts";
import { readRollback } from "../../src/repair/rollback/view.ts";
import { readFinalStatus } from "../../src/repair/verify/final-status.ts";
import type { TestDatabase } from "../support/database.ts";
import { applyTo, factsOf } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";

const repair = findRepair("wallets");

function look({ url }: TestDatabase) {
  return withRepairConnection(url, "test", (client) => readRollback(client, repair));
}

async function goBack(database: TestDatabase, option: OptionName) {
  return runRollback({
    target: database.url,
    repair,
    view: await look(database),
    option,
    emit: silent,
    budgetMs: 10_000,
    operator: "test",
    reason: "test",
  });
}

async function openOptions(database: TestDatabase): Promise<string[]> {
  const { options } = await look(database);
  return options.filter(({ open }) => open).map(({ name }) => name);
}

async function keyOf({ db }: TestDatabase) {
  const [key] = await db.query<{ definition: string; valid: boolean; comment: string | null }>(
    `select pg_get_constraintdef(oid) as definition, convalidated as valid,
            obj_description(oid, 'pg_constraint') as comment
       from pg_constraint where conname = 'wallets_user_id_players_id_fk'`,
  );
  return key;
}

function addExternalUser({ db }: TestDatabase, id = "stranger") {
  return db.query("insert into public.wallets (user_id, game_coins) values ($1, 77)", [id]);
}

/** The key dropped by hand, by a person who keeps no journal, and an external user. */
async function addWithoutKey(database: TestDatabase): Promise<void> {
  await database.db.query(
    "alter table public.wallets drop constraint wallets_user_id_players_id_fk",
  );
  await addExternalUser(database);
}

describe.each(["pg15", "pg18"] as const)("going back on %s", (server) => {
  async function repaired(extra = ""): Promise<TestDatabase> {
    const database = await useLegacyDatabase(
      server,
      `comment on constraint wallets_user_id_players_id_fk on public.wallets is 'it''s old'; ${extra}`,
    );
    await applyTo(database.url, await planOf(database.url));
    return database;
  }

  it("puts back exactly what was there while no external user has a row", async () => {
    const database = await repaired();
    expect(await openOptions(database)).toEqual(["exact", "freeze", "no-action", "fix-forward"]);
    expect(await goBack(database, "exact")).toMatchObject({ state: "ROLLED_BACK" });
    const key = await keyOf(database);
    expect(key).toMatchObject({ valid: true, comment: "it's old" });
    expect(key?.definition).toContain("ON DELETE CASCADE");
    await expect(addExternalUser(database)).rejects.toMatchObject({ code: "23503" });
    // Up, down, up: the repair can be done again afterwards.
    expect((await applyTo(database.url, await planOf(database.url))).outcome).toBe("repaired");
  });

  it("refuses the exact way from the first external user on, says why, and changes nothing", async () => {
    const database = await repaired();
    await addExternalUser(database);
    const before = await factsOf(database);
    await expect(goBack(database, "exact")).rejects.toMatchObject({
      code: "rollback_refused",
      message: expect.stringContaining("1 row of external users") as string,
    });
    expect(await factsOf(database)).toEqual(before);
    expect(await openOptions(database)).toEqual([
      "freeze",
      "no-action",
      "quarantine",
      "stubs",
      "fix-forward",
    ]);
  });

  it("D5: takes the key away again when an external user came after the count, and refuses", async () => {
    const database = await repaired();
    const view = await look(database);
    await addExternalUser(database);
    const late = runRollback({
      target: database.url,
      repair,
      view,
      option: "exact",
      emit: silent,
      budgetMs: 10_000,
      operator: "test",
      reason: undefined,
    });
    await expect(late).rejects.toMatchObject({
      code: "rollback_refused",
      message: expect.stringContaining("as it was before") as string,
    });
    expect((await factsOf(database)).keys).toEqual([]);
    const { body } =
      (await readEvents(database.db)).findLast(({ kind }) => kind === "rollback") ?? {};
    expect(JSON.parse(body ?? "{}")).toMatchObject({
      option: "exact",
      status: "refused",
      error: expect.stringMatching(/^An external user is in the way: /) as string,
      errorZh: expect.stringMatching(/^有外部用户阻碍：/) as string,
    });
  });

  it("freezes: external users who are in go on, new ones are refused", async () => {
    const database = await repaired();
    await addExternalUser(database);
    expect(await goBack(database, "freeze")).toMatchObject({ state: "ROLLED_BACK_NOT_VALID" });
    expect((await keyOf(database))?.valid).toBe(false);
    await database.db.query("update public.wallets set game_coins = 1 where user_id = 'stranger'");
    await expect(addExternalUser(database, "another")).rejects.toMatchObject({ code: "23503" });
  });

  it("comes back without the cascade that would erase money", async () => {
    const database = await repaired();
    await goBack(database, "no-action");
    expect((await keyOf(database))?.definition).not.toContain("CASCADE");
    await expect(
      database.db.query("delete from public.players where id = 'user-001'"),
    ).rejects.toMatchObject({ code: "23503" });
  });

  it("moves external users aside without losing a coin, and says how to bring them back", async () => {
    const database = await repaired(
      `alter table public.wallets add number int generated always as identity,
         add doubled int generated always as (game_coins * 2) stored;`,
    );
    await addExternalUser(database, "a");
    await addExternalUser(database, "b");
    const rows = "select * from public.wallets where user_id in ('a', 'b') order by user_id";
    const before = await database.db.query(rows);
    const { undo, state } = await goBack(database, "quarantine");
    expect(state).toBe("ROLLED_BACK");
    expect((await factsOf(database)).wallets).toBe(182);
    expect((await keyOf(database))?.valid).toBe(true);

    await applyTo(database.url, await planOf(database.url));
    for (const sql of undo) await database.db.query(sql);
    expect(before).toMatchObject([{ game_coins: 77 }, { game_coins: 77, doubled: 154 }]);
    expect(await database.db.query(rows)).toEqual(before);
  });

  it("offers no stubs whose ids a sequence would hand out to players one day", async () => {
    const database = await repaired(
      `create sequence public.ids;
       alter table public.players alter id set default nextval('public.ids')::text;`,
    );
    await addExternalUser(database);
    await expect(goBack(database, "stubs")).rejects.toThrow("from a sequence");
  });

  it("counts an external user once, however many keys over the column there were, and puts all of them back", async () => {
    const database = await repaired(
      "alter table public.wallets add constraint twin foreign key (user_id) references public.players (id);",
    );
    await addExternalUser(database);
    expect((await look(database)).state.orphans).toBe(1);
    expect(await goBack(database, "quarantine")).toMatchObject({ state: "ROLLED_BACK" });
    expect((await factsOf(database)).keys).toEqual(["twin", "wallets_user_id_players_id_fk"]);
    expect((await factsOf(database)).wallets).toBe(182);
  });

  it("offers no side table where the role may make none", async () => {
    const database = await useLegacyDatabase(server);
    const { keys, environment } = await planOf(database.url);
    await addWithoutKey(database);
    const { options } = await withRepairConnection(database.url, "test", (client) =>
      readRollback(client, repair, { keys, environment }),
    );
    const aside = options.find(({ name }) => name === "quarantine");
    expect(aside).toMatchObject({
      open: false,
      reason: { en: expect.stringContaining("newday") },
    });
  });

  it("refuses to move rows when a cascade would take other tables' rows with them", async () => {
    const database = await repaired(
      `create table public.wallet_log (wallet_id text references public.wallets (id) on delete cascade);`,
    );
    await addExternalUser(database);
    expect(await openOptions(database)).not.toContain("quarantine");
    await expect(goBack(database, "quarantine")).rejects.toThrow("wallet_log");
    expect((await factsOf(database)).wallets).toBe(183);
  });

  it("refuses an option that is closed", async () => {
    const database = await repaired();
    expect(await openOptions(database)).not.toContain("stubs");
    await expect(goBack(database, "stubs")).rejects.toMatchObject({ code: "rollback_refused" });
    expect(await keyOf(database)).toBeUndefined();
  });

  it("puts marked players in for external users, and then no cascade", async () => {
    const database = await repaired();
    await addExternalUser(database);
    await goBack(database, "stubs");
    const [stub] = await database.db.query(
      "select nickname from public.players where id = 'stranger'",
    );
    expect(stub).toEqual({ nickname: "newday-repair-stub" });
    expect(await keyOf(database)).toMatchObject({ valid: true });
    expect((await keyOf(database))?.definition).not.toContain("CASCADE");
  });

  describe("of a key that was NOT VALID, with a row without an owner", () => {
    async function repairedNotValid(): Promise<TestDatabase> {
      const database = await useLegacyDatabase(
        server,
        `alter table public.wallets drop constraint wallets_user_id_players_id_fk;
         insert into public.wallets (user_id) values ('older than the key');
         alter table public.wallets add constraint wallets_user_id_players_id_fk
           foreign key (user_id) references public.players (id) on delete cascade not valid;`,
      );
      await applyTo(database.url, await planOf(database.url));
      return database;
    }

    it("puts it back NOT VALID as the exact option, and says so beforehand", async () => {
      const database = await repairedNotValid();
      expect(await openOptions(database)).toContain("exact");
      const [exact] = (await look(database)).options;
      expect(exact?.effect.en).toContain("stays NOT VALID");
      expect(exact?.effect.zh).toContain("恢复为 NOT VALID");
      const { text } = await readFinalStatus(database.url, repair);
      expect(text.en).toContain("exact rollback open");
      expect(await goBack(database, "exact")).toMatchObject({ state: "ROLLED_BACK_NOT_VALID" });
      const key = await keyOf(database);
      expect(key?.valid).toBe(false);
      expect(key?.definition).toMatch(/ON DELETE CASCADE NOT VALID$/);
      await expect(addExternalUser(database)).rejects.toMatchObject({ code: "23503" });
    });

    it("does not call stubs a whole rollback: the key is as little valid as before", async () => {
      const database = await repairedNotValid();
      expect(await goBack(database, "stubs")).toMatchObject({ state: "ROLLED_BACK_NOT_VALID" });
      expect((await keyOf(database))?.valid).toBe(false);
    });
  });

  it("never restores a dump by itself, and keeps the drop when told to fix forward", async () => {
    const database = await repaired();
    await expect(goBack(database, "restore")).rejects.toMatchObject({ code: "rollback_refused" });
    expect(await goBack(database, "fix-forward")).toMatchObject({ state: "FIX_FORWARD" });
    expect((await factsOf(database)).keys).toEqual([]);
  });
});

it("puts a key that was NOT ENFORCED back NOT ENFORCED", async () => {
  const database = await useLegacyDatabase(
    "pg18",
    `alter table public.wallets alter constraint wallets_user_id_players_id_fk not enforced;`,
  );
  const before = await keyOf(database);
  await applyTo(database.url, await planOf(database.url));
  await addExternalUser(database);
  expect(await goBack(database, "exact")).toMatchObject({ state: "ROLLED_BACK_NOT_VALID" });
  expect(await keyOf(database)).toEqual(before);
});

describe("partitioned wallets before 18", () => {
  async function usePartitioned(): Promise<TestDatabase> {
    const database = await useLegacyDatabase(
      "pg15",
      `drop table public.wallets;
       create table public.wallets (id text default gen_random_uuid(), user_id text not null,
         game_coins int default 1000, cash_balance int default 0, computing_power int default 0,
         primary key (user_id, id), unique (user_id),
         constraint wallets_user_id_players_id_fk foreign key (user_id) references public.players (id))
         partition by hash (user_id);
       create table public.wallets_0 partition of public.wallets for values with (modulus 1, remainder 0);
       insert into public.wallets (user_id) select id from public.players;`,
    );
    await applyTo(database.url, await planOf(database.url));
    return database;
  }

  it("offer no freeze, and go back exactly in one step", async () => {
    const database = await usePartitioned();
    expect(await openOptions(database)).toEqual(["exact", "no-action", "fix-forward"]);
    await goBack(database, "exact");
    expect((await factsOf(database)).keys).toEqual(["wallets_user_id_players_id_fk"]);
  });

  it("A2: move external users aside in that step, deferred keys to the wallets checked first", async () => {
    const database = await usePartitioned();
    await database.db.query(
      `create table public.wallet_log (user_id text references public.wallets (user_id) deferrable initially deferred)`,
    );
    await addExternalUser(database);
    await goBack(database, "quarantine");
    expect(await factsOf(database)).toMatchObject({
      keys: ["wallets_user_id_players_id_fk"],
      wallets: 200,
    });
  });
});
