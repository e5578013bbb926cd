/** Controlling a run from another terminal: real processes, a real blocker, and the final state. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { openDirectClient } from "../../src/db/driver/direct-client.ts";
import { abortRun } from "../../src/repair/apply/control-client.ts";
import { serveControl } from "../../src/repair/apply/control-server.ts";
import { controlFolder } from "../../src/repair/apply/control-folder.ts";
import { silent } from "../../src/repair/model/events.ts";
import { lockRunner } from "../../src/repair/journal/runner-lock.ts";
import { runnerPurpose } from "../../src/repair/journal/runner-process.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { writePlanFile } from "../../src/repair/plan/plan-file.ts";
import type { TestDatabase } from "../support/database.ts";
import { useProxy } from "../support/use-proxy.ts";
import { isCutBatch } from "../support/wire-proxy.ts";
import { until } from "../support/until.ts";
import { confirmations, factsOf, holdAsOld, keysOf, newday, startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

beforeAll(() => {
  newday(["explain", "B01"]);
});

/** Through a proxy that holds the answer to the change; who uses it must not block this process. */
function heldLine(database: TestDatabase, answer: Promise<void>): Promise<string> {
  return useProxy(database, { hold: (chunk) => (isCutBatch(chunk) ? answer : undefined) });
}

/** An apply that waits for a reader of wallets, and offers to be steered. */
async function waitingApply(lineTo = async ({ url }: TestDatabase) => url) {
  const database = await useLegacyDatabase("pg15");
  const plan = await planOf(database.url);
  const reader = await openDirectClient({
    target: database.url,
    applicationName: "report",
    connectTimeoutMs: 10_000,
  });
  onTestFinished(() => reader.close());
  await holdAsOld(reader, "select 1 from public.wallets");
  const folder = useFolder();
  writePlanFile(`${folder}/plan.json`, plan);
  const run = startNewday([
    "apply",
    "--plan",
    `${folder}/plan.json`,
    "--backup-attested",
    "test",
    "--database-url",
    await lineTo(database),
    ...confirmations(plan),
  ]);
  onTestFinished(() => void run.child.kill("SIGKILL"));
  const id = plan.id.slice(0, 8);
  await until(() => run.output().includes(`abort ${id}`));
  const said = async () => (await readEvents(database.db)).filter(({ kind }) => kind === "control");
  return { database, plan, reader, run, id, said };
}

it("is aborted by its id: both terminals say that nothing was changed, and the journal says who", async () => {
  const { database, plan, run, id, said } = await waitingApply();
  // Not where this process has its own: the commands of the tests are given no TMPDIR.
  const folder = `/tmp/newday-repair-${userInfo().uid}`;
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, `${plan.id}.sock`)).mode & 0o777).toBe(0o600);
  expect(newday(["abort", "ffffffff"]).status).toBe(3);
  expect(newday(["abort", id.slice(0, 4)]).status).toBe(2);
  expect(newday(["status", "--database-url", database.url]).stdout).toContain(`live run ${id}`);

  const aborted = newday(["abort", id, "--reason", "the shop is on air"]);
  expect(aborted.status, aborted.stderr).toBe(0);
  expect(aborted.stdout).toContain("nothing was changed");
  expect(aborted.stdout.trim().split("\n").at(-1)).toContain(
    "1 foreign key of this repair PRESENT",
  );
  expect(await run.ended).toBe(4);
  expect(run.output()).toContain("from another terminal (the shop is on air)");
  expect((await factsOf(database)).keys).toHaveLength(1);
  expect((await said()).map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { verb: "abort", by: userInfo().username, reason: "the shop is on air" },
  ]);
  expect(newday(["status", "--database-url", database.url]).stdout).toContain("BLOCKED");
  expect(newday(["abort", id]).status).toBe(3);
});

it("is aborted too late: the command arrives after the change, and the answer says so", async () => {
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const { database, reader, run, id } = await waitingApply((of) => heldLine(of, answered));
  await reader.query("commit");
  await until(async () => (await keysOf(database)).length === 0);
  const abort = startNewday(["abort", id]);
  await until(() => abort.output().includes("has heard it"));
  answer();
  expect(await abort.ended, abort.output()).toBe(8);
  expect(abort.output()).toContain("too late");
  expect(abort.output().trim().split("\n").at(-1)).toContain("ABSENT");
  expect(await run.ended, run.output()).toBe(0);
});

it("ends although a terminal has connected and says nothing, and is not waited for by it", async () => {
  const runId = randomUUID();
  const server = await serveControl(runId, () => {
    throw new Error("nobody asks");
  });
  const path = `/tmp/newday-repair-${userInfo().uid}/${runId}.sock`;
  const mute = connect(path);
  const closed = once(mute, "close");
  await once(mute, "connect");
  await server?.close(() => Promise.resolve({ changed: false, truth: { en: "", zh: "" } }));
  await closed;
  const late = abortRun({ runId, path }, { verb: "abort", by: "test" }, () => undefined);
  await expect(late).rejects.toThrow("has ended meanwhile");
});

it("D3: of several starts in one moment one wins, and it can be paused and aborted", async () => {
  const database = await useLegacyDatabase("pg15");
  const plan = await planOf(database.url);
  const folder = useFolder();
  writePlanFile(`${folder}/plan.json`, plan);
  const reader = await openDirectClient({
    target: database.url,
    applicationName: "report",
    connectTimeoutMs: 10_000,
  });
  onTestFinished(() => reader.close());
  await holdAsOld(reader, "select 1 from public.wallets");
  const attested = ["--plan", `${folder}/plan.json`, "--backup-attested", "test"];
  const runs = Array.from({ length: 4 }, () =>
    startNewday(["apply", ...attested, "--database-url", database.url, ...confirmations(plan)]),
  );
  for (const { child } of runs) onTestFinished(() => void child.kill("SIGKILL"));
  const id = plan.id.slice(0, 8);
  await until(() => runs.some(({ output }) => output().includes(`abort ${id}`)));
  const winner = runs.find(({ output }) => output().includes(`abort ${id}`));
  const losers = runs.filter((run) => run !== winner);
  for (const { ended, output } of losers) {
    expect(await ended, output()).toBe(4);
    expect(output()).toContain("Another repair runs");
  }
  expect(newday(["pause", id]).status).toBe(0);
  expect(newday(["abort", id]).status).toBe(0);
  expect(await winner?.ended, winner?.output()).toBe(4);
  expect(await keysOf(database)).toHaveLength(1);
});

it("D3: a start that does not win the lock leaves the socket of its plan alone", async () => {
  const database = await useLegacyDatabase("pg15");
  const plan = await planOf(database.url);
  const folder = useFolder();
  writePlanFile(`${folder}/plan.json`, plan);
  const winner = await openDirectClient({
    target: database.url,
    applicationName: `newday-repair ${runnerPurpose("apply")}`,
    connectTimeoutMs: 10_000,
  });
  onTestFinished(() => winner.close());
  await lockRunner(winner, { emit: silent });
  // What the winner's socket looks like in the moment before it listens.
  const path = join(controlFolder() ?? "", `${plan.id}.sock`);
  writeFileSync(path, "");
  onTestFinished(() => rmSync(path, { force: true }));
  const attested = ["--plan", `${folder}/plan.json`, "--backup-attested", "test"];
  const loser = newday([
    "apply",
    ...attested,
    "--database-url",
    database.url,
    ...confirmations(plan),
  ]);
  expect(loser.status, loser.stderr).toBe(4);
  expect(existsSync(path)).toBe(true);
});

it("is paused without holding a lock, although the way is free, until it may continue", async () => {
  const { database, reader, run, id, said } = await waitingApply();
  expect(newday(["pause", id]).status).toBe(0);
  await until(() => run.output().includes("newday.mjs repair continue`"));
  await reader.query("commit");
  await sleep(1_000);
  expect((await factsOf(database)).keys).toHaveLength(1);
  const [held] = await database.db.query(
    "select count(*)::int as locks from pg_locks l join pg_stat_activity a using (pid) where a.application_name like 'newday-repair%' and a.datname = current_database() and l.locktype = 'relation'",
  );
  expect(held).toEqual({ locks: 0 });
  expect(newday(["status", "--database-url", database.url]).stdout).toContain(", held");
  expect(newday(["continue", id]).status).toBe(0);
  expect(await run.ended, run.output()).toBe(0);
  expect((await factsOf(database)).keys).toEqual([]);
  expect((await said()).map(({ body }) => (JSON.parse(body) as { verb: string }).verb)).toEqual([
    "pause",
    "continue",
  ]);
});

it("is postponed for a while and goes on by itself", async () => {
  const { database, reader, run, id } = await waitingApply();
  expect(newday(["postpone", id]).status).toBe(2);
  expect(newday(["postpone", id, "--for", "2s"]).status).toBe(0);
  await until(() => run.output().includes("Held by"));
  await reader.query("commit");
  expect(await run.ended, run.output()).toBe(0);
  expect((await factsOf(database)).keys).toEqual([]);
});
