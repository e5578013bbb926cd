/**
 * The data folder: its ownership, the place of its cluster, and the cluster's first files.
 *
 * A folder is ours when it holds `newday.json`, written before anything else; a folder with other
 * content is refused untouched. The cluster is in the folder itself. When that is closed to the
 * server's unprivileged user, it is under `/var/lib/newday/clusters/<id>`, with the id in that
 * file. Each step is atomic, so a process killed at any point leaves a state that the next start
 * completes.
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
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isNewDayError, NewDayError } from "../../errors/errors.ts";
import { verbatim, type Message } from "../../lib/messages.ts";
import { makeFolder } from "../../lib/make-folder.ts";
import { clusterOwner, initializeCluster, type ProcessOwner } from "../cluster.ts";
import { NAMELESS } from "../nameless-programs.ts";
import { SYSTEM_FOLDER } from "./binaries.ts";
import { readFolderOwner } from "./folder-lock.ts";
import { unusableFolder } from "./unusable-folder.ts";
import { canEnter, DEDICATED, handOver, handOverTree, ownerFor } from "./unprivileged.ts";

export const SUPERUSER = "newday";
const MARKER = "newday.json";
/** Raised when the layout of the files changes. */
const FORMAT = 1;
/** PostgreSQL demands that its own user alone can read its files. */
const PRIVATE_MODE = 0o700;
/** For the moment in which another user's initdb works inside. */
const PASSABLE_MODE = 0o711;
export const POSTGRES_MAJOR = 18;
const INIT_PREFIX = "data.init-";

interface Marker {
  readonly format: number;
  readonly postgresMajor: number;
  /** Folder of a cluster outside the data folder. */
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
 * Finds or creates the home of the cluster. Errors: `data_folder_foreign`, `data_folder_newer`,
 * `data_folder_unusable`.
 */
export function openDataFolder(named: string): ClusterHome {
  const dataFolder = resolve(named);
  try {
    makeFolder(dataFolder, PRIVATE_MODE);
    const folder = realpathSync(dataFolder);
    const marker = readMarker(folder) ?? claim(folder);
    return homeOf(folder, checked(marker, folder));
  } catch (error) {
    if (error instanceof NewDayError) throw error;
    throw unusableFolder(dataFolder, error);
  }
}

/**
 * As `openDataFolder`, read-only, for commands. A database that a server is creating right now
 * counts as present. Errors: as there, and `data_folder_unusable` for a missing database.
 */
export function findDataFolder(named: string): ClusterHome {
  const dataFolder = resolve(named);
  if (!existsSync(join(dataFolder, MARKER))) throw absent(dataFolder);
  const home = openDataFolder(dataFolder);
  if (!readFolderOwner(home.folder)) requireCluster(home);
  return home;
}

/** Errors: `data_folder_unusable` for a missing cluster. */
export function requireCluster({ folder, dataDir }: ClusterHome): void {
  if (!existsSync(join(dataDir, "PG_VERSION"))) throw absent(folder);
}

/**
 * Gives the files to the user of the server, with the modes that PostgreSQL demands: a copy made by
 * root belongs to root, and a copy made without `-p` has its maker's modes. Call it with the lock.
 */
export function prepareOwnership({ folder, dataDir, owner }: ClusterHome): void {
  if (owner) {
    handOver(folder, owner);
    chmodSync(folder, PRIVATE_MODE);
  }
  if (!existsSync(dataDir)) return;
  if (owner) handOverTree(dataDir, owner);
  makePrivate(dataDir);
}

/** Creates missing files of the cluster. Errors: `embedded_failed`, `data_folder_newer`. */
export function ensureCluster(home: ClusterHome, binDir: string): void {
  if (!existsSync(home.dataDir)) createCluster(home, binDir);
  const major = Number(readFileSync(join(home.dataDir, "PG_VERSION"), "utf8"));
  if (major !== POSTGRES_MAJOR) throw otherVersion(home.folder, verbatim(`PostgreSQL ${major}`));
}

/** Removes leftovers of killed first starts; for the owner of the cluster only. */
export function removeLeftovers(home: ClusterHome): void {
  for (const name of readdirSync(home.folder))
    if (name.startsWith(INIT_PREFIX)) removeIfPossible(join(home.folder, name));
}

/** The initdb of a starter that lost the race may still write there; the next start removes it. */
function removeIfPossible(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Costs disk space only, so a failure here leaves the owner serving.
  }
}

/** initdb works in a sibling that is renamed when whole: `data` is a complete cluster or absent. */
function createCluster(home: ClusterHome, binDir: string): void {
  const temporary = mkdtempSync(join(home.folder, INIT_PREFIX));
  try {
    runInitdb(home, binDir, temporary);
    renameSync(temporary, home.dataDir);
    syncFolder(home.folder);
  } catch (error) {
    removeIfPossible(temporary);
    throw error;
  }
}

/**
 * initdb needs the name of its user, which the data folder's own id lacks. As root, `nobody`
 * creates the files and hands them over.
 */
function runInitdb({ folder, owner }: ClusterHome, binDir: string, dataDir: string): void {
  const run = (user: ProcessOwner | undefined) => {
    handOver(dataDir, user);
    initializeCluster({ binDir, dataDir, superuser: SUPERUSER, owner: user });
  };
  if (!owner || owner.uid !== DEDICATED.uid) {
    const failure = failureOf(() => run(owner));
    if (!failure) return;
    if (!isNameless(failure)) throw failure;
    if (!owner) throw nameless(failure);
  }
  chmodSync(folder, PASSABLE_MODE);
  run(clusterOwner());
  handOverTree(dataDir, owner);
  chmodSync(folder, PRIVATE_MODE);
}

function failureOf(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

function isNameless(error: unknown): boolean {
  return isNewDayError(error) && String(error.details["output"]).includes(NAMELESS);
}

function claim(folder: string): Marker {
  const otherFiles = readdirSync(folder).filter((name) => !name.startsWith(`.${MARKER}-`));
  if (otherFiles.length > 0 && !existsSync(join(folder, MARKER))) throw foreign(folder, otherFiles);
  const elsewhere = makeHomeElsewhere(folder);
  const marker: Marker = {
    format: FORMAT,
    postgresMajor: POSTGRES_MAJOR,
    ...(elsewhere && { cluster: elsewhere }),
  };
  if (!writeMarkerOnce(folder, marker) && elsewhere) rmSync(elsewhere, { recursive: true });
  return readMarker(folder) ?? marker;
}

/** A home in the system's folder when the named one is closed to the server's user. */
function makeHomeElsewhere(folder: string): string | undefined {
  const owner = ownerFor(folder);
  if (!owner || canEnter(dirname(folder), owner)) return undefined;
  const clusters = join(SYSTEM_FOLDER, "clusters");
  mkdirSync(clusters, { recursive: true, mode: 0o755 });
  const home = join(clusters, randomUUID());
  mkdirSync(home, { mode: 0o700 });
  return home;
}

/** False when another starter wrote it first: `link` keeps an existing file. */
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
  const { format } = marker;
  if (format !== FORMAT)
    throw otherVersion(folder, {
      en: `data folder format ${format}`,
      zh: `数据目录格式 ${format}`,
    });
  if (marker.postgresMajor !== POSTGRES_MAJOR)
    throw otherVersion(folder, verbatim(`PostgreSQL ${marker.postgresMajor}`));
  if (marker.cluster && !existsSync(marker.cluster))
    throw new NewDayError(
      "data_folder_unusable",
      { folder, cluster: marker.cluster },
      {
        message: {
          en: `The data folder ${folder} says that its database is in ${marker.cluster}, which is not here. Bring that folder back, or name an empty data folder to start anew.`,
          zh: `数据目录 ${folder} 记录其数据库在 ${marker.cluster}，但该目录不存在。请恢复该目录，或指定一个空的数据目录重新开始。`,
        },
      },
    );
  return marker;
}

function homeOf(named: string, marker: Marker): ClusterHome {
  const folder = marker.cluster ?? named;
  const owner = ownerFor(folder);
  return {
    folder,
    dataDir: join(folder, "data"),
    owner,
    elsewhere: marker.cluster !== undefined,
  };
}

/**
 * Only its owner may change a mode; for other users PostgreSQL's own message explains the fault.
 */
function makePrivate(dataDir: string): void {
  try {
    if ((statSync(dataDir).mode & 0o077) !== 0) chmodSync(dataDir, PRIVATE_MODE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}

function foreign(folder: string, found: readonly string[]): NewDayError {
  if (existsSync(join(folder, "data", "PG_VERSION"))) return withoutMarker(folder);
  const names = found.slice(0, 3).join(", ");
  return new NewDayError(
    "data_folder_foreign",
    { folder, found: found.slice(0, 10) },
    {
      message: {
        en: `The folder ${folder} is not a New Day data folder (it holds ${names}). Set NEWDAY_DATA_DIR to an empty or new folder.`,
        zh: `目录 ${folder} 不是 New Day 的数据目录（其中有 ${names}）。请将 NEWDAY_DATA_DIR 设为空目录或新目录。`,
      },
    },
  );
}

/** A database is there: its folder must not be taken for an unrelated one. */
function withoutMarker(folder: string): NewDayError {
  const marker = JSON.stringify({ format: FORMAT, postgresMajor: POSTGRES_MAJOR });
  return new NewDayError(
    "data_folder_unusable",
    { folder, marker: MARKER },
    {
      message: {
        en: `The folder ${folder} holds a database, but its ${MARKER} is missing or damaged.`,
        zh: `目录 ${folder} 中有数据库，但其 ${MARKER} 缺失或损坏。`,
      },
      remedy: {
        en: `If this New Day made it, write ${marker} into ${join(folder, MARKER)}; or restore that file from a copy.`,
        zh: `若由此版本的 New Day 创建，请将 ${marker} 写入 ${join(folder, MARKER)}；或从副本恢复该文件。`,
      },
    },
  );
}

function otherVersion(folder: string, made: Message): NewDayError {
  return new NewDayError(
    "data_folder_newer",
    {
      folder,
      made: made.en,
      supported: `PostgreSQL ${POSTGRES_MAJOR}, data folder format ${FORMAT}`,
    },
    {
      message: {
        en: `The data folder ${folder} was made with ${made.en}; this version of New Day uses PostgreSQL ${POSTGRES_MAJOR} and data folder format ${FORMAT}. Run the version that made it, or set NEWDAY_DATA_DIR to another folder.`,
        zh: `数据目录 ${folder} 由其他版本创建（${made.zh}）；此版本的 New Day 使用 PostgreSQL ${POSTGRES_MAJOR} 和数据目录格式 ${FORMAT}。请运行创建它的版本，或将 NEWDAY_DATA_DIR 设为其他目录。`,
      },
    },
  );
}

function nameless(cause: unknown): NewDayError {
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const line = `newday:x:${user}:${group}::/:/sbin/nologin`;
  return new NewDayError(
    "embedded_failed",
    { step: "initdb", user },
    {
      message: {
        en: `User ${user} has no name here, and PostgreSQL asks for one when it makes a database.`,
        zh: `用户 ${user} 在此处没有名称，而 PostgreSQL 在创建数据库时需要它。`,
      },
      remedy: {
        en: `Add the line ${line} to /etc/passwd of the image, make the data folder once as a user with a name, or set DATABASE_URL.`,
        zh: `请在镜像的 /etc/passwd 中加入一行 ${line}，或先以有名称的用户创建数据目录，或设置 DATABASE_URL。`,
      },
      cause,
    },
  );
}

function absent(folder: string): NewDayError {
  return new NewDayError(
    "data_folder_unusable",
    { folder },
    {
      message: {
        en: `There is no New Day database in ${folder}. Set NEWDAY_DATA_DIR or DATABASE_URL to the one that is meant, or make one with \`npm start\`.`,
        zh: `${folder} 中没有 New Day 数据库。请将 NEWDAY_DATA_DIR 或 DATABASE_URL 设为所指的数据库，或用 npm start 新建。`,
      },
    },
  );
}
