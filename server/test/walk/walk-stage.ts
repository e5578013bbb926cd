/** The stage of the walk: a PostgreSQL 15 with the legacy database, an economy of some size in it, and the server. */
import { readFileSync } from "node:fs";
import { seedUsers } from "../../../bench/admin/seed.ts";
import {
  openBenchDatabase,
  startBenchCluster,
  SUPERUSER,
} from "../../../bench/posting/bench-cluster.ts";
import { fillLedger } from "../../../bench/posting/ledger-history.ts";
import type { Database } from "../../src/db/database.ts";
import { openDirectClient, type DirectClient } from "../../src/db/driver/direct-client.ts";
import { createFirstOwnerCode } from "../../src/operators/operator-codes.ts";
import { OWNER } from "../support/operator-browser.ts";
import { spawnOnOneTerminal, type TerminalCommand } from "../support/one-terminal.ts";
import { environment, spawnServer, type ServerProcess } from "../support/spawn-server.ts";

const DATABASE = "newday_prod";
const LEGACY_SQL = "server/test/fixtures/legacy/newday-legacy.sql";
const CLI = "server/bin/newday.mjs";

/** A transfer for each account and round; spread over a month, so that charts have days. */
export interface WalkSize {
  readonly users: number;
  readonly accounts: number;
  readonly rounds: number;
  readonly hoursApart: number;
}

export interface WalkStage {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly db: Database;
  readonly base: () => string;
  /** Another session of the database, such as a reader that holds a lock. */
  connect(applicationName: string): Promise<DirectClient>;
  /** `newday ...`, as a person types it on the machine of the server. */
  newday(words: readonly string[]): TerminalCommand;
  killServer(): Promise<void>;
  /** Again at the same address, which an open console still asks. */
  startServer(): Promise<void>;
  close(): Promise<void>;
}

/** The legacy database, served, with its first owner; the economy comes with `seedEconomy`. */
export async function setWalkStage(): Promise<WalkStage> {
  const cluster = await startBenchCluster();
  const place = { host: cluster.socketDir, port: cluster.port };
  const databaseUrl = `postgres://${SUPERUSER}@/${DATABASE}?host=${encodeURIComponent(place.host)}&port=${place.port}`;
  const admin = cluster.open("postgres", 1);
  await admin.query(`create database ${DATABASE}`);
  await admin.query(`alter database ${DATABASE} set newday.environment = 'production'`);
  await admin.close();
  const connect = (applicationName: string) =>
    openDirectClient({ target: databaseUrl, applicationName, connectTimeoutMs: 10_000 });
  const loader = await connect("walk");
  await loader.script(readFileSync(LEGACY_SQL, "utf8"));
  await loader.close();
  const db = openBenchDatabase({ ...place, database: DATABASE }, 4);
  const settings = { DATABASE_URL: databaseUrl, NEWDAY_DATA_DIR: place.host };
  let server: ServerProcess | undefined;
  let base = "";
  const startServer = async () => {
    const port = base === "" ? "0" : new URL(base).port;
    const started = spawnServer({ ...settings, PORT: port });
    server = started;
    void started.exited.then((status) => {
      if (server === started) console.error(`the server ended with ${status}: ${started.output()}`);
    });
    base = await started.base;
  };
  const killServer = async () => {
    const killed = server;
    server = undefined;
    killed?.child.kill("SIGKILL");
    await killed?.exited;
  };
  await startServer();
  await makeOwner(db, base);
  return {
    databaseUrl,
    folder: place.host,
    db,
    base: () => base,
    connect,
    newday: (words) =>
      spawnOnOneTerminal([CLI, ...words], environment({ ...settings, NO_COLOR: "1" })),
    killServer,
    startServer,
    async close() {
      await killServer();
      await db.close();
      await cluster.stop();
    },
  };
}

/** Users and transfers as of many days, by plain SQL. */
export async function seedEconomy(db: Database, size: WalkSize): Promise<void> {
  const { users, ...ledger } = size;
  await fillLedger(db, ledger);
  await seedUsers(db, users);
}

async function makeOwner(db: Database, base: string): Promise<void> {
  const code = await createFirstOwnerCode(db);
  const reply = await fetch(`${base}/api/admin/set-up`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...OWNER, code }),
  });
  if (reply.status !== 201) throw new Error(`no first owner: ${await reply.text()}`);
}
