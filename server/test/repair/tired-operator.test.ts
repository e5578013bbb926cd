/** Severity 2 of the repair's findings: what a tired operator reads on the screen, in both languages. */
import { beforeAll, expect, it } from "vitest";
import { printable } from "../../src/lib/printable.ts";
import { findRun } from "../../src/repair/journal/run-story.ts";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import type { TestDatabase } from "../support/database.ts";
import { applyTo, confirmations, newday, startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

beforeAll(() => {
  newday(["explain", "B01"]);
});

const ESCAPE = "\u001b[31m";

function runOn({ url }: TestDatabase, folder = useFolder()) {
  return (...args: string[]) => newday([...args, "--database-url", url], folder);
}

it("the environment is never guessed: without one the plan ends with 2 and names the option", async () => {
  const { url } = await useLegacyDatabase();
  for (const [language, words] of [
    ["en", "Which environment is this database?"],
    ["zh", "该数据库属于哪个环境？"],
  ] as const) {
    const line = ["plan", "--database-url", url, "--lang", language];
    const plan = startNewday(line, { NEWDAY_ENVIRONMENT: "" });
    expect(await plan.ended, plan.output()).toBe(2);
    expect(plan.output()).toContain(words);
    expect(plan.output()).toContain("--environment production");
    expect(plan.output()).not.toContain("PRODUCTION");
  }
});

it("the database's marker names the environment", async () => {
  const { url, name, db } = await useLegacyDatabase();
  await db.query(`alter database "${name}" set newday.environment = 'staging'`);
  const line = ["plan", "--database-url", url, "--out", `${useFolder()}/plan.json`];
  const plan = startNewday(line, { NEWDAY_ENVIRONMENT: "" });
  await plan.ended;
  expect(plan.output()).toContain("STAGING");
});

it("the printed lines leave the facts to be typed, and say which they are", async () => {
  const database = await useLegacyDatabase();
  const run = runOn(database);
  const { stdout } = run("plan", "--out", "plan.json");
  const [line = ""] = /^ {2}.*repair apply .*$/m.exec(stdout) ?? [];
  expect(line).toContain("--plan plan.json");
  expect(line).not.toContain("--confirm");
  expect(stdout).toContain("It asks for the database, the environment and the plan's short hash.");
  await applyTo(database.url, await planOf(database.url));
  const [rollback = ""] =
    /repair rollback --repair .*--option NAME\S* ?\S*/.exec(run("rollback", "--plan").stdout) ?? [];
  expect(rollback).not.toContain("--confirm");
});

it("what may be run again is said, an external user is explained, and the counts agree", async () => {
  const run = runOn(await useLegacyDatabase());
  const { stdout } = run("plan");
  expect(stdout).toContain("every command of the repair can be run again");
  expect(stdout).toContain("An external user is a user of another platform");
  const [, kept] = /unchanged: (\d+) foreign keys of and to these tables/.exec(stdout) ?? [];
  const listed = run("inspect").stdout.match(/^· = stays /gm) ?? [];
  expect(listed).toHaveLength(Number(kept));
  const chinese = run("plan", "--lang", "zh").stdout;
  expect(chinese).not.toMatch(/栅栏|阶梯|可安全地再次执行/);
});

it("the plan says whether `wallets` is enough, and what the larger repair opens", async () => {
  const { stdout } = runOn(await useLegacyDatabase())("plan");
  expect(stdout).toContain("Enough for New Day's server");
  expect(stdout).toMatch(
    /external users still cannot .*list an item for sale.*--repair all-user-paths/,
  );
  const all = runOn(await useLegacyDatabase())("plan", "--repair", "all-user-paths");
  expect(all.stdout).not.toContain("Enough for New Day's server");
});

it("each term of the risk has a line of its own, and the scale stands beside the score", async () => {
  const { stdout } = runOn(await useLegacyDatabase())("plan");
  expect(stdout).toMatch(
    /low: 2 \(low below 8, high from 25; the product of\)\n +2 {2}ACCESS EXCLUSIVE/,
  );
});

it("names with quotes and escape sequences are printed safely", async () => {
  const database = await useLegacyDatabase();
  await database.db.query(
    `alter table public.wallets rename constraint wallets_user_id_players_id_fk to "we""ird ${ESCAPE}"`,
  );
  const run = runOn(database);
  for (const args of [["inspect"], ["plan", "--out", "plan.json"], ["verify"], ["status"]]) {
    const { stdout, stderr } = run(...args);
    expect([args, (stdout + stderr).includes(ESCAPE)]).toEqual([args, false]);
    expect(stdout).toContain(String.raw`"we""ird \u001b[31m"`);
  }
  expect(printable("a\u202eb\u0007\n\tc")).toBe("a\\u202eb\\u0007\n\tc");
});

it("the done notice carries the time of the change, not that of sending", async () => {
  const database = await useLegacyDatabase();
  await applyTo(database.url, await planOf(database.url));
  const run = await findRun(database.db);
  const cut = run?.steps.find(({ step }) => step === "cut");
  const { stdout } = runOn(database)("notify", "--print");
  expect(stdout).toContain(`was finished at ${cut?.at}`);
});

it("a notice that was sent by hand is vouched for, and its box shows by whom", async () => {
  const database = await useLegacyDatabase();
  const run = runOn(database);
  const early = run("notify", "--sent-by-hand", "call of 10:00");
  expect([early.status, early.stderr]).toEqual([3, expect.stringContaining("key")]);
  await applyTo(database.url, await planOf(database.url));
  const told = run("notify", "--sent-by-hand", "call of 10:00 with Ms Li");
  expect(told.status, told.stderr).toBe(0);
  expect(told.stdout).toContain('✎ Notice "done" sent by hand');
  expect(run("report").stdout).toMatch(/✎.*(\n.*)?call of 10:00 with Ms Li/);
  expect(run("status").stdout).toContain("NOTIFIED");
});

it("a stale plan names what moved in words, in both languages", async () => {
  const database = await useLegacyDatabase();
  const folder = useFolder();
  const run = runOn(database, folder);
  run("plan", "--out", "plan.json");
  await database.db.query(
    "alter table public.players add column vip boolean not null default false",
  );
  const facts = confirmations(readPlanFile(`${folder}/plan.json`).plan);
  for (const [language, words] of [
    ["en", "+ column of public.players: vip boolean, not null, default false\n"],
    ["zh", "+ public.players 的列：vip boolean, not null, default false\n"],
  ] as const) {
    const line = ["apply", "--plan", "plan.json", "--backup-attested", "x", "--lang", language];
    const { status, stderr } = run(...line, ...facts);
    expect([status, stderr]).toEqual([5, expect.stringContaining(words)]);
  }
});

it("F14: views of the tables in a schema beside theirs leave no doubt about the schema", async () => {
  const views = ["wallets", "players"].map(
    (name) => `create view shown.${name} as select * from public.${name};`,
  );
  const { url } = await useLegacyDatabase("pg15", `create schema shown; ${views.join(" ")}`);
  expect((await planOf(url)).target.schema).toBe("public");
});

it("F14: the help names the adoption, and shows a default in the form that the option takes", () => {
  for (const [args, words] of [
    [["--help"], "point of no return"],
    [["apply", "--help"], "point of no return"],
    [["watch", "--help"], "default: 1m"],
  ] as const)
    expect(newday([...args]).stdout.replaceAll(/\s+/g, " ")).toContain(words);
});
