/** One journal serves several operators, several schemas and several repairs. */
import { describe, expect, it } from "vitest";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import { onTestFinished } from "../support/test-end.ts";
import { applyTo, confirmations, newday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

const KEY = "wallets_user_id_players_id_fk";
const APPLY = ["apply", "--plan", "plan.json", "--backup-attested", "a test"];

/** Tables of one owner; `dba1` and `dba2` are members of that owner and nothing else. */
async function useTwoOperators() {
  const database = await useLegacyDatabase();
  const { db, server, name } = database;
  const [owner, first, second] = ["owner", "dba1", "dba2"].map((word) => `${word}_${name}`);
  const roles = [owner, first, second].map((role) => `"${role}"`);
  for (const role of roles) await db.query(`create role ${role} login`);
  for (const role of roles.slice(1)) await db.query(`grant ${roles[0]} to ${role}`);
  await db.query(`grant create on database "${name}" to ${roles.join(", ")}`);
  await db.query(`grant usage, create on schema public to ${roles.join(", ")}`);
  const tables = await db.query<{ table: string }>(
    "select oid::regclass::text as table from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
  );
  for (const { table } of tables) await db.query(`alter table ${table} owner to ${roles[0]}`);
  onTestFinished(async () => {
    await db.query(`drop owned by ${roles.join(", ")} cascade`).catch(() => undefined);
    for (const role of roles) await db.query(`drop role ${role}`).catch(() => undefined);
  });
  const as = (role = "") => `postgres://${role}@/${name}?host=${server.host}&port=${server.port}`;
  return { ...database, urls: { owner: as(owner), first: as(first), second: as(second) } };
}

describe("X1: the journal that one operator made", () => {
  it("serves a second operator and the tables' owner: every command reads, goes on and rolls back", async () => {
    const { urls, db } = await useTwoOperators();
    const folder = useFolder();
    newday(["plan", "--out", "plan.json", "--database-url", urls.first], folder);
    const facts = confirmations(readPlanFile(`${folder}/plan.json`).plan);
    const applied = newday([...APPLY, ...facts, "--database-url", urls.first], folder);
    expect(applied.status, applied.stderr).toBe(0);
    for (const url of [urls.second, urls.owner])
      for (const [verb = "", ...args] of [
        ["status"],
        ["inspect"],
        ["verify"],
        ["report"],
        ["rollback", "--plan"],
        ["watch"],
        ["notify", "--print"],
      ]) {
        const { status, stderr } = newday([verb, ...args, "--database-url", url], folder);
        expect(status, `${verb} ${stderr}`).toBe(0);
      }
    const resumed = newday(
      ["resume", ...APPLY.slice(1), ...facts, "--database-url", urls.second],
      folder,
    );
    expect(resumed.status, resumed.stderr).toBe(11);
    await db.query("insert into public.wallets (user_id) values ('external')");
    const rolled = newday(
      [
        "rollback",
        "--option",
        "quarantine",
        ...facts.slice(0, 4),
        "--confirm-strangers",
        "1",
        "--database-url",
        urls.owner,
      ],
      folder,
    );
    expect(rolled.status, rolled.stderr).toBe(0);
    const planned = newday(["plan", "--out", "again.json", "--database-url", urls.second], folder);
    expect(planned.status, planned.stderr).toBe(0);
  }, 240_000);

  it("is refused with the grant that is missing where its maker shared it with no role", async () => {
    const { urls, db, name } = await useTwoOperators();
    await applyTo(urls.first, await planOf(urls.first));
    await db.query(`revoke all on schema newday from "owner_${name}"`);
    const status = newday(["status", "--database-url", urls.second]);
    expect(status.status, status.stderr).toBe(3);
    expect(status.stderr).toContain(`belongs to dba1_${name}`);
    expect(status.stderr).toContain("grant usage, create on schema newday");
    expect(newday(["verify", "--database-url", urls.second]).status).toBe(0);
    // Its maker shares it again with the next command that writes.
    expect(newday(["watch", "--database-url", urls.first]).status).toBe(0);
    expect(newday(["status", "--database-url", urls.second]).status).toBe(0);
  });
});

describe("D1: two schemas with the tables of a repair", () => {
  it("are repaired, told and rolled back each by its own rows of the journal", async () => {
    const { db, url } = await useLegacyDatabase(
      "pg15",
      `create schema app2;
       create table app2.players (id text primary key);
       create table app2.wallets (id serial primary key, user_id text not null unique,
         constraint app2_fk foreign key (user_id) references app2.players (id))`,
    );
    const folder = useFolder();
    const run = (...args: string[]) => newday([...args, "--database-url", url], folder);
    for (const schema of ["app2", "public"]) {
      expect(run("plan", "--out", `${schema}.json`, "--schema", schema).status).toBe(0);
      const facts = confirmations(readPlanFile(`${folder}/${schema}.json`).plan);
      const applied = run(
        "apply",
        "--plan",
        `${schema}.json`,
        "--backup-attested",
        "a test",
        ...facts,
      );
      expect(applied.status, applied.stderr).toBe(0);
      expect(applied.stdout.trim().split("\n").at(-1)).toContain("ABSENT since");
    }
    const plan = readPlanFile(`${folder}/app2.json`).plan;
    const rolled = run(
      "rollback",
      "--schema",
      "app2",
      "--option",
      "exact",
      ...confirmations(plan).slice(0, 4),
      "--confirm-strangers",
      "0",
    );
    expect(rolled.status, rolled.stderr).toBe(0);
    const keys = await db.query<{ name: string }>(
      "select conrelid::regclass || ' ' || conname as name from pg_constraint where contype = 'f' and conname in ('app2_fk', $1)",
      [KEY],
    );
    expect(keys).toEqual([{ name: "app2.wallets app2_fk" }]);
    expect(run("status", "--schema", "public").stdout.trim().split("\n").at(-1)).toContain(
      "ABSENT since",
    );
  }, 120_000);
});
