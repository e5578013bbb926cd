/**
 * The embedded database: PostgreSQL 18 as a child process on a private Unix socket, fsync on.
 *
 * Acknowledged writes survive `kill -9` of this process, of the server and of the machine. One
 * process owns a data folder at a time (lease.ts). While it runs, a dead server is restarted; when
 * it is killed, the server runs on and the next start takes it over.
 */
import type { Queryable } from "../database.ts";
import { acquire, stopOwned, type Ownership } from "./acquire.ts";
import { runnableBinaries } from "./binaries.ts";
import { findDataFolder, openDataFolder, removeLeftovers, SUPERUSER } from "./data-folder.ts";
import type { OwnerRole } from "./lease.ts";
import { keepAlive, type EmbeddedEvents } from "./keep-alive.ts";
import { openDatabase } from "../driver/postgres.ts";
import { probeSession } from "../probe.ts";
import { stopServer } from "../cluster.ts";
import { reachServer } from "./running-server.ts";

const DATABASE = "newday";
/** With the time of detection half a minute; a server that stays up longer needs a person. */
const HALT_TIMEOUT_MS = 12_000;
const PROBE_CONNECT_MS = 5_000;

export interface EmbeddedOptions extends EmbeddedEvents {
  /**
   * `owner`, a server, by default. A `command` needs an existing database, and returns the folder
   * soon, so that others wait for it.
   */
  readonly role?: OwnerRole;
  /** Ends the start of the database; the caller is stopping. */
  readonly stop?: AbortSignal;
}

export interface EmbeddedDatabase {
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  };
  /** Folder with the files; differs from the named one when that is closed to the server's user. */
  readonly folder: string;
  /** True when a killed process had left the server running. */
  readonly tookOver: boolean;
  /** Notes on this start for an operator, one line each. */
  readonly notes: readonly string[];
  /** Ends every session, writes a checkpoint, stops the server. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Opens the database in `dataDir`; an owner creates it in a new or empty folder. Errors:
 * `data_folder_in_use`, `data_folder_foreign`, `data_folder_newer`, `data_folder_unusable`,
 * `embedded_failed`.
 */
export async function openEmbedded(
  dataDir: string,
  { role = "owner", stop, ...events }: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  const home = role === "owner" ? openDataFolder(dataDir) : findDataFolder(dataDir);
  const binaries = runnableBinaries(home.owner, home.folder);
  const ownership = await acquire(home, binaries, { role, report: events.report, stop });
  try {
    removeLeftovers(home);
    await ensureDatabase(ownership.lease.connection);
  } catch (error) {
    await stopOwned(home, ownership);
    throw error;
  }
  const keeper = keepAlive(
    ownership,
    {
      acquireAgain: (before) => acquire(home, binaries, { role, before }),
      probe: probeOwned,
      halt: ({ pid }) => stopServer(pid, HALT_TIMEOUT_MS),
    },
    events,
  );
  const { host, port } = ownership;
  let stopped: Promise<void> | undefined;
  return {
    connection: { host, port, user: SUPERUSER, database: DATABASE },
    folder: home.folder,
    tookOver: ownership.tookOver,
    notes: notesOn(ownership, home.elsewhere ? dataDir : undefined),
    stop: () => (stopped ??= keeper.end().then((owned) => stopOwned(home, owned))),
  };
}

/**
 * The address of another process's server, for a command beside a running New Day; undefined when
 * it is unreachable. Ownership and server stay as they are.
 */
export async function findRunningEmbedded(
  dataDir: string,
): Promise<EmbeddedDatabase["connection"] | undefined> {
  const reached = await reachServer(findDataFolder(dataDir));
  if (!reached) return undefined;
  return { host: reached.host, port: reached.port, user: SUPERUSER, database: DATABASE };
}

/** Whether the server accepts a new session. */
async function probeOwned({ host, port }: Ownership): Promise<void> {
  const db = openDatabase({
    connection: { host, port, user: SUPERUSER, database: DATABASE },
    applicationName: "newday-probe",
    poolSize: 1,
    connectTimeoutMs: PROBE_CONNECT_MS,
    statementTimeoutMs: PROBE_CONNECT_MS,
  });
  await probeSession(db, "select 1 as one");
}

/** A name of its own, so that `drop database` and restores leave the maintenance database alone. */
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
