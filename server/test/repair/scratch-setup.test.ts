/** A4, A5, A12, A15, X2, D10: the scratch server is like the target, and blames no whole dump. */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clusterOwner, initializeCluster, startCluster } from "../../src/db/cluster.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { readDatabaseSetup, type DatabaseLocale } from "../../src/repair/backup/database-setup.ts";
import { withScratchServer } from "../../src/repair/backup/scratch-server.ts";
import { takeBackup } from "../../src/repair/backup/take-backup.ts";
import { verifyBackup } from "../../src/repair/backup/verify-backup.ts";
import { silent } from "../../src/repair/model/events.ts";
import { rehearse } from "../../src/repair/rehearse/rehearse.ts";
import { useTestDatabase } from "../support/database.ts";
import { onTestFinished } from "../support/test-end.ts";
import { until } from "../support/until.ts";
import { startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

const BIN = "/usr/lib/postgresql/15/bin";

const TWO_TABLES = `create table public.players (id text primary key);
  create table public.wallets (id serial primary key, user_id text not null unique
    references public.players);
  insert into public.players values ('p'); insert into public.wallets (user_id) values ('p');`;

async function proofOf(url: string) {
  const plan = await planOf(url);
  const backup = await takeBackup({ target: url, plan, folder: useFolder(), full: true });
  return verifyBackup({ backup, emit: silent });
}

describe("A4: a policy for a named role", () => {
  it("is restored with a role of that name", async () => {
    const database = await useLegacyDatabase();
    const role = `anon of "${database.name}"`;
    const quoted = `"${role.replaceAll('"', '""')}"`;
    await database.db.query(`create role ${quoted}`);
    onTestFinished(async () => {
      await database.db.query("drop policy named on public.wallets");
      await database.db.query(`drop role ${quoted}`);
    });
    await database.db.query(`create policy named on public.wallets to ${quoted} using (true)`);
    expect((await proofOf(database.url)).tables).toBeGreaterThan(1);
  });
});

describe("A5: a table in a tablespace", () => {
  it("is restored on the one disk of the scratch server", async () => {
    const database = await useLegacyDatabase();
    const space = `fast_${database.name}`;
    await withRepairConnection(database.url, "fixture", async (client) => {
      await client.query("set allow_in_place_tablespaces = on");
      await client.query(`create tablespace ${space} location ''`);
      await client.query(`alter table public.wallets set tablespace ${space}`);
    });
    onTestFinished(async () => {
      await database.db.query("alter table public.wallets set tablespace pg_default");
      await database.db.query(`drop tablespace ${space}`);
    });
    expect((await proofOf(database.url)).tables).toBeGreaterThan(1);
  });
});

describe("X2: the locale of the database", () => {
  it.each([
    ["libc", "lc_collate 'C' lc_ctype 'C.UTF-8'"],
    ["icu", "locale_provider icu icu_locale 'und' lc_collate 'C' lc_ctype 'C'"],
  ])("is the copy's too: %s", async (provider, options) => {
    const host = await useTestDatabase({ server: "pg15", template: "empty" });
    const name = `${host.name}_${provider}`;
    await host.db.query(`create database ${name} template template0 encoding 'UTF8' ${options}`);
    onTestFinished(() => host.db.query(`drop database ${name} with (force)`));
    const url = host.url.replace(host.name, name);
    await withRepairConnection(url, "fixture", (client) =>
      client.script(`${TWO_TABLES}
        alter table public.wallets add title text check (title ~ '^[[:alpha:]]+$'),
          add lowered text generated always as (lower(title)) stored;
        update public.wallets set title = 'ÉTÉ';`),
    );
    expect((await proofOf(url)).rows).toBe(2);
  });
});

describe("X2: what a scratch server of another version takes over", () => {
  it.each<[string, DatabaseLocale]>([
    ["builtin", { collate: "C", ctype: "C", provider: "builtin", name: "C.UTF-8", icuRules: null }],
    ["ICU rules", { collate: "C", ctype: "C", provider: "icu", name: "und", icuRules: "&a < g" }],
  ])("%s", async (_, locale) => {
    const found = await withScratchServer(18, undefined, async (server) => {
      const target = await server.create("copy", { setup: { encoding: "UTF8", locale } });
      return withRepairConnection(target, "test", readDatabaseSetup);
    });
    expect(found.locale).toEqual(locale);
  });
});

it("X2: settings of the database and of the role are those of the restored copy", async () => {
  const database = await useLegacyDatabase(
    "pg15",
    `create schema app; create table app.limits (most int); insert into app.limits values (9);
     create function public.below(int) returns boolean language plpgsql stable as
       $f$ begin return (select $1 < most * current_setting('app.factor')::int from limits); end $f$;
     create function public.check_below() returns trigger language plpgsql as
       $f$ begin if not below(1) then raise 'too many'; end if; return new; end $f$;
     create trigger check_below before insert on public.wallets for each row execute function public.check_below();`,
  );
  for (const setting of [
    "search_path = public, app",
    "app.factor = 3",
    "timezone = 'Asia/Shanghai'",
  ])
    await database.db.query(`alter database ${database.name} set ${setting}`);
  const plan = await planOf(database.url);
  const backup = await takeBackup({ target: database.url, plan, folder: useFolder(), full: true });
  expect(backup.setup.settings?.map(({ name }) => name).toSorted()).toEqual([
    "TimeZone",
    "app.factor",
    "search_path",
  ]);
  const { rollbacks } = await rehearse({ backup, tool: "test", emit: silent });
  expect(rollbacks.filter(({ outcome }) => outcome === "failed")).toEqual([]);
});

it("A12: a dump that this machine cannot restore is called whole, with both ways on", async () => {
  const { url } = await useLegacyDatabase(
    "pg15",
    `create function public.known(text) returns boolean language sql as
       'select exists (select from players)';
     alter table public.wallets add constraint known check (public.known(user_id));`,
  );
  const error: unknown = await proofOf(url).catch((cause: unknown) => cause);
  expect(String(error)).toContain("was read to its last byte");
  expect(String(error)).toMatch(/--pg-bin FOLDER.*--backup-attested/);
  expect(String(error)).not.toContain("not good");
});

/** More than the lock table of 10 locks for each of 10 sessions and its reserve hold. */
const TABLES = 4_000;

it("A15: a lock table that is too small is named, with both ways on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "newday-locks-"));
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const dataDir = join(folder, "data");
  initializeCluster({ binDir: BIN, dataDir, superuser: "newday" });
  const cluster = await startCluster({
    binDir: BIN,
    dataDir,
    socketDir: folder,
    port: 5432,
    superuser: "newday",
    settings: { fsync: "off", max_locks_per_transaction: 10, max_connections: 10 },
  });
  onTestFinished(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `postgres://newday@/postgres?host=${encodeURIComponent(folder)}`;
  await withRepairConnection(url, "fixture", async (client) => {
    await client.script(TWO_TABLES);
    await client.query(`do $$ begin for n in 1..${TABLES} loop
      execute format('create table public.t_%s ()', n); commit; end loop; end $$`);
  });
  await expect(proofOf(url)).rejects.toThrow(
    /lock table is too small.*max_locks_per_transaction.*--backup-attested/s,
  );
});

it("D10: a run that is killed leaves no copy of the rows behind", async () => {
  const { url } = await useLegacyDatabase();
  const temporary = useFolder();
  chmodSync(temporary, 0o711); // the server may be another user
  const plan = join(temporary, "plan.json");
  const scratches = () =>
    readdirSync(temporary).filter((name) => name.startsWith("newday-scratch"));
  const planned = startNewday(["plan", "--out", plan, "--database-url", url]);
  expect(await planned.ended, planned.output()).toBe(0);
  const run = startNewday(
    ["backup", "--plan", plan, "--backup-dir", join(temporary, "dumps"), "--database-url", url],
    { TMPDIR: temporary },
  );
  await until(() => scratches().some((name) => readdirSync(join(temporary, name)).length > 2));
  run.child.kill("SIGKILL");
  await run.ended;
  await until(() => scratches().length === 0);
});

it("D10: a copy that a lost machine left behind is named with the command that removes it", async () => {
  const { url } = await useLegacyDatabase();
  const temporary = useFolder();
  chmodSync(temporary, 0o711); // the server may be another user
  const left = join(temporary, "newday-scratch-left");
  const dump = join(temporary, "old.dump.unfinished");
  mkdirSync(left);
  writeFileSync(join(left, "run.json"), JSON.stringify({ boot: "before", namespace: "", pid: 1 }));
  writeFileSync(dump, "rows");
  utimesSync(dump, 0, 0);
  const plan = join(temporary, "plan.json");
  const on = ["--database-url", url];
  const run = async (...args: string[]) => {
    const started = startNewday([...args, ...on], { TMPDIR: temporary });
    expect(await started.ended, started.output()).toBe(0);
    return started.output();
  };
  expect(await run("status")).toContain(`rm -rf ${left}`);
  expect(await run("status", "--lang", "zh")).toContain(`请删除：rm -rf ${left}`);
  await run("plan", "--out", plan);
  const output = await run("backup", "--plan", plan, "--backup-dir", temporary);
  expect(output).toContain(`rm -rf ${left}`);
  expect(output).toContain(`rm -rf ${dump}`);
  rmSync(left, { recursive: true });
  expect(await run("status")).not.toContain("rm -rf");
});
