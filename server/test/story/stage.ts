/**
 * The stage of the story: a PostgreSQL 15 with the legacy database, owned by a role called `newday`
 * as in production, the old server with its players, this repository's server, and the partner.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPartner } from "../../../scripts/record-repair/stage.ts";
import { clusterOwner, initializeCluster, startCluster } from "../../src/db/cluster.ts";
import { openDirectClient, type DirectClient } from "../../src/db/driver/direct-client.ts";
import { spawnServer, type ServerProcess, type Settings } from "../support/spawn-server.ts";
import type { Measured } from "./measured.ts";

const BIN_DIR = "/usr/lib/postgresql/15/bin";
const SUPERUSER = "postgres";
const PORT = 5432;
/** The login of the old server and of ours; also the name of our schema. */
const OWNER = "newday";
const DATABASE = "newday_prod";
/** As a shell reports an interrupt. */
const EXIT_INTERRUPTED = 130;
const LEGACY_SQL = "server/test/fixtures/legacy/newday-legacy.sql";
const OLD_SERVER = ["scripts/run-typescript.mjs", "server/test/story/old-server.ts"] as const;

export interface StageOptions {
  /** Of the old server, at the same time. */
  readonly players: number;
  /** Wallets and players beside those of the legacy file. */
  readonly extraWallets: number;
}

export interface OldServer {
  readonly base: string;
  /** The calls of its players since the last question. */
  measure(): Promise<Measured>;
}

export interface StoryStage {
  /** The environment of this repository's server, and of its commands. */
  readonly settings: Settings;
  readonly folder: string;
  readonly partnerUrl: string;
  readonly old: OldServer;
  /** Of this repository's server. */
  readonly base: string;
  /** As the owner of the tables, without a schema in its SQL where the caller names none. */
  readonly client: DirectClient;
  /** Starts this repository's server again, with more settings and another address. */
  restart(more: Settings): Promise<StoryStage>;
  close(): Promise<void>;
}

/** Everything lies in one folder, which is removed at the end. */
export async function setStoryStage(options: StageOptions): Promise<StoryStage> {
  const folder = mkdtempSync(join(tmpdir(), "newday-story-"));
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.toReversed()) await closer();
  };
  // PostgreSQL is a process of its own, which would outlive us.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void close().finally(() => process.exit(EXIT_INTERRUPTED)));
  try {
    closers.push(await startPostgres(folder));
    const databaseUrl = `postgres://${OWNER}@/${DATABASE}?host=${encodeURIComponent(folder)}&port=${PORT}`;
    await loadLegacy(folder, databaseUrl, options.extraWallets);
    const client = await connect(databaseUrl);
    closers.push(() => client.close());
    const old = await startOldServer(databaseUrl, options.players);
    closers.push(old.stop);
    const partner = await startPartner();
    closers.push(() => partner.close());
    const partnerUrl = `http://127.0.0.1:${(partner.address() as AddressInfo).port}/newday`;
    const dataDir = join(folder, "newday");
    const settings = { DATABASE_URL: databaseUrl, NEWDAY_DATA_DIR: dataDir, TMPDIR: folder };
    let ours: ServerProcess | undefined;
    closers.push(() => stopServer(ours));
    const serve = async (wanted: Settings): Promise<StoryStage> => {
      await stopServer(ours);
      ours = spawnServer(wanted);
      const base = await ours.base;
      const restart = (more: Settings) => serve({ ...wanted, ...more });
      return { settings: wanted, folder, partnerUrl, old, base, client, restart, close };
    };
    return await serve(settings);
  } catch (error) {
    await close();
    throw error;
  }
}

async function stopServer(server: ServerProcess | undefined): Promise<void> {
  server?.child.kill("SIGTERM");
  await server?.exited;
}

async function startPostgres(folder: string): Promise<() => Promise<void>> {
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const dataDir = join(folder, "postgres");
  initializeCluster({ binDir: BIN_DIR, dataDir, superuser: SUPERUSER });
  const cluster = await startCluster({
    binDir: BIN_DIR,
    dataDir,
    socketDir: folder,
    port: PORT,
    superuser: SUPERUSER,
    settings: { fsync: "on", max_connections: 100 },
  });
  return () => cluster.stop();
}

async function loadLegacy(host: string, databaseUrl: string, extra: number): Promise<void> {
  const admin = await connect({ host, port: PORT, user: SUPERUSER, database: "postgres" });
  await admin.query(`create role ${OWNER} login`);
  await admin.query(`create database ${DATABASE} owner ${OWNER}`);
  await admin.query(`alter database ${DATABASE} set newday.environment = 'production'`);
  await admin.close();
  const client = await connect(databaseUrl);
  await client.script(readFileSync(LEGACY_SQL, "utf8"));
  if (extra > 0)
    await client.script(`
      insert into players (id, nickname) select 'story-' || n, 'Story' from generate_series(1, ${extra}) n;
      insert into wallets (user_id) select 'story-' || n from generate_series(1, ${extra}) n`);
  await client.script("analyze");
  await client.close();
}

function connect(target: Parameters<typeof openDirectClient>[0]["target"]): Promise<DirectClient> {
  return openDirectClient({ target, applicationName: "story", connectTimeoutMs: 10_000 });
}

async function startOldServer(databaseUrl: string, players: number) {
  const child = fork(OLD_SERVER[0], [OLD_SERVER[1], databaseUrl, String(players)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const answer = async () => {
    const early = ended.then(() => Promise.reject(new Error("the old server ended")));
    const message = new Promise<unknown>((resolve) => child.once("message", resolve));
    return Promise.race([message, early]);
  };
  const { base } = (await answer()) as { base: string };
  const measure = async () => {
    child.send("measure");
    return ((await answer()) as { measured: Measured }).measured;
  };
  const stop = async () => {
    if (child.exitCode === null) child.send("stop");
    await ended;
  };
  return { base, measure, stop };
}
