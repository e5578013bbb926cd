/** The stage of the recording: a production database of its own, the server over it, a partner. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  clusterOwner,
  initializeCluster,
  startCluster,
  type RunningCluster,
} from "../../server/src/db/cluster.ts";
import { openDirectClient } from "../../server/src/db/driver/direct-client.ts";

const BIN_DIR = "/usr/lib/postgresql/15/bin";
const USER = "newday";
const PORT = 5432;
const READY_TIMEOUT_MS = 60_000;
const LEGACY_SQL = "server/test/fixtures/legacy/newday-legacy.sql";

export interface Stage {
  readonly databaseUrl: string;
  readonly apiUrl: string;
  readonly partnerUrl: string;
  readonly folder: string;
  sql(statement: string): Promise<void>;
  close(): Promise<void>;
}

/** Everything on a socket in a folder that is removed at the end. Needs Debian's PostgreSQL 15. */
export async function setStage(): Promise<Stage> {
  // The command builds itself when its sources are newer; the server is started from that build.
  spawnSync(process.execPath, ["server/bin/newday.mjs", "--version"]);
  const folder = mkdtempSync(join(tmpdir(), "newday-record-"));
  const cluster = await startProduction(join(folder, "postgres"), folder);
  const databaseUrl = `postgres://${USER}@/newday?host=${encodeURIComponent(cluster.socketDir)}&port=${PORT}`;
  await runSql(cluster.socketDir, "postgres", "create database newday");
  const sql = (statement: string) => runSql(cluster.socketDir, "newday", statement);
  await sql(`${readFileSync(LEGACY_SQL, "utf8")}; analyze`);
  // The pool of the server may be idle at the moment of a plan; production always has sessions.
  const game = await openDirectClient({
    target: databaseUrl,
    applicationName: "game",
    connectTimeoutMs: 10_000,
  });
  const partner = await startPartner();
  const api = await startApi(databaseUrl, folder);
  return {
    databaseUrl,
    apiUrl: api.url,
    partnerUrl: `http://127.0.0.1:${(partner.address() as AddressInfo).port}/newday`,
    folder,
    sql,
    async close() {
      await stopApi(api.child);
      await game.close();
      partner.close();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startProduction(dataDir: string, folder: string): Promise<RunningCluster> {
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  initializeCluster({ binDir: BIN_DIR, dataDir, superuser: USER });
  return startCluster({
    binDir: BIN_DIR,
    dataDir,
    socketDir: folder,
    port: PORT,
    superuser: USER,
    // Its heartbeat would come and go in the recording.
    settings: { fsync: "off", autovacuum: "off" },
  });
}

async function runSql(host: string, database: string, statement: string): Promise<void> {
  const client = await openDirectClient({
    target: { host, port: PORT, user: USER, database },
    applicationName: "record",
    connectTimeoutMs: 10_000,
  });
  await client.script(statement);
  await client.close();
}

/** A partner's webhook that takes every notice. */
export async function startPartner(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => response.end("thanks"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function startApi(databaseUrl: string, folder: string) {
  const child = spawn(process.execPath, ["server/dist/main.js"], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      NEWDAY_DATA_DIR: join(folder, "newday"),
      PORT: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const url = /serves on (http:\/\/\S+)/.exec(output)?.[1];
    if (url !== undefined) return { child, url };
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`the server did not start: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stopApi(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
