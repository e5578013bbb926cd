/** PostgreSQL 15 behind a proxy, and the built servers on it, which faults can kill, halt and cut off. */
import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  clusterOwner,
  initializeCluster,
  isProcessAlive,
  startCluster,
  stopServer,
} from "../../src/db/cluster.ts";
import type { Database } from "../../src/db/database.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { freePort } from "../support/free-port.ts";
import { spawnServer, type ServerProcess } from "../support/spawn-server.ts";
import { until } from "../support/until.ts";
import { startWireProxy, type Verdict, type WireProxy } from "../support/wire-proxy.ts";

const BIN_DIR = "/usr/lib/postgresql/15/bin";
const PORT = 5432;
const SUPERUSER = "newday";
const DATABASE = "faults";
/** The credential of the game's own servers (docs/market.md). */
export const SERVICE_KEY = `nd_service_${"f".repeat(32)}`;
/** Room for WAL, and for what the load of a minute stores; little enough to be filled within a second. */
const DISK_MB = 512;
const DISK_MB_PER_MINUTE = 32;

export interface Arena {
  readonly postgres: Postgres;
  readonly lines: Lines;
  readonly servers: readonly FaultyServer[];
  /** Where data lies when it is a disk of its own, which can be filled; undefined without the right to mount. */
  readonly disk: string | undefined;
  /** Straight to PostgreSQL, beside the proxy. */
  open(): Database;
  close(): Promise<void>;
}

export interface Postgres {
  /** The postmaster and its children, parents first. */
  processes(): number[];
  start(): Promise<void>;
  /** Fast shutdown. */
  stop(): Promise<void>;
  isRunning(): boolean;
}

export interface Lines {
  /** Called for the bytes of every server; see wire-proxy.ts. */
  judge: (chunk: Buffer) => Verdict;
  /** Answers to the servers wait for it. */
  held: Promise<void> | undefined;
  /** Breaks every connection; new ones are accepted at once. */
  cutAll(): Promise<void>;
}

export interface FaultyServer {
  readonly base: string;
  /** Resolves when it serves. Does nothing while it runs. */
  start(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  ended(): Promise<void>;
  isRunning(): boolean;
  /** What its processes wrote, the last one last. */
  output(): string;
}

/** Starts PostgreSQL with an empty database, and no server yet. */
export async function openArena(count: number, minutes: number): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), "newday-faults-"));
  const disk = mountDisk(join(folder, "disk"), minutes);
  const home = disk ?? folder;
  const owner = clusterOwner();
  for (const path of [folder, home]) if (owner) chownSync(path, owner.uid, owner.gid);
  const postgres = createPostgres(join(home, "data"), folder);
  await postgres.start();
  await createDatabase(folder);
  const proxyPort = await freePort();
  const lines = await openLines(folder, proxyPort);
  const url = `postgres://${SUPERUSER}@127.0.0.1:${proxyPort}/${DATABASE}`;
  const servers = await Promise.all(Array.from({ length: count }, () => createFaultyServer(url)));
  return {
    postgres,
    lines,
    servers,
    disk,
    open: () => openOn(folder, DATABASE),
    async close() {
      for (const server of servers) server.kill("SIGKILL");
      await Promise.all(servers.map((server) => server.ended()));
      await lines.close();
      await postgres.stop();
      if (disk) spawnSync("umount", ["--lazy", disk]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function mountDisk(path: string, minutes: number): string | undefined {
  mkdirSync(path);
  const size = Math.ceil(DISK_MB + DISK_MB_PER_MINUTE * minutes);
  const options = ["-t", "tmpfs", "-o", `size=${size}m`, "newday-faults", path];
  return spawnSync("mount", options).status === 0 ? path : undefined;
}

function createPostgres(dataDir: string, socketDir: string): Postgres {
  initializeCluster({ binDir: BIN_DIR, dataDir, superuser: SUPERUSER });
  let pid = -1;
  const settings = {
    fsync: "on",
    synchronous_commit: "on",
    max_connections: 100,
    max_wal_size: "256MB",
  };
  return {
    processes: () => (isProcessAlive(pid) ? [pid, ...childrenOf(pid)] : []),
    async start() {
      const options = { binDir: BIN_DIR, dataDir, socketDir, port: PORT, superuser: SUPERUSER };
      ({ pid } = await startCluster({ ...options, settings }));
    },
    stop: () => stopServer(pid),
    isRunning: () => isProcessAlive(pid),
  };
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    const [, parent] = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(parent);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

async function createDatabase(host: string): Promise<void> {
  const admin = openOn(host, "postgres");
  await admin.query(`create database ${DATABASE}`);
  await admin.close();
}

function openOn(host: string, database: string): Database {
  return openDatabase({
    connection: { host, port: PORT, user: SUPERUSER, database },
    applicationName: "newday-faults",
    poolSize: 2,
    connectTimeoutMs: 30_000,
    statementTimeoutMs: 0,
  });
}

async function openLines(host: string, port: number): Promise<Lines & { close(): Promise<void> }> {
  const listen = () =>
    startWireProxy({
      server: { host, port: PORT },
      port,
      judge: (chunk) => lines.judge(chunk),
      hold: () => lines.held,
    });
  let proxy: WireProxy;
  const lines: Lines & { close(): Promise<void> } = {
    judge: () => "pass",
    held: undefined,
    async cutAll() {
      await proxy.close();
      proxy = await listen();
    },
    close: () => proxy.close(),
  };
  proxy = await listen();
  return lines;
}

async function createFaultyServer(url: string): Promise<FaultyServer> {
  const port = await freePort();
  let current: ServerProcess | undefined;
  let before = "";
  const isRunning = () => current?.child.pid !== undefined && isProcessAlive(current.child.pid);
  return {
    base: `http://127.0.0.1:${port}`,
    async start() {
      if (isRunning()) return;
      before += current?.output() ?? "";
      current = spawnServer({
        PORT: `${port}`,
        DATABASE_URL: url,
        NEWDAY_SERVICE_KEYS: SERVICE_KEY,
      });
      await current.base;
    },
    kill: (signal) => void current?.child.kill(signal),
    ended: async () => void (await until(() => !isRunning())),
    isRunning,
    output: () => before + (current?.output() ?? ""),
  };
}
