/** Roles and servers that keep no journal, or nothing at all: known before the work, and afterwards. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { openLocalJournal } from "../../src/repair/journal/local-journal.ts";
import { localJournalPath } from "../../src/repair/journal/recorded-events.ts";
import { writePlanFile } from "../../src/repair/plan/plan-file.ts";
import type { TestDatabase } from "../support/database.ts";
import { onTestFinished } from "../support/test-end.ts";
import { applyTo, newday, startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { useOwner } from "./owner.ts";
import { useSession } from "./session.ts";

beforeAll(() => {
  newday(["explain", "B01"]);
});

/** Runs commands side by side; their exit codes and output. */
async function runAll(url: string, lines: readonly string[][]) {
  const runs = lines.map((line) => startNewday([...line, "--database-url", url]));
  return Promise.all(runs.map(async (run) => [await run.ended, run.output()] as const));
}

async function useRole({ name, db, url }: TestDatabase): Promise<string> {
  const role = `reader_of_${name}`;
  await db.query(`create role ${role} login`);
  onTestFinished(() => db.query(`drop role ${role}`));
  return url.replace(/\/\/[^@]*@/, `//${role}@`);
}

it("F5: a role that may keep no journal is a finding with the grant; the local file serves each command", async () => {
  const database = await useLegacyDatabase();
  const url = await useOwner(database);
  const role = `owner_of_${database.name}`;
  await database.db.query(`revoke create on database "${database.name}" from ${role}`);
  const plan = await planOf(url);
  const [finding] = plan.findings.filter(({ id }) => id === "W48");
  expect(finding?.evidence.en).toContain(`grant create on database`);
  const backupDir = useFolder();
  const local = openLocalJournal(localJournalPath(backupDir));
  await applyTo(url, plan, { local });
  local.close();
  const id = plan.id.slice(0, 8);
  const [status, report, resume, nowhere] = await runAll(url, [
    ["status", "--backup-dir", backupDir],
    ["report", "--backup-dir", backupDir],
    ["resume", "--backup-dir", backupDir],
    ["status"],
  ]);
  expect(status).toEqual([0, expect.stringContaining(`run ${id} wallets: VERIFIED_DB`)]);
  expect(report).toEqual([0, expect.stringContaining(plan.id)]);
  expect(resume).toEqual([11, expect.stringContaining("No run is unfinished")]);
  expect(nowhere).toEqual([0, expect.stringContaining("no repair is journaled")]);
});

it("F5: a schema `newday` that belongs to another role is the same finding, and no fault in the middle", async () => {
  const database = await useLegacyDatabase();
  const url = await useOwner(database);
  await database.db.query("create schema newday");
  const plan = await planOf(url);
  const [finding] = plan.findings.filter(({ id }) => id === "W48");
  expect(finding?.evidence.en).toContain("grant usage, create on schema newday to");
  const { outcome } = await applyTo(url, plan);
  expect(outcome).toBe("repaired");
});

it("F4: resume without an unfinished run says so, and every end has its final status", async () => {
  const { url } = await useLegacyDatabase();
  const [resume, backup, apply, chinese] = await runAll(url, [
    ["resume"],
    ["backup"],
    ["apply"],
    ["resume", "--lang", "zh"],
  ]);
  expect(resume).toEqual([11, expect.stringContaining("No run is unfinished")]);
  expect(backup?.[0]).toBe(2);
  expect(apply).toEqual([2, expect.stringContaining("apply needs a plan")]);
  expect(chinese?.[1]).toContain("没有未完成的运行");
  for (const [, output] of [resume, backup, apply, chinese].filter((each) => each !== undefined))
    expect(output).toMatch(/^= /m);
});

it("F7: a server that takes no writes is B02 before a dump is made", async () => {
  const { url, name, db } = await useLegacyDatabase();
  const folder = useFolder();
  const path = join(folder, "plan.json");
  writePlanFile(path, await planOf(url));
  await db.query(`alter database "${name}" set default_transaction_read_only = on`);
  const dumps = join(folder, "dumps");
  const options = ["--plan", path, "--backup-dir", dumps];
  for (const [status, output] of await runAll(url, [
    ["backup", ...options],
    ["rehearse", ...options],
  ])) {
    expect([status, output]).toEqual([3, expect.stringContaining("B02")]);
    expect(output).not.toContain("counted, dumped");
  }
  expect(existsSync(dumps)).toBe(false);
});

it("F9: a start that is hidden is said, not printed as a value to copy; an empty one is refused", async () => {
  const database = await useLegacyDatabase();
  const url = await useOwner(database);
  const reader = await useSession(database, "report");
  await reader.script("begin; select 1 from public.wallets");
  const [listed, empty] = await runAll(url, [
    ["unblock"],
    ["unblock", "--pid", "1", "--started", "", "--reason", "x", "--lang", "zh"],
  ]);
  expect(listed).toEqual([
    0,
    expect.stringMatching(/pid \d+ \(its start is hidden .*pg_read_all_stats/),
  ]);
  expect(listed?.[1]).not.toContain("null");
  expect(empty).toEqual([2, expect.stringContaining("--started 时间")]);
});

it("F11: a rehearsal of a plan that is fulfilled makes no dump", async () => {
  const { url } = await useLegacyDatabase();
  const folder = useFolder();
  const plan = await planOf(url);
  const path = join(folder, "plan.json");
  writePlanFile(path, plan);
  await applyTo(url, plan);
  const dumps = join(folder, "dumps");
  const [rehearsed, done] = await runAll(url, [
    ["rehearse", "--plan", path, "--backup-dir", dumps],
    ["notify", "--kind", "done", "--print"],
  ]);
  expect(rehearsed).toEqual([11, expect.stringContaining("nothing to rehearse")]);
  expect(existsSync(dumps)).toBe(false);
  expect(done?.[1]).toContain("Not adopted yet");
});

it("F8: verify that could not try the behaviour ends with 6 and says so", async () => {
  const database = await useLegacyDatabase();
  await applyTo(database.url, await planOf(database.url));
  const url = await useRole(database);
  await database.db.query("grant usage on schema public to public");
  const [verified, unverified] = [
    ...(await runAll(database.url, [["verify"]])),
    ...(await runAll(url, [["verify"]])),
  ];
  expect(verified?.[0]).toBe(0);
  expect(unverified).toEqual([6, expect.stringContaining("NOT VERIFIED")]);
});
