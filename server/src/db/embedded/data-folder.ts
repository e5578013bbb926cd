/**
 * The data folder: whose it is, where its cluster lives, and the cluster's first files.
 *
 * A folder is ours when it holds `newday.json`, written before anything else; a folder that holds
 * other things is refused untouched. The cluster is in the folder itself, or, when the server's
 * unprivileged user cannot get there, under `/var/lib/newday/clusters/<id>` with the id in that file.
 * Each step is atomic, so a process killed at any point leaves a state that the next start completes.
 */
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { NewDayError } from "../../errors/errors.ts";
import { initializeCluster, type ProcessOwner } from "../cluster.ts";
import { SYSTEM_FOLDER } from "./binaries.ts";
import { canEnter, handOver, ownerFor } from "./unprivileged.ts";

export const SUPERUSER = "newday";
const MARKER = "newday.json";
/** Raised when a version keeps its files in another way. */
const FORMAT = 1;
export const POSTGRES_MAJOR = 18;
const INIT_PREFIX = "data.init-";

interface Marker {
  readonly format: number;
  readonly postgresMajor: number;
  /** Folder of the cluster when it is not the data folder itself. */
  readonly cluster?: string;
}

export interface ClusterHome {
  /** Holds `data` (the cluster), `data.log` and `run` (the socket). */
  readonly folder: string;
  readonly dataDir: string;
  readonly owner: ProcessOwner | undefined;
  /** True when the files live outside the folder that the operator named. */
  readonly elsewhere: boolean;
}

/**
 * Finds or makes the home of the cluster. Errors: `data_folder_foreign`, `data_folder_newer`,
 * `data_folder_unusable`.
 */
export function openDataFolder(named: string): ClusterHome {
  const dataFolder = resolve(named);
  try {
    mkdirSync(dirname(dataFolder), { recursive: true }); // parents stay passable for the server
    if (!existsSync(dataFolder)) mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    const folder = realpathSync(dataFolder);
    const marker = readMarker(folder) ?? claim(folder);
    return homeOf(folder, checked(marker, folder));
  } catch (error) {
    if (error instanceof NewDayError) throw error;
    throw unusable(dataFolder, error);
  }
}

/** Makes the cluster's files unless they are there. Errors: `embedded_failed`, `data_folder_newer`. */
export function ensureCluster(home: ClusterHome, binDir: string): void {
  if (!existsSync(home.dataDir)) createCluster(home, binDir);
  const major = Number(readFileSync(join(home.dataDir, "PG_VERSION"), "utf8"));
  if (major !== POSTGRES_MAJOR) throw otherVersion(home.folder, `PostgreSQL ${major}`);
}

/** Removes what killed first starts left behind; call it only as the owner of the cluster. */
export function removeLeftovers(home: ClusterHome): void {
  for (const name of readdirSync(home.folder))
    if (name.startsWith(INIT_PREFIX)) removeIfPossible(join(home.folder, name));
}

/** The initdb of a starter that lost the race may still write there; the next start removes it. */
function removeIfPossible(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Only disk space: it must not stop an owner that could serve.
  }
}

/** initdb works in a sibling that is renamed when whole: `data` is a complete cluster or absent. */
function createCluster(home: ClusterHome, binDir: string): void {
  const temporary = mkdtempSync(join(home.folder, INIT_PREFIX));
  try {
    handOver(temporary, home.owner);
    initializeCluster({ binDir, dataDir: temporary, superuser: SUPERUSER, owner: home.owner });
    renameSync(temporary, home.dataDir);
    syncFolder(home.folder);
  } catch (error) {
    removeIfPossible(temporary);
    if (!existsSync(home.dataDir)) throw error; // else another starter was faster
  }
}

function claim(folder: string): Marker {
  const strangers = readdirSync(folder).filter((name) => !name.startsWith(`.${MARKER}-`));
  if (strangers.length > 0 && !existsSync(join(folder, MARKER))) throw foreign(folder, strangers);
  const elsewhere = makeHomeElsewhere(folder);
  const marker: Marker = {
    format: FORMAT,
    postgresMajor: POSTGRES_MAJOR,
    ...(elsewhere && { cluster: elsewhere }),
  };
  if (!writeMarkerOnce(folder, marker) && elsewhere) rmSync(elsewhere, { recursive: true });
  return readMarker(folder) ?? marker;
}

/** A home in the system's folder when the server's user cannot get to the named one. */
function makeHomeElsewhere(folder: string): string | undefined {
  const owner = ownerFor(folder);
  if (!owner || canEnter(dirname(folder), owner)) return undefined;
  const clusters = join(SYSTEM_FOLDER, "clusters");
  mkdirSync(clusters, { recursive: true, mode: 0o755 });
  const home = join(clusters, randomUUID());
  mkdirSync(home, { mode: 0o700 });
  return home;
}

/** False when another starter has written it first: `link` never replaces a file. */
function writeMarkerOnce(folder: string, marker: Marker): boolean {
  const temporary = join(folder, `.${MARKER}-${randomUUID()}`);
  const file = openSync(temporary, "wx", 0o644);
  writeFileSync(file, `${JSON.stringify(marker, null, 2)}\n`);
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(temporary, join(folder, MARKER));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
    syncFolder(folder);
  }
}

function readMarker(folder: string): Marker | undefined {
  const path = join(folder, MARKER);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Marker;
  } catch (error) {
    if (error instanceof SyntaxError) throw foreign(folder, [MARKER]);
    throw error;
  }
}

function checked(marker: Marker, folder: string): Marker {
  if (marker.format !== FORMAT) throw otherVersion(folder, `data folder format ${marker.format}`);
  if (marker.postgresMajor !== POSTGRES_MAJOR)
    throw otherVersion(folder, `PostgreSQL ${marker.postgresMajor}`);
  if (marker.cluster && !existsSync(marker.cluster))
    throw new NewDayError(
      "data_folder_unusable",
      { folder, cluster: marker.cluster },
      {
        message:
          `The data folder ${folder} says that its database is in ${marker.cluster}, which is not ` +
          "here. Bring that folder back, or name an empty data folder to start anew.",
      },
    );
  return marker;
}

function homeOf(named: string, marker: Marker): ClusterHome {
  const folder = marker.cluster ?? named;
  const owner = ownerFor(folder);
  handOver(folder, owner);
  if (owner) chmodSync(folder, 0o700);
  return {
    folder,
    dataDir: join(folder, "data"),
    owner,
    elsewhere: marker.cluster !== undefined,
  };
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}

function foreign(folder: string, found: readonly string[]): NewDayError {
  const names = found.slice(0, 3).join(", ");
  return new NewDayError(
    "data_folder_foreign",
    { folder, found: found.slice(0, 10) },
    {
      message: `The folder ${folder} is not a New Day data folder (it holds ${names}). Set NEWDAY_DATA_DIR to an empty or new folder.`,
    },
  );
}

function otherVersion(folder: string, made: string): NewDayError {
  return new NewDayError(
    "data_folder_newer",
    { folder, made, supported: `PostgreSQL ${POSTGRES_MAJOR}, data folder format ${FORMAT}` },
    {
      message:
        `The data folder ${folder} was made with ${made}; this version of New Day uses PostgreSQL ` +
        `${POSTGRES_MAJOR} and data folder format ${FORMAT}. Run the version that made it, or set NEWDAY_DATA_DIR to another folder.`,
    },
  );
}

function unusable(folder: string, cause: unknown): NewDayError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NewDayError(
    "data_folder_unusable",
    { folder, reason },
    { message: `The data folder ${folder} cannot be used: ${reason}.`, cause },
  );
}
