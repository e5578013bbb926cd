/**
 * Starts the two PostgreSQL servers that every test uses (Debian's 15 and the embedded 18) once for
 * the whole run, and builds on each the databases that those of the tests are copied from: one that
 * has all migrations, and one that went the whole way of a fresh start.
 */
import { chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import {
  clusterOwner,
  initializeCluster,
  startCluster,
  type RunningCluster,
} from "../../src/db/cluster.ts";
import { runnableBinaries } from "../../src/db/embedded/binaries.ts";
import { migrate } from "../../src/db/migrations.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { createPostingEngine } from "../../src/engine/engine.ts";
import { createPostingRegistry } from "../../src/start/posting-registry.ts";
import { prepareOwnDatabase } from "../../src/adoption/prepare-own-database.ts";
import { CLUSTER_PREFIX, clusterParent, shortenTmpdir } from "./cluster-folder.ts";
import type { TestServer, TestServers } from "./database.ts";
import { TEMPLATES } from "./templates.ts";

const DEBIAN_15_BIN = "/usr/lib/postgresql/15/bin";
const TEST_PORT = 5432;

declare module "vitest" {
  interface ProvidedContext {
    servers: TestServers;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(DEBIAN_15_BIN))
    throw new Error(
      "PostgreSQL 15 is missing: run `npm test`, which installs it, or apt-get install postgresql-15",
    );
  shortenTmpdir(); // before the processes of the tests begin, which inherit it
  const clusters = await Promise.all([
    startTestCluster(DEBIAN_15_BIN),
    startTestCluster(runnableBinaries(clusterOwner()).binDir),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(clusters.map(({ cluster }) => cluster.stop()));
    for (const { folder } of clusters) rmSync(folder, { recursive: true, force: true });
  };
  const [pg15, pg18] = clusters.map(({ server }) => server);
  if (!pg15 || !pg18) throw new Error("unreachable");
  try {
    await Promise.all([buildTemplates(pg15), buildTemplates(pg18)]);
  } catch (error) {
    await stop(); // Vitest has no teardown to call yet; the servers would outlive it.
    throw error;
  }
  project.provide("servers", { pg15, pg18 });
  return stop;
}

async function startTestCluster(
  binDir: string,
): Promise<{ server: TestServer; cluster: RunningCluster; folder: string }> {
  const folder = mkdtempSync(join(clusterParent(), CLUSTER_PREFIX));
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const dataDir = join(folder, "data");
  initializeCluster({ binDir, dataDir, superuser: "newday" });
  const cluster = await startCluster({
    binDir,
    dataDir,
    socketDir: folder,
    port: TEST_PORT,
    superuser: "newday",
    // Durability is proved by the crash tests on clusters of their own; here it would only cost time.
    settings: {
      fsync: "off",
      full_page_writes: "off",
      // In memory it has to stay small.
      max_wal_size: "128MB",
      max_connections: 300,
      max_prepared_transactions: 10,
    },
  });
  return { server: { host: folder, port: TEST_PORT, user: "newday" }, cluster, folder };
}

async function buildTemplates(server: TestServer): Promise<void> {
  const admin = open(server, "postgres");
  await admin.query(`create database ${TEMPLATES.migrated}`);
  const migrated = open(server, TEMPLATES.migrated);
  await migrate(migrated);
  await migrated.close();
  await admin.query(`create database ${TEMPLATES.adopted} template ${TEMPLATES.migrated}`);
  await admin.close();
  await prepareAdopted(server);
}

/** As `npm start` does on a database of its own. */
async function prepareAdopted(server: TestServer): Promise<void> {
  const db = open(server, TEMPLATES.adopted);
  const engine = createPostingEngine(db, createPostingRegistry(), {
    applicationName: "newday-test-adopt",
  });
  const connection = { ...server, database: TEMPLATES.adopted };
  await prepareOwnDatabase(db, engine, { connection, tool: "newday test" });
  await engine.drain();
  await db.close();
}

function open(server: TestServer, database: string) {
  return openDatabase({
    connection: { ...server, database },
    applicationName: "newday-test-setup",
    poolSize: 4,
    connectTimeoutMs: 10_000,
    statementTimeoutMs: 0,
  });
}
