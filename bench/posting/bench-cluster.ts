/** A PostgreSQL server of its own for a benchmark, durable as in production: 15, or the embedded one. */
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterOwner, initializeCluster, startCluster } from "../../server/src/db/cluster.ts";
import { runnableBinaries } from "../../server/src/db/embedded/binaries.ts";
import { embeddedSettings } from "../../server/src/db/embedded/settings.ts";
import type { Database } from "../../server/src/db/database.ts";
import { openDatabase } from "../../server/src/db/driver/postgres.ts";

export const POSTGRES_BIN = "/usr/lib/postgresql/15/bin";
export const SUPERUSER = "newday";
const PORT = 5432;

const SERVER_SETTINGS = {
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  // A quarter of a small server's memory, as PostgreSQL's documentation advises: the indexes of 10
  // million entries stay in it, as those of TPC-B do.
  shared_buffers: "1GB",
  max_wal_size: "4GB",
  max_connections: 150,
};

export interface BenchCluster {
  readonly socketDir: string;
  readonly port: number;
  /** Of the postmaster, to add up what its processes use. */
  readonly pid: number;
  open(database: string, poolSize: number): Database;
  stop(): Promise<void>;
}

/** `embedded`: the binaries and settings of `npm start` without a `DATABASE_URL`. */
export async function startBenchCluster(
  kind: "postgres15" | "embedded" = "postgres15",
): Promise<BenchCluster> {
  const folder = mkdtempSync(join(tmpdir(), "newday-bench-"));
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const dataDir = join(folder, "data");
  const { binDir, settings } =
    kind === "embedded"
      ? { binDir: runnableBinaries(owner, folder).binDir, settings: embeddedSettings() }
      : { binDir: POSTGRES_BIN, settings: SERVER_SETTINGS };
  initializeCluster({ binDir, dataDir, superuser: SUPERUSER });
  const cluster = await startCluster({
    binDir,
    dataDir,
    socketDir: folder,
    port: PORT,
    superuser: SUPERUSER,
    settings,
  });
  return {
    socketDir: folder,
    port: PORT,
    pid: cluster.pid,
    open: (database, poolSize) =>
      openBenchDatabase({ host: folder, port: PORT, database }, poolSize),
    async stop() {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As the superuser of a bench cluster, without a limit on statements. */
export function openBenchDatabase(
  { host, port, database }: { host: string; port: number; database: string },
  poolSize: number,
): Database {
  return openDatabase({
    connection: { host, port, user: SUPERUSER, database },
    applicationName: "newday-bench",
    poolSize,
    connectTimeoutMs: 30_000,
    statementTimeoutMs: 0,
  });
}
