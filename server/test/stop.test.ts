/** The end of a server after a signal, at every moment. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { homeOf, postmasterPid, useDataFolder } from "./embedded/support.ts";
import { readPostmaster } from "../src/db/cluster.ts";
import { MIGRATION_LOCK } from "../src/db/migrations.ts";
import { useTestDatabase } from "./support/database.ts";
import { buildOnce, startServer } from "./support/server-process.ts";
import { signalProcess } from "./support/signal-process.ts";

beforeAll(buildOnce);

describe("a signal", () => {
  it("that comes while the server starts stops it and its database", async () => {
    const folder = useDataFolder();
    const postmasterFile = () => join(homeOf(folder), "data", "postmaster.pid");
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    while (!existsSync(postmasterFile())) await sleep(5);
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(server.output()).toContain("stopping on SIGTERM");
    expect(existsSync(postmasterFile())).toBe(false);
  });

  it("ends a start that waits for another migration, and posts nothing later", async () => {
    const { db, url } = await useTestDatabase({ server: "pg18", template: "empty" });
    const holder = await db.connect("another-migration");
    await holder.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const server = startServer({ DATABASE_URL: url });
    const waiting = `select count(*)::int as count from pg_locks
      where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;
    await expect.poll(() => db.query(waiting), { timeout: 60_000 }).toEqual([{ count: 1 }]);
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    await holder.close();
    await expect.poll(() => db.query(waiting)).toEqual([{ count: 0 }]);
    const made = await db.query("select to_regclass('newday.schema_migrations') as ledger");
    expect(made).toEqual([{ ledger: null }]);
  });

  it.runIf(process.platform === "linux")(
    "ends a start that waits for a halted PostgreSQL of a killed server",
    async () => {
      const folder = useDataFolder();
      const killed = startServer({ NEWDAY_DATA_DIR: folder });
      await killed.base;
      const postmaster = postmasterPid(folder);
      killed.child.kill("SIGKILL");
      await killed.exited;
      const { socketDir } = readPostmaster(join(homeOf(folder), "data")) ?? {};
      const connections = () =>
        readFileSync("/proc/net/unix", "utf8").split(`${socketDir}/.s.PGSQL`).length;
      await expect.poll(() => hasSessions(postmaster)).toBe(false);
      // A connection that was accepted for the killed server would leave while it is counted.
      await expect.poll(connections).toBe(WITH_THE_LISTENER);
      process.kill(postmaster, "SIGSTOP");
      onTestFinished(() => signalProcess(postmaster, "SIGCONT"));
      const before = connections();
      const server = startServer({ NEWDAY_DATA_DIR: folder });
      await expect.poll(connections).toBeGreaterThan(before); // the kernel accepts for it
      server.child.kill("SIGTERM");
      expect(await server.exited).toBe(0);
      expect(server.output()).toContain("stopping on SIGTERM");
      expect(server.output()).not.toContain("halted");
    },
  );

  it("ends a start whose own PostgreSQL is halted", async () => {
    const folder = useDataFolder();
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    await expect.poll(() => findPostmaster(folder), { interval: 5 }).toBeGreaterThan(0);
    const postmaster = postmasterPid(folder);
    process.kill(postmaster, "SIGSTOP");
    onTestFinished(() => signalProcess(postmaster, "SIGCONT"));
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(server.output()).toContain("stopping on SIGTERM");
  });

  it("that arrives twice, as from a terminal and from npm, stops it in the same order", async () => {
    const folder = useDataFolder();
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    await server.base;
    // Of two kinds, because one that is pending already is not delivered again.
    server.child.kill("SIGINT");
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(existsSync(join(homeOf(folder), "data", "postmaster.pid"))).toBe(false);
  });

  it("ends it at once the third time, whatever it waits for", async () => {
    const folder = useDataFolder();
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    await server.base;
    const postmaster = postmasterPid(folder);
    process.kill(postmaster, "SIGSTOP");
    onTestFinished(() => signalProcess(postmaster, "SIGCONT"));
    server.child.kill("SIGINT");
    await expect.poll(server.output).toContain("stopping on SIGINT");
    server.child.kill("SIGINT");
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(1);
  });
});

function findPostmaster(folder: string): number {
  return readPostmaster(join(homeOf(folder), "data"))?.pid ?? 0;
}

/** Parts of the system's list between the names of the sockets: one name stands between two. */
const WITH_THE_LISTENER = 2;

/** Sessions of the killed server end by themselves; a halted one would hold its lease. */
function hasSessions(postmaster: number): boolean {
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, "utf8");
  return children
    .trim()
    .split(" ")
    .some((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("newday"));
}
