import { describe, expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { readRollback } from "../../src/repair/rollback/view.ts";
import { readFinalStatus } from "../../src/repair/verify/final-status.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import { findBlocking, findingIds } from "./plan-support.ts";
import { applyTo, factsOf } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";

const KEY = "alter table public.wallets rename constraint wallets_user_id_players_id_fk to";

const NAMES = [
  "Wallets_User_FK",
  'say "fk"',
  "it's a key",
  "外键_钱包🐉",
  "x".repeat(63),
  "select",
  "back\\slash; drop table players; --",
];

describe("names", () => {
  it.each(NAMES)("drops the key whatever it is called: %s", async (name) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const database = await useLegacyDatabase("pg15", `${KEY} ${quoted};`);
    expect((await factsOf(database)).keys).toEqual([name]);
    await applyTo(database.url, await planOf(database.url));
    expect(await factsOf(database)).toMatchObject({ keys: [], wallets: 182, players: 200 });
  });

  it("drops every duplicate of the key, and no key of the same name elsewhere", async () => {
    const database = await useLegacyDatabase(
      "pg18",
      `alter table public.wallets add constraint "Second" foreign key (user_id) references public.players (id);
       alter table public.wallets add foreign key (user_id) references public.players (id) on delete set null not valid;
       create schema other;
       create table other.parent (id text primary key);
       create table other.child (user_id text,
         constraint wallets_user_id_players_id_fk foreign key (user_id) references other.parent (id));`,
    );
    const plan = await planOf(database.url);
    expect(plan.keys).toHaveLength(3);
    await applyTo(database.url, plan);
    expect((await factsOf(database)).keys).toEqual([]);
    const [other] = await database.db.query(
      "select count(*)::int as keys from pg_constraint where conrelid = 'other.child'::regclass and contype = 'f'",
    );
    expect(other).toEqual({ keys: 1 });
  });

  it("takes the schema that holds both tables, and asks when several do", async () => {
    const copy = `create schema game;
      alter table public.wallets set schema game;
      alter table public.players set schema game;`;
    const database = await useLegacyDatabase("pg15", copy);
    const plan = await planOf(database.url);
    expect(plan.target.schema).toBe("game");

    await database.db.query("create table public.players (id text primary key)");
    await database.db.query("create table public.wallets (user_id text references public.players)");
    await expect(planOf(database.url)).rejects.toMatchObject({ code: "repair_refused" });
  });
});

describe("shapes", () => {
  it("drops deferrable and NOT VALID keys", async () => {
    const database = await useLegacyDatabase(
      "pg18",
      `alter table public.wallets drop constraint wallets_user_id_players_id_fk;
       alter table public.wallets add constraint later foreign key (user_id)
         references public.players (id) deferrable initially deferred;
       alter table public.wallets add constraint lax foreign key (user_id)
         references public.players (id) not valid;`,
    );
    const plan = await planOf(database.url);
    expect(findingIds(plan)).toContain("W31");
    await applyTo(database.url, plan);
    expect((await factsOf(database)).keys).toEqual([]);
  });

  it("stops before a composite key until the operator says why it may go", async () => {
    const database = await useLegacyDatabase(
      "pg15",
      `alter table public.players add column region text not null default 'eu', add unique (id, region);
       alter table public.wallets drop constraint wallets_user_id_players_id_fk, add column region text;
       alter table public.wallets add constraint pair foreign key (user_id, region)
         references public.players (id, region);`,
    );
    const plan = await planOf(database.url);
    expect(findBlocking(plan)).toEqual(["B22"]);
    await expect(applyTo(database.url, plan)).rejects.toMatchObject({ code: "repair_refused" });

    const accepted = await planOf(database.url, "wallets", new Map([["B22", "regions are gone"]]));
    await applyTo(database.url, accepted);
    expect((await factsOf(database)).keys).toEqual([]);
    // The pair is unknown where only the region is, and bound to nothing without a region.
    await database.db.query(
      `insert into public.wallets (user_id, region) values ('external-1', null);
       update public.wallets set region = 'us' where user_id = (select min(user_id) from public.wallets)`,
    );
    const { state } = await withRepairConnection(database.url, "test", (client) =>
      readRollback(client, findRepair("wallets")),
    );
    expect(state).toMatchObject({ orphans: 1, blockingOrphans: 1 });
    expect(await readFinalStatus(database.url, findRepair("wallets"))).toMatchObject({
      strangers: 1,
      blockingOrphans: 1,
    });
  });

  it("stops before a key of the same column to another table", async () => {
    const database = await useLegacyDatabase(
      "pg15",
      `create table public.accounts (id text primary key);
       insert into public.accounts select user_id from public.wallets;
       alter table public.wallets add foreign key (user_id) references public.accounts (id);`,
    );
    expect(findBlocking(await planOf(database.url))).toEqual(["B21"]);
  });

  it("refuses to start without a full UNIQUE on user_id: a partial or invalid one does not count", async () => {
    const database = await useLegacyDatabase(
      "pg15",
      `alter table public.wallets drop constraint wallets_user_id_unique;
       create unique index partly on public.wallets (user_id) where game_coins > 0;`,
    );
    expect(findBlocking(await planOf(database.url))).toEqual(["B23"]);
    await database.db.query("create unique index fully on public.wallets (user_id)");
    expect(findBlocking(await planOf(database.url))).toEqual([]);
  });

  it("stops where ids of players and external users are numbers of one range", async () => {
    const database = await useLegacyDatabase(
      "pg15",
      `create schema numbers;
       create table numbers.players (id serial primary key);
       create table numbers.wallets (id serial primary key,
         user_id int not null unique references numbers.players (id));
       drop table public.wallets, public.transactions, public.user_inventories, public.market_items,
         public.adventure_items, public.daily_adventures, public.players;`,
    );
    expect(findBlocking(await planOf(database.url))).toEqual(["B27"]);
  });

  it.each(["pg15", "pg18"] as const)("repairs partitioned wallets on %s", async (server) => {
    const database = await useLegacyDatabase(
      server,
      `drop table public.wallets;
       create table public.wallets (id text default gen_random_uuid(), user_id text not null,
         game_coins int not null default 1000, cash_balance int not null default 0,
         computing_power int not null default 0, primary key (user_id, id), unique (user_id),
         constraint tie foreign key (user_id) references public.players (id) on delete cascade)
         partition by hash (user_id);
       create table public.wallets_0 partition of public.wallets for values with (modulus 2, remainder 0);
       create table public.wallets_1 partition of public.wallets for values with (modulus 2, remainder 1);
       insert into public.wallets (user_id) select id from public.players;`,
    );
    const plan = await planOf(database.url);
    expect(plan.locks.map(({ name }) => name)).toEqual([
      "public.wallets",
      "public.wallets_0",
      "public.wallets_1",
      "public.players",
    ]);
    expect(findingIds(plan)).toContain("W24");
    await applyTo(database.url, plan);
    const [left] = await database.db.query(
      "select count(*)::int as keys from pg_constraint where contype = 'f' and conrelid::regclass::text like '%wallets%'",
    );
    expect(left).toEqual({ keys: 0 });
  });

  it.each(["pg15", "pg18"] as const)(
    "repairs keys to partitioned players on %s",
    async (server) => {
      const database = await useLegacyDatabase(
        server,
        `create schema game;
       create table game.players (id text primary key, nickname text) partition by hash (id);
       create table game.players_0 partition of game.players for values with (modulus 2, remainder 0);
       create table game.players_1 partition of game.players for values with (modulus 2, remainder 1);
       insert into game.players select id, nickname from public.players;
       create table game.wallets (id text primary key default gen_random_uuid(), user_id text not null unique
         constraint tie references game.players (id));
       insert into game.wallets (user_id) select id from game.players;
       drop table public.wallets;`,
      );
      await applyTo(database.url, await planOf(database.url));
      const [left] = await database.db.query(
        "select count(*)::int as keys from pg_constraint where contype = 'f' and conrelid = 'game.wallets'::regclass",
      );
      expect(left).toEqual({ keys: 0 });
    },
  );

  it.each(["ledger_wallets", "wallets"])(
    "knows an adopted database with %s, where wallets is a view, and has nothing to do there",
    async (own) => {
      const database = await useLegacyDatabase(
        "pg15",
        `create schema if not exists newday;
       create table newday.${own} (id text primary key, user_id text unique);
       create schema newday_legacy;
       alter table public.wallets drop constraint wallets_user_id_players_id_fk;
       alter table public.wallets set schema newday_legacy;
       create view public.wallets as select id, user_id from newday.${own};`,
      );
      const plan = await planOf(database.url);
      expect(plan.keys).toEqual([]);
      expect(findingIds(plan)).toContain("B20");
      // Adoption leaves the other old tables behind a trigger that refuses every write.
      await database.db.query(
        `create function closed() returns trigger language plpgsql as $f$
         begin raise exception 'read-only'; end $f$;
       create trigger closed before insert on public.user_inventories
         for each statement execute function closed();`,
      );
      const proof = await withRepairConnection(database.url, "test", (client) =>
        verify(client, findRepair("wallets")),
      );
      expect(proof.verified).toBe(true);
      expect(proof.checks.find(({ id }) => id === "behaviour")?.ok).toBeUndefined();
    },
  );

  it("refuses a database that holds no such tables, and one where wallets is a strange view", async () => {
    const database = await useLegacyDatabase(
      "pg15",
      `alter table public.wallets rename to purses; create view public.wallets as select * from public.purses;`,
    );
    await expect(planOf(database.url)).rejects.toMatchObject({ details: { finding: "B04" } });
    await database.db.query("drop view public.wallets");
    await expect(planOf(database.url)).rejects.toMatchObject({ details: { finding: "B04" } });
  });
});
