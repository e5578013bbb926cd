/**
 * The lock on a data folder: flock(2) on the folder itself and on `owner.lock`, held by open files
 * that the postmaster and all its children inherit. The kernel releases it with the last of these
 * processes, in whatever namespace, container or user they run. So a leftover file is harmless, and
 * so is a deleted one: cleaners remove lock files, but the folder keeps its inode. The file is for
 * NFS, which locks no folders.
 *
 * Node lacks flock. A standard tool locks the open file that it inherits, and ends: the lock
 * belongs to the open file.
 */
import { spawnSync } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { NewDayError } from "../../errors/errors.ts";
import type { ProcessOwner } from "../cluster.ts";
import type { HostIdentity } from "./host-identity.ts";
import type { OwnerRole } from "./lease.ts";
import { handOver } from "./unprivileged.ts";

const LOCK_FILE = "owner.lock";
const FOLDER_FLAGS = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0);
/** Where the tool finds the open file. */
const DESCRIPTOR = 3;
/** NFS grants an exclusive lock to writers only. O_NOFOLLOW prevents a symlink attack. */
const OPEN_FLAGS = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
const WRITE_FLAGS = constants.O_WRONLY | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);
/** From sys/fcntl.h of macOS, which locks while it opens: O_EXLOCK and O_NONBLOCK. */
const MACOS_LOCK_FLAGS = 0x20 | 0x4;
/** The silent exit code of a tool when another process has the lock. */
const CONFLICT = 1;

/** LOCK_EX | LOCK_NB and EWOULDBLOCK have these numbers on every Linux. */
const PERL = 'open(my $f, "+>&=", 3) or die $!; exit 0 if flock($f, 6); exit 1 if $! == 11; die $!';
const PYTHON = `import fcntl, sys
try: fcntl.flock(3, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError: sys.exit(1)`;
/** util-linux, BusyBox as in Alpine, and the tools of every Debian and Red Hat. */
const TOOLS: readonly (readonly [command: string, ...args: string[]])[] = [
  ["flock", "-n", "-x", String(DESCRIPTOR)],
  ["busybox", "flock", "-n", "-x", String(DESCRIPTOR)],
  ["perl", "-e", PERL],
  ["python3", "-c", PYTHON],
];

/** The folder's holder, as written into the lock file. */
export interface FolderOwner extends HostIdentity {
  readonly process: number;
  readonly role: OwnerRole;
}

export interface FolderLock {
  /** To be inherited by the postmaster. */
  readonly descriptors: readonly number[];
  /** Closes our copy; the lock lives on in processes that inherited it. */
  release(): void;
}

export function lockFileOf(folder: string): string {
  return join(folder, LOCK_FILE);
}

/**
 * Returns the lock, or undefined while another process has it. Errors: `data_folder_unusable` where
 * locks are unsupported.
 */
export function tryLockFolder(
  folder: string,
  owner: ProcessOwner | undefined,
): FolderLock | undefined {
  const ofFolder = lockFolderItself(folder);
  if (ofFolder === "held") return undefined;
  const path = lockFileOf(folder);
  const descriptors = ofFolder === "unsupported" ? [] : [ofFolder];
  const release = () => descriptors.forEach((descriptor) => closeSync(descriptor));
  try {
    const ofFile = openLocked(path, OPEN_FLAGS);
    if (ofFile !== undefined) {
      descriptors.push(ofFile);
      handOver(path, owner);
      return { descriptors, release };
    }
  } catch (error) {
    release();
    throw error;
  }
  release();
  return undefined;
}

/** NFS grants an exclusive lock to writers only, and a folder cannot be opened for writing. */
function lockFolderItself(folder: string): number | "held" | "unsupported" {
  try {
    return openLocked(folder, FOLDER_FLAGS) ?? "held";
  } catch {
    return "unsupported"; // the lock on the file decides, and tells why when it is unsupported too
  }
}

/**
 * Writes the holder's name; the file's time is the heartbeat's first beat. Call it as the owner.
 */
export function writeFolderOwner(folder: string, owner: FolderOwner): void {
  rewrite(folder, `${JSON.stringify(owner)}\n`);
}

/** Empties the file after a clean stop: later starts then need no wait for a heartbeat. */
export function clearFolderOwner(folder: string): void {
  rewrite(folder, "");
}

function rewrite(folder: string, text: string): void {
  const file = openSync(lockFileOf(folder), WRITE_FLAGS);
  writeSync(file, text);
  closeSync(file);
}

/** The present or past holder, and the time of the last heartbeat; undefined after a clean stop. */
export function readFolderOwner(
  folder: string,
): (FolderOwner & { readonly beatMs: number }) | undefined {
  let file: number;
  try {
    file = openSync(lockFileOf(folder), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch {
    return undefined;
  }
  try {
    const owner = JSON.parse(readFileSync(file, "utf8")) as FolderOwner;
    return { ...owner, beatMs: fstatSync(file).mtimeMs };
  } catch {
    return undefined; // empty, or being written at this moment
  } finally {
    closeSync(file);
  }
}

/** Undefined when another process has the lock. */
function openLocked(path: string, flags: number): number | undefined {
  if (process.platform === "darwin") return openExclusively(path, flags);
  const descriptor = openSync(path, flags, 0o600);
  try {
    if (lockOpenFile(descriptor, path)) return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  closeSync(descriptor);
  return undefined;
}

function openExclusively(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags | MACOS_LOCK_FLAGS, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}

/** False when another process has the lock. */
function lockOpenFile(descriptor: number, path: string): boolean {
  for (const [command, ...args] of TOOLS) {
    const { status, error, stderr } = spawnSync(command, args, {
      stdio: ["ignore", "ignore", "pipe", descriptor],
      encoding: "utf8",
    });
    if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") continue;
    if (status === 0) return true;
    if (status === CONFLICT && stderr === "") return false;
    throw cannotLock(path, (stderr || error?.message || `${command} ended with ${status}`).trim());
  }
  const names = TOOLS.map(([command]) => command).join(", ");
  throw cannotLock(path, `none of ${names} is installed`);
}

function cannotLock(path: string, reason: string): NewDayError {
  return new NewDayError(
    "data_folder_unusable",
    { path, reason },
    {
      message: {
        en: `The data folder cannot be locked (${path}): ${reason}.`,
        zh: `数据目录无法加锁（${path}）：${reason}。`,
      },
      remedy: {
        en: "Install flock (package util-linux), keep the data folder on a file system with locks, or set DATABASE_URL.",
        zh: "请安装 flock（util-linux 软件包），将数据目录放在支持锁的文件系统上，或设置 DATABASE_URL。",
      },
    },
  );
}
