/** Databases with unusual settings, objects and encodings. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import { applyTo, factsOf, newday, startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { findBlocking } from "./plan-support.ts";
import { useTestDatabase } from "../support/database.ts";
import { onTestFinished } from "../support/test-end.ts";

const ON_DATABASE = (setting: string) =>
  `do $$ begin execute format('alter database %I set ${setting}', current_database()); end $$;`;

const KEY_OF_A_PARTITION = `drop table public.wallets;
  create table public.wallets (id text default gen_random_uuid(), user_id text not null,
    primary key (user_id, id), unique (user_id)) partition by hash (user_id);
  create table public.wallets_0 partition of public.wallets for values with (modulus 2, remainder 0);
  create table public.wallets_1 partition of public.wallets for values with (modulus 2, remainder 1);
  alter table public.wallets_1 add constraint own foreign key (user_id) references public.players (id);`;

describe("settings of the database", () => {
  it.each(["pg15", "pg18"] as const)(
    "do not end a look that takes longer than idle clients may, on %s",
    async (server) => {
      // A plan counts for a whole second what the tables are used, in its transaction.
      const limits = ON_DATABASE("idle_in_transaction_session_timeout = 900");
      const { url } = await useLegacyDatabase(
        server,
        `${limits} ${ON_DATABASE("idle_session_timeout = 900")}
         ${server === "pg18" ? ON_DATABASE("transaction_timeout = 900") : ""}`,
      );
      expect(newday(["plan", "--database-url", url], useFolder()).status).toBe(0);
    },
  );

  it("do not make a proof green by switching the keys off", async () => {
    const setting = ON_DATABASE("session_replication_role = replica");
    const database = await useLegacyDatabase("pg15", setting);
    const checks = await withRepairConnection(database.url, "verify", async (client) => {
      const verification = await verify(client, findRepair("wallets"));
      return verification.checks.filter(({ id }) => id === "behaviour").map(({ ok }) => ok);
    });
    expect(checks).toEqual([false]);
  });
});

it("an inspection whose session is ended from outside says so, with the final status", async () => {
  const database = await useLegacyDatabase();
  const migration = await database.db.connect("migration");
  await migration.query("begin");
  await migration.query("lock table public.wallets in access exclusive mode");
  const run = startNewday(["inspect", "--database-url", database.url]);
  // Ended while it waits for the table, so that it is in the middle of its look. It waits for less
  // than a second: the server itself watches for it.
  await database.db.query(
    `do $$ begin
       loop
         perform pg_stat_clear_snapshot();
         perform pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name like 'newday-repair%'
             and wait_event_type = 'Lock';
         exit when found;
         perform pg_sleep(0.005);
       end loop;
     end $$`,
  );
  await migration.query("rollback");
  await migration.close();
  expect(await run.ended, run.output()).toBe(4);
  expect(run.output()).toContain("connection to the database was lost");
  expect(run.output()).toMatch(/1 foreign key of this repair PRESENT .*\n$/);
  expect(run.output()).not.toMatch(/^ +at /m);
});

describe("a key of one partition alone", () => {
  it("stops a plan, and no last line says that nothing keeps external users out", async () => {
    const { url } = await useLegacyDatabase("pg15", KEY_OF_A_PARTITION);
    expect(findBlocking(await planOf(url))).toEqual(["B21"]);
    const { status, stdout } = newday(["plan", "--database-url", url], useFolder());
    expect(status).toBe(3);
    expect(stdout.trimEnd().split("\n").at(-1)).toContain(
      `another key still keeps external users out: public.wallets_1 "own" (B21)`,
    );
    expect(newday(["verify", "--database-url", url]).status).toBe(6);
  });
});

it("a plan for a partitioned table promises no freeze that its server cannot do", async () => {
  const ofAll = KEY_OF_A_PARTITION.replace(
    "table public.wallets_1 add",
    "table public.wallets add",
  );
  const { url } = await useLegacyDatabase("pg15", ofAll);
  const { status, stdout } = newday(["plan", "--database-url", url], useFolder());
  expect(status).toBe(0);
  expect(stdout).toContain("freeze (NOT VALID): closed, a partitioned table takes none before 18");
});

describe("the row of an external user that is tried", () => {
  it.each(["pg15", "pg18"] as const)(
    "goes past triggers without schema names, checks and other keys on %s",
    async (server) => {
      const database = await useLegacyDatabase(
        server,
        `create table public.seen (who text);
         create function public.note() returns trigger language plpgsql as
           $$ begin insert into seen values (new.user_id); return new; end $$;
         create trigger note before insert on public.wallets for each row execute function note();
         create table public.currencies (code text primary key);
         insert into public.currencies values ('gold');
         alter table public.wallets add currency text references public.currencies,
           add rank int check (rank between 10 and 99), add span int4range, add slot int unique;
         update public.wallets set currency = 'gold', rank = 10, span = '[1,2)';
         update public.wallets w set slot = n from
           (select id, row_number() over () n from public.wallets) x where x.id = w.id;
         alter table public.wallets alter currency set not null, alter rank set not null,
           alter span set not null, alter slot set not null;`,
      );
      await applyTo(database.url, await planOf(database.url));
      expect(await factsOf(database)).toMatchObject({ keys: [], wallets: 182 });
      expect(await database.db.query("select from public.seen")).toEqual([]);
      expect(newday(["verify", "--database-url", database.url]).status).toBe(0);
    },
  );
});

it("a database that cannot hold every word of ours is repaired, and its journal keeps the words", async () => {
  const host = await useTestDatabase({ server: "pg15", template: "empty" });
  const name = `${host.name}_latin`;
  await host.db.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
  onTestFinished(() => host.db.query(`drop database ${name} with (force)`));
  const url = host.url.replace(host.name, name);
  await withRepairConnection(url, "fixture", (client) =>
    client.script(
      `create table public.players (id text primary key);
       create table public.wallets (id serial primary key, user_id text not null unique,
         constraint "clé" foreign key (user_id) references public.players)`,
    ),
  );
  const evidence = "快照 abc";
  await applyTo(url, await planOf(url), { backup: { kind: "attested", evidence, actor: "test" } });
  const file = join(useFolder(), "report.md");
  const report = newday(["report", "--database-url", url, "--out", file]);
  expect(report.stdout).toContain("foreign keys of this repair ABSENT since");
  expect(readFileSync(file, "utf8")).toContain(evidence);
  expect(newday(["status", "--database-url", url]).stdout).toContain("journal intact");
});

it("what unblock offers against a prepared transaction can be typed, whatever its name is", async () => {
  const database = await useLegacyDatabase();
  const gid = `stuck 'one' of ${database.name}`;
  await withRepairConnection(database.url, "fixture", (client) =>
    client.script(
      `begin; select 1 from public.wallets limit 1; prepare transaction '${gid.replaceAll("'", "''")}'`,
    ),
  );
  const { stdout } = newday(["unblock", "--database-url", database.url]);
  const typed = /rollback prepared .+/.exec(stdout)?.[0] ?? "";
  await withRepairConnection(database.url, "fixture", (client) => client.query(typed));
  expect(newday(["unblock", "--database-url", database.url]).stdout).not.toContain("prepared");
});
