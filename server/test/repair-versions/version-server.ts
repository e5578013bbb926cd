/** A server of a version that only `npm run test:repair` uses, in a world-readable folder. */
import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  chmodSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { clusterOwner, initializeCluster, startCluster } from "../../src/db/cluster.ts";
import { runnableBinaries } from "../../src/db/embedded/binaries.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import type { TestDatabase, TestServer } from "../support/database.ts";
import { openDirectClient } from "../../src/db/driver/direct-client.ts";

const CACHE = ".cache/postgres-versions/node_modules";
const PORT = 5432;

export interface VersionServer {
  readonly server: TestServer;
  stop(): Promise<void>;
}

/** Debian's 15 and the embedded 18 are there already; the other versions are fetched. */
export type Major = 13 | 14 | 15 | 16 | 17 | 18;

const DEBIAN_BIN = "/usr/lib/postgresql/15/bin";

export async function startVersion(major: Major): Promise<VersionServer> {
  if (major === 15) return startIn(DEBIAN_BIN, []);
  if (major === 18) return startIn(runnableBinaries(clusterOwner()).binDir, []);
  const source = join(CACHE, `postgres-${major}`, "native");
  if (!existsSync(source))
    throw new Error(`PostgreSQL ${major} is not there: npm run test:repair fetches it`);
  const folder = mkdtempSync(join(tmpdir(), `newday-pg${major}-`));
  cpSync(source, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  makeLinks(folder);
  chmodSync(folder, 0o755);
  return startIn(join(folder, "native", "bin"), [folder]);
}

async function startIn(binDir: string, folders: readonly string[]): Promise<VersionServer> {
  const owner = clusterOwner();
  const data = mkdtempSync(join(tmpdir(), "newday-data-"));
  if (owner) chownSync(data, owner.uid, owner.gid);
  const options = { binDir, dataDir: join(data, "data") };
  initializeCluster({ ...options, superuser: "newday" });
  const cluster = await startCluster({
    ...options,
    socketDir: data,
    port: PORT,
    superuser: "newday",
    // Autovacuum looks every second, so that a test need not wait a minute for it.
    settings: { fsync: "off", max_prepared_transactions: 5, autovacuum_naptime: "1s" },
  });
  return {
    server: { host: data, port: PORT, user: "newday" },
    async stop() {
      await cluster.stop();
      for (const path of [...folders, data]) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** npm packages hold no links; the list of them lies beside the binaries. */
function makeLinks(folder: string): void {
  const list = join(folder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (lstatSync(path, { throwIfNoEntry: false })) continue;
    symlinkSync(relative(dirname(path), join(folder, source)), path);
  }
}

let databases = 0;

/** The legacy database on this server, dropped with it. */
export async function legacyOn({ server }: VersionServer): Promise<TestDatabase> {
  const name = `legacy_${++databases}`;
  const connect = (database: string) =>
    openDirectClient({
      target: { ...server, database },
      applicationName: "fixture",
      connectTimeoutMs: 10_000,
    });
  const admin = await connect("postgres");
  await admin.query(`create database ${name}`);
  await admin.close();
  const client = await connect(name);
  await client.script(
    readFileSync(new URL("../fixtures/legacy/newday-legacy.sql", import.meta.url), "utf8"),
  );
  await client.close();
  const db = openDatabase({
    connection: { ...server, database: name },
    applicationName: "test",
    poolSize: 2,
    connectTimeoutMs: 10_000,
    statementTimeoutMs: 60_000,
  });
  return {
    db,
    name,
    server,
    url: `postgres://${server.user}@/${name}?host=${encodeURIComponent(server.host)}&port=${server.port}`,
    drop: () => db.close(),
  };
}
