/** A standby of a whole server, made as an operator would make one. Needs Debian's PostgreSQL 15. */
import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import {
  clusterOwner,
  initializeCluster,
  startCluster,
  type ClusterOptions,
} from "../../src/db/cluster.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import type { TestServer } from "../support/database.ts";

const BIN = "/usr/lib/postgresql/15/bin";
/** The number in the name of a socket in a folder of its own. */
const PORT = 5433;
const LEGACY_SQL = new URL("../fixtures/legacy/newday-legacy.sql", import.meta.url);

type Place = Pick<TestServer, "host" | "port" | "user">;

export async function useStandby(server: Place, name: string) {
  const folder = useServerFolder();
  const dataDir = join(folder, "data");
  const copied = spawnSync(
    join(BIN, "pg_basebackup"),
    [
      "-D",
      dataDir,
      "-R",
      "-X",
      "stream",
      "-c",
      "fast",
      "-h",
      server.host,
      "-p",
      String(server.port),
      "-U",
      server.user,
    ],
    { ...clusterOwner(), cwd: "/", encoding: "utf8" },
  );
  expect(copied.stderr, copied.stderr).not.toContain("error");
  await start(folder, server.user, {
    max_connections: 300,
    max_prepared_transactions: 10,
    hot_standby: "on",
  });
  await untilStreaming(server, name);
  return useDatabase({ host: folder, port: PORT, user: server.user }, name);
}

/** A standby answers readers before its line to the primary stands. */
async function untilStreaming(server: Place, name: string): Promise<void> {
  await withRepairConnection(urlOf(server, name), "fixture", (client) =>
    expect
      .poll(() =>
        client.query(
          "select state from pg_stat_replication where application_name = 'walreceiver'",
        ),
      )
      .toEqual([{ state: "streaming" }]),
  );
}

/** A server of the test's own with the legacy tables: what is done to its standby disturbs no other test. */
export async function usePrimary() {
  const folder = useServerFolder();
  initializeCluster({ binDir: BIN, dataDir: join(folder, "data"), superuser: "newday" });
  await start(folder, "newday", { autovacuum: "off" });
  const server = { host: folder, port: PORT, user: "newday" };
  const database = useDatabase(server, "postgres");
  await withRepairConnection(database.url, "fixture", (client) =>
    client.script(`set search_path = public; ${readFileSync(LEGACY_SQL, "utf8")}`),
  );
  return { ...database, server, name: "postgres" };
}

function useServerFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "newday-standby-"));
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

async function start(folder: string, user: string, settings: ClusterOptions["settings"]) {
  const cluster = await startCluster({
    binDir: BIN,
    dataDir: join(folder, "data"),
    socketDir: folder,
    port: PORT,
    superuser: user,
    settings: { fsync: "off", ...settings },
  });
  onTestFinished(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

function useDatabase({ host, port, user }: Place, database: string) {
  const db = openDatabase({
    connection: { host, port, user, database },
    applicationName: "standby test",
    poolSize: 1,
    connectTimeoutMs: 20_000,
    statementTimeoutMs: 60_000,
  });
  onTestFinished(() => db.close());
  return { db, url: urlOf({ host, port, user }, database) };
}

function urlOf({ host, port, user }: Place, database: string): string {
  return `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
}
