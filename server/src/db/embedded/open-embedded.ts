/**
 * The embedded database: PostgreSQL 18 as a child process on a private Unix socket, fsync on.
 *
 * What it acknowledged survives `kill -9` of this process, of the server and of the machine. One
 * process owns a data folder at a time (lease.ts). While we run, a server that dies is started
 * again; when we are killed, it goes on running and the next start takes it over.
 */
import { readPostmaster } from "../cluster.ts";
import type { Queryable } from "../database.ts";
import { acquire, stopOwned, type Ownership } from "./acquire.ts";
import { runnableBinaries } from "./binaries.ts";
import { ensureCluster, openDataFolder, removeLeftovers, SUPERUSER } from "./data-folder.ts";
import type { OwnerRole } from "./lease.ts";
import { keepAlive, type EmbeddedEvents } from "./keep-alive.ts";

const DATABASE = "newday";

export interface EmbeddedOptions extends EmbeddedEvents {
  /** `command`: gives the folder back soon, so that others wait for it. A server by default. */
  readonly role?: OwnerRole;
}

export interface EmbeddedDatabase {
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  };
  /** Folder with the files; not the named one when the server's user cannot get there. */
  readonly folder: string;
  /** True when a killed process had left the server running. */
  readonly tookOver: boolean;
  /** What an operator should know about this start, one line each. */
  readonly notes: readonly string[];
  /** Ends every session, writes a checkpoint, stops the server. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Opens the database in `dataDir`, making it when the folder is new or empty.
 * Errors: `data_folder_in_use`, `data_folder_foreign`, `data_folder_newer`, `data_folder_unusable`,
 * `embedded_failed`.
 */
export async function openEmbedded(
  dataDir: string,
  { role = "owner", ...events }: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  const home = openDataFolder(dataDir);
  const binaries = runnableBinaries(home.owner);
  ensureCluster(home, binaries.binDir);
  const ownership = await acquire(home, binaries, { role, report: events.report });
  try {
    removeLeftovers(home);
    await ensureDatabase(ownership.lease.connection);
  } catch (error) {
    await stopOwned(ownership);
    throw error;
  }
  const keeper = keepAlive(
    ownership,
    ({ host }) => acquire(home, binaries, { role, socketDir: host }),
    events,
  );
  const { host, port } = ownership;
  let stopped: Promise<void> | undefined;
  return {
    connection: { host, port, user: SUPERUSER, database: DATABASE },
    folder: home.folder,
    tookOver: ownership.tookOver,
    notes: notesOn(ownership, home.elsewhere ? dataDir : undefined),
    stop: () => (stopped ??= keeper.end().then(stopOwned)),
  };
}

/**
 * Where the server of another process listens, for a command beside a running New Day; undefined
 * when none runs. It takes no ownership and stops nothing.
 */
export function findRunningEmbedded(dataDir: string): EmbeddedDatabase["connection"] | undefined {
  const running = readPostmaster(openDataFolder(dataDir).dataDir);
  if (!running?.socketDir.startsWith("/")) return undefined;
  return { host: running.socketDir, port: running.port, user: SUPERUSER, database: DATABASE };
}

/** A name of its own, so that `drop database` and restores never touch the maintenance database. */
async function ensureDatabase(db: Queryable): Promise<void> {
  const existing = await db.query("select from pg_database where datname = $1", [DATABASE]);
  if (existing.length === 0) await db.query(`create database ${DATABASE}`);
}

function notesOn(ownership: Ownership, unreachable: string | undefined): string[] {
  const notes: string[] = [];
  if (unreachable)
    notes.push(`not in ${unreachable}, which the unprivileged user of PostgreSQL cannot enter`);
  if (ownership.tookOver)
    notes.push("took over the database server that a killed process had left running");
  return notes;
}
