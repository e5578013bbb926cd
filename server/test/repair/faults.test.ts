/** Faults of the machine under the tool: a halt, a full disk, a changed clock, an edited file. */
import { spawnSync } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, vi } from "vitest";
import {
  isLocalJournalIntact,
  openLocalJournal,
  readLocalJournal,
} from "../../src/repair/journal/local-journal.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { writePlanFile } from "../../src/repair/plan/plan-file.ts";
import type { Plan } from "../../src/repair/model/plan.ts";
import type { TestDatabase } from "../support/database.ts";
import { isCutBatch, startWireProxy } from "../support/wire-proxy.ts";
import { until } from "../support/until.ts";
import { applyTo, confirmations, factsOf, keysOf, newday, startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { onTestFinished } from "../support/test-end.ts";

const CLI = fileURLToPath(new URL("../../bin/newday.mjs", import.meta.url));
/** The server ends a transaction without a client after 15 s; a loaded machine may be slower. */
const IDLE_TIMEOUT_MS = 15_000;
const GIVEN_UP_MS = 45_000;
/** Against hanging: dozens of processes, one after the other. */
const SLOW_MACHINE_MS = 600_000;

beforeAll(() => {
  newday(["explain", "B01"]);
});

/** How many locks the tool holds on the tables of the repair. */
async function locksHeld({ db }: TestDatabase): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'relation' and l.relation in ('public.wallets'::regclass, 'public.players'::regclass)
        and a.application_name like 'newday-repair%'`,
  );
  return row?.n ?? 0;
}

// They mostly wait for the server, each on a database of its own.
const SIDE_BY_SIDE = { concurrent: true } as const;

describe.each(["pg15", "pg18"] as const)(
  "a runner that stands still on %s",
  SIDE_BY_SIDE,
  (server) => {
    async function stopAt(database: TestDatabase, moment: (chunk: Buffer) => boolean) {
      const plan = await planOf(database.url);
      const folder = useFolder();
      writePlanFile(`${folder}/plan.json`, plan);
      const state = { stop: () => {}, stopped: false };
      const proxy = await startWireProxy({
        server: database.server,
        judge(chunk) {
          if (!state.stopped && moment(chunk)) {
            state.stopped = true;
            state.stop();
          }
          return "pass";
        },
      });
      onTestFinished(() => proxy.close());
      const runner = startNewday([
        "apply",
        "--plan",
        `${folder}/plan.json`,
        "--backup-attested",
        "test",
        ...confirmations(plan),
        "--database-url",
        `postgres://${database.server.user}@127.0.0.1:${proxy.port}/${database.name}`,
      ]);
      state.stop = () => runner.child.kill("SIGSTOP");
      onTestFinished(() => void runner.child.kill("SIGKILL"));
      await until(() => state.stopped);
      return runner;
    }

    it("loses its fence to the idle timeout, blocks no player meanwhile, and says that nothing was changed", async () => {
      const database = await useLegacyDatabase(server);
      const before = await factsOf(database);
      const { child, ended, output } = await stopAt(database, (chunk) =>
        chunk.toString("latin1").includes("savepoint before_cut"),
      );
      await until(async () => (await locksHeld(database)) > 0);
      await database.db.query("update public.wallets set game_coins = game_coins");
      const heldMs = await until(async () => (await locksHeld(database)) === 0);
      expect(heldMs).toBeGreaterThan(IDLE_TIMEOUT_MS / 3);
      child.kill("SIGCONT");
      expect(await ended, output()).toBe(4);
      expect(output()).toContain("nothing was changed");
      expect(await factsOf(database)).toEqual(before);
    });

    it("has either done all or nothing when it stops at the batch, and knows which when it goes on", async () => {
      const database = await useLegacyDatabase(server);
      const { child, ended, output } = await stopAt(database, isCutBatch);
      await until(async () => (await keysOf(database)).length === 0);
      // The server shows a commit a moment before it gives back the locks of it.
      await until(async () => (await locksHeld(database)) === 0);
      child.kill("SIGCONT");
      expect(await ended, output()).toBe(0);
    });
  },
);

/** Runs the command with a limit on the size of its files: the disk is full at that byte. */
function onFullDisk(blocksOf512: number, args: readonly string[]) {
  const limited = 'ulimit -f "$0"; exec "$@"';
  const { status, stdout, stderr } = spawnSync(
    "sh",
    ["-c", limited, String(blocksOf512), process.execPath, CLI, "repair", ...args],
    { encoding: "utf8", env: { PATH: process.env["PATH"], HOME: process.env["HOME"], LANG: "C" } },
  );
  return { status, output: stdout + stderr };
}

function applyOptions(database: TestDatabase, plan: Plan, folder: string): string[] {
  writePlanFile(`${folder}/plan.json`, plan);
  return [
    "apply",
    "--plan",
    `${folder}/plan.json`,
    "--backup-dir",
    `${folder}/backups`,
    ...confirmations(plan),
    "--database-url",
    database.url,
  ];
}

describe("a full disk", () => {
  it(
    "under the local journal changes nothing or is only a warning, and the journal goes on later",
    async () => {
      const seen = new Set<number | null>();
      for (const blocks of [0, 1, 3, 5, 7, 8, 9, 10, 12, 14, 18]) {
        const database = await useLegacyDatabase();
        const before = await factsOf(database);
        const folder = useFolder();
        const args = [
          ...applyOptions(database, await planOf(database.url), folder),
          "--backup-attested",
          "test",
        ];
        const { status, output } = onFullDisk(blocks, args);
        const after = await factsOf(database);
        seen.add(status);
        if (status === 0) expect(after.keys, output).toEqual([]);
        else {
          expect(status, output).toBe(4);
          expect(output).toContain("nothing was changed");
          expect(after).toEqual(before);
        }
        expect(newday(args).status).toBe(status === 0 ? 11 : 0);
        expect({ ...(await factsOf(database)), keys: before.keys }).toEqual(before);
        const records = readLocalJournal(`${folder}/backups/repair-journal.jsonl`);
        expect(isLocalJournalIntact(records)).toBe(true);
        expect(records.at(-1)?.body).toContain(status === 0 ? "satisfied" : "repaired");
        expect((await readEvents(database.db)).every(({ intact }) => intact)).toBe(true);
      }
      expect(seen).toEqual(new Set([0, 4]));
    },
    SLOW_MACHINE_MS,
  );

  it("under the backup refuses the change, and leaves no file that looks like a backup", async () => {
    const database = await useLegacyDatabase();
    const before = await factsOf(database);
    const folder = useFolder();
    const args = applyOptions(database, await planOf(database.url), folder);
    const { status, output } = onFullDisk(40, args);
    expect(status, output).toBe(3);
    expect(output).toContain("The backup failed, nothing was changed");
    expect(await factsOf(database)).toEqual(before);
    expect(readdirSync(`${folder}/backups`).filter((name) => name.includes(".dump"))).toEqual([]);
    expect(newday(args).status).toBe(0);
  });
});

describe("a clock that jumps back", () => {
  it("does not make the tool wait longer than its budget, and breaks no chain", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const folder = useFolder();
    const local = openLocalJournal(`${folder}/journal.jsonl`);
    const now = new Date();
    await database.db.transaction(async (tx) => {
      await tx.query("select 1 from public.wallets");
      vi.useFakeTimers({ toFake: ["Date"] });
      onTestFinished(() => void vi.useRealTimers());
      const applying = applyTo(database.url, plan, { budgetMs: 1_500, local, now });
      const ended = applying.catch((error: unknown) => error);
      await sleep(700);
      vi.setSystemTime(Date.now() - 3_600_000);
      // An hour, had it waited by that clock.
      const late = sleep(GIVEN_UP_MS, "still waiting", { ref: false });
      expect(await Promise.race([ended, late])).toMatchObject({ code: "repair_blocked" });
    });
    vi.useRealTimers();
    expect((await applyTo(database.url, plan, { local })).outcome).toBe("repaired");
    local.close();
    expect(isLocalJournalIntact(readLocalJournal(`${folder}/journal.jsonl`))).toBe(true);
    expect((await readEvents(database.db)).every(({ intact }) => intact)).toBe(true);
  });

  it("does not bring a plan to life that was made in its future", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const yesterday = new Date(Date.parse(plan.createdAt) - 24 * 3_600_000);
    await expect(applyTo(database.url, plan, { now: yesterday })).rejects.toMatchObject({
      code: "repair_plan_stale",
    });
    expect((await factsOf(database)).keys).toHaveLength(1);
  });
});

describe("an edited journal", () => {
  it("in the database is told by status, with an exit code of its own", async () => {
    const database = await useLegacyDatabase();
    await applyTo(database.url, await planOf(database.url));
    expect(newday(["status", "--database-url", database.url]).status).toBe(0);
    await database.db.query("alter table newday.repair_events disable trigger user");
    await database.db.query(
      "update newday.repair_events set body = replace(body, 'test', 'tent') where seq = 1",
    );
    const { status, stdout } = newday(["status", "--database-url", database.url]);
    expect(status).toBe(6);
    expect(stdout).toContain("the journal was edited");
  });

  it("beside the tool stops the run before it writes on, and is kept as it is", async () => {
    const database = await useLegacyDatabase();
    const folder = useFolder();
    const args = [
      ...applyOptions(database, await planOf(database.url), folder),
      "--backup-attested",
      "test",
    ];
    const path = `${folder}/backups/repair-journal.jsonl`;
    expect(newday(args).status).toBe(0);
    const edited = readFileSync(path, "utf8").replace("attested", "attestet");
    writeFileSync(path, edited);
    const { status, stderr } = newday(args);
    expect(status, stderr).toBe(3);
    expect(stderr).toContain("repair-journal.jsonl was edited");
    expect(readFileSync(path, "utf8")).toBe(edited);
  });

  it("that a crash cut short in the middle of a line is no edit, and goes on after it", () => {
    const path = `${useFolder()}/journal.jsonl`;
    const first = openLocalJournal(path);
    first.append("run", "step", '{"status":"intent"}');
    first.close();
    appendFileSync(path, readFileSync(path, "utf8").slice(0, -4));
    const second = openLocalJournal(path);
    second.append("run", "step", '{"status":"done"}');
    second.close();
    const records = readLocalJournal(path);
    expect(records.map(({ body }) => body)).toEqual(['{"status":"intent"}', '{"status":"done"}']);
    expect(isLocalJournalIntact(records)).toBe(true);
  });
});
