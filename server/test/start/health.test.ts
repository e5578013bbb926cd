/** D7: a database that lets no new session in, while the sessions that are open go on. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, it } from "vitest";
import {
  clusterOwner,
  initializeCluster,
  startCluster,
  type RunningCluster,
} from "../../src/db/cluster.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { handOver } from "../../src/db/embedded/unprivileged.ts";
import { postmasterPid, useDataFolder, useEmbedded } from "../embedded/support.ts";
import { buildOnce, startServer } from "../support/server-process.ts";
import { onTestFinished } from "../support/test-end.ts";
import { signalProcess } from "../support/signal-process.ts";

const BIN_15 = "/usr/lib/postgresql/15/bin";
/** Half a minute, and what a busy machine adds. */
const PATIENCE = { timeout: 60_000 };

/** They mostly wait for limits of the server, each on a database of its own. */
const SIDE_BY_SIDE = { concurrent: true, timeout: 240_000 } as const;

beforeAll(buildOnce);

it(
  "D7: the embedded server that lets no session in is restarted",
  SIDE_BY_SIDE,
  async ({ expect }) => {
    const folder = useDataFolder();
    const reports: string[] = [];
    const lost: unknown[] = [];
    const events = {
      report: (line: string) => reports.push(line),
      lost: (error: unknown) => lost.push(error),
    };
    const { embedded, db } = await useEmbedded(folder, events);
    const session = await db.connect("an-open-session");
    const pid = postmasterPid(folder);
    process.kill(pid, "SIGTERM");
    await expect.poll(() => reports.join("\n"), PATIENCE).toContain("lets no new session in");
    await expect.poll(() => reports.join("\n"), PATIENCE).toContain("is back");
    expect(postmasterPid(folder)).not.toBe(pid);
    const fresh = openDatabase({
      connection: embedded.connection,
      applicationName: "fresh",
      poolSize: 1,
      connectTimeoutMs: 60_000,
      statementTimeoutMs: 60_000,
    });
    expect(await fresh.query("select 1 as one")).toEqual([{ one: 1 }]);
    await fresh.close();
    await session.close().catch(() => undefined);
    expect(lost).toEqual([]);
  },
);

it(
  "D7: with DATABASE_URL the server stays, is unready, and recovers by itself",
  SIDE_BY_SIDE,
  async ({ expect }) => {
    const { folder, start } = useOwnPostgres();
    let postgres = await start();
    const url = `postgresql://newday@localhost/postgres?host=${folder}&port=${postgres.port}`;
    const server = startServer({ DATABASE_URL: url });
    const base = await server.base;
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    process.kill(postgres.pid, "SIGTERM"); // it waits for our sessions and lets no other in
    await expect.poll(async () => (await fetch(`${base}/readyz`)).status, PATIENCE).toBe(503);
    const refused = await fetch(`${base}/readyz`);
    expect([refused.status, refused.headers.has("retry-after")]).toEqual([503, true]);
    await postgres.stop();
    const reply = await fetch(`${base}/api/shared/wallet/meanwhile`);
    expect([reply.status, reply.headers.has("retry-after")]).toEqual([503, true]);
    postgres = await start();
    await expect.poll(async () => (await fetch(`${base}/readyz`)).status, PATIENCE).toBe(200);
    expect((await fetch(`${base}/api/shared/wallet/afterwards`)).status).toBe(200);
  },
);

it("D7: a halted PostgreSQL is not ready, and is asked again", SIDE_BY_SIDE, async ({ expect }) => {
  const { folder, start } = useOwnPostgres();
  const postgres = await start();
  onTestFinished(() => signalProcess(postgres.pid, "SIGCONT"));
  const url = `postgresql://newday@localhost/postgres?host=${folder}&port=${postgres.port}`;
  const base = await startServer({ DATABASE_URL: url }).base;
  process.kill(postgres.pid, "SIGSTOP"); // a connection is accepted by the kernel and stays silent
  await expect.poll(async () => (await fetch(`${base}/readyz`)).status, PATIENCE).not.toBe(200);
  for (const path of ["/readyz", "/api/health"]) {
    const reply = await fetch(base + path);
    expect([path, reply.status]).toEqual([path, 503]);
  }
  process.kill(postgres.pid, "SIGCONT");
  await expect.poll(async () => (await fetch(`${base}/readyz`)).status, PATIENCE).toBe(200);
});

it(
  "D7: a halted embedded PostgreSQL is a 503 within the clients' patience, and ends the server",
  SIDE_BY_SIDE,
  async ({ expect }) => {
    const folder = useDataFolder();
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    const base = await server.base;
    const pid = postmasterPid(folder);
    const processes = [pid, ...childrenOf(pid)];
    const signal = (name: NodeJS.Signals) => processes.forEach((one) => signalProcess(one, name));
    onTestFinished(() => {
      signal("SIGCONT");
      signal("SIGKILL");
    });
    signal("SIGSTOP");
    const ask = (path: string) => fetch(base + path, { signal: AbortSignal.timeout(15_000) });
    for (const path of ["/readyz", "/api/shared/wallet/meanwhile"]) {
      const reply = await ask(path);
      expect([path, reply.status, reply.headers.has("retry-after")]).toEqual([path, 503, true]);
    }
    expect((await ask("/healthz")).status).toBe(200);
    expect(await server.exited).toBeGreaterThan(0);
    expect(server.output()).toContain(`PostgreSQL (process ${pid}) has not stopped`);
    const next = startServer({ NEWDAY_DATA_DIR: folder });
    expect(await next.exited).toBeGreaterThan(0);
    expect(next.output()).toContain(`PostgreSQL (process ${pid}), which is halted`);
  },
);

it(
  "D7: halted sessions of the embedded PostgreSQL end the server with PostgreSQL's number",
  SIDE_BY_SIDE,
  async ({ expect }) => {
    const folder = useDataFolder();
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    await server.base;
    const pid = postmasterPid(folder);
    const sessions = childrenOf(pid);
    const signal = (name: NodeJS.Signals) =>
      [...sessions, pid].forEach((one) => signalProcess(one, name));
    onTestFinished(() => {
      signal("SIGCONT");
      signal("SIGKILL");
    });
    for (const session of sessions) signalProcess(session, "SIGSTOP");
    expect(await server.exited).toBeGreaterThan(0);
    expect(server.output()).toContain(`PostgreSQL (process ${pid}) has not stopped`);
    const next = startServer({ NEWDAY_DATA_DIR: folder });
    expect(await next.exited).toBeGreaterThan(0);
    expect(next.output()).toMatch(/PostgreSQL \(process \d+\), which is halted/);
  },
);

it("D7: a database that has become read-only is not ready", SIDE_BY_SIDE, async ({ expect }) => {
  const { folder, start } = useOwnPostgres();
  const postgres = await start();
  const url = `postgresql://newday@localhost/postgres?host=${folder}&port=${postgres.port}`;
  const base = await startServer({ DATABASE_URL: url }).base;
  const admin = openDatabase({
    connection: { host: folder, port: postgres.port, user: "newday", database: "postgres" },
    applicationName: "admin",
    poolSize: 1,
    connectTimeoutMs: 60_000,
    statementTimeoutMs: 60_000,
  });
  await admin.query("alter system set default_transaction_read_only = on");
  await admin.query("select pg_reload_conf()");
  await expect.poll(async () => (await fetch(`${base}/readyz`)).status, PATIENCE).toBe(503);
  await admin.query("set default_transaction_read_only = off");
  await admin.query("alter system reset default_transaction_read_only");
  await admin.query("select pg_reload_conf()");
  await admin.close();
  await expect.poll(async () => (await fetch(`${base}/readyz`)).status, PATIENCE).toBe(200);
});

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.trim().split(" ").map(Number);
}

/** A PostgreSQL 15 that the test may stop and start. */
function useOwnPostgres(): { folder: string; start: () => Promise<RunningCluster> } {
  const folder = mkdtempSync(join(tmpdir(), "nd-own-"));
  chmodSync(folder, 0o711);
  const owner = clusterOwner();
  handOver(folder, owner);
  const dataDir = join(folder, "data");
  initializeCluster({ binDir: BIN_15, dataDir, superuser: "newday", owner });
  let running: RunningCluster | undefined;
  onTestFinished(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    start: async () =>
      (running = await startCluster({
        binDir: BIN_15,
        dataDir,
        socketDir: folder,
        settings: {},
        port: 5432,
        superuser: "newday",
        owner,
      })),
  };
}
