/** A PostgreSQL server that logs in all three of its forms, with the legacy tables and no key. */
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { clusterOwner, initializeCluster, startCluster } from "../../src/db/cluster.ts";
import { runnableBinaries } from "../../src/db/embedded/binaries.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";

const BINARIES = {
  pg15: () => "/usr/lib/postgresql/15/bin",
  pg18: () => runnableBinaries(clusterOwner()).binDir,
} as const;
/** The number in the name of a socket in a folder of its own. */
const PORT = 5434;
const LEGACY_SQL = new URL("../fixtures/legacy/newday-legacy.sql", import.meta.url);
const DROP = "alter table public.wallets drop constraint wallets_user_id_players_id_fk";

export async function useLoggingServer(
  version: keyof typeof BINARIES,
  settings: Readonly<Record<string, string>> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "newday-logging-"));
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const [binDir, dataDir] = [BINARIES[version](), join(folder, "data")];
  initializeCluster({ binDir, dataDir, superuser: "newday" });
  const cluster = await startCluster({
    binDir,
    dataDir,
    socketDir: folder,
    port: PORT,
    superuser: "newday",
    settings: {
      fsync: "off",
      logging_collector: "on",
      log_destination: "stderr,csvlog,jsonlog",
      log_directory: folder,
      log_filename: "server.log",
      log_line_prefix: "%m [%p] %q%u@%d %e ",
      ...settings,
    },
  });
  onTestFinished(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `postgres://newday@/postgres?host=${encodeURIComponent(folder)}&port=${PORT}`;
  const db = openDatabase({
    connection: { host: folder, port: PORT, user: "newday", database: "postgres" },
    applicationName: "a client",
    poolSize: 1,
    connectTimeoutMs: 20_000,
    statementTimeoutMs: 60_000,
  });
  onTestFinished(() => db.close());
  await withRepairConnection(url, "fixture", (client) =>
    client.script(`set search_path = public; ${readFileSync(LEGACY_SQL, "utf8")}; ${DROP}`),
  );
  const log = (form: "log" | "csv" | "json") => join(folder, `server.${form}`);
  return { db, url, log };
}
