/**
 * Where the servers of the tests keep their files. Every test has a database of its own, hundreds of
 * files each time: in memory that takes 20 ms, on an ordinary disk up to 300.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";

export const CLUSTER_PREFIX = "newday-test-";

const IN_MEMORY = "/dev/shm";
/** Both servers together stay below half of it. */
const ROOM_BYTES = 1_000_000_000;
/** What the tests themselves need beside it. */
const FREE_MEMORY_BYTES = 2 * ROOM_BYTES;

/** Until then another run may be about to start a server in its new folder. */
const STARTS_WITHIN_MS = 600_000;

/** A socket's path may have 107 bytes, of which servers and browsers of tests need the rest. */
const TMPDIR_BYTES_MAX = 60;

/** Gives the tests another folder for temporary files where there is no room for names in sockets. */
export function shortenTmpdir(): void {
  if (Buffer.byteLength(tmpdir()) > TMPDIR_BYTES_MAX) process.env["TMPDIR"] = "/tmp";
}

/** Memory where there is enough of it, the folder for temporary files elsewhere. */
export function clusterParent(): string {
  if (!existsSync(IN_MEMORY) || freemem() < FREE_MEMORY_BYTES) return tmpdir();
  removeAbandoned(IN_MEMORY);
  const { bavail, bsize } = statfsSync(IN_MEMORY);
  return bavail * bsize < ROOM_BYTES ? tmpdir() : IN_MEMORY;
}

/** A run that was killed leaves its folder, which would keep the memory for ever. */
function removeAbandoned(parent: string): void {
  const folders = readdirSync(parent).filter((name) => name.startsWith(CLUSTER_PREFIX));
  for (const folder of folders.map((name) => join(parent, name))) {
    const found = statSync(folder, { throwIfNoEntry: false }); // its own run may just have ended
    const isOld = found !== undefined && Date.now() - found.mtimeMs > STARTS_WITHIN_MS;
    if (isOld && !isServed(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Files of other users are left alone. */
function isServed(folder: string): boolean {
  try {
    const [pid] = readFileSync(join(folder, "data", "postmaster.pid"), "utf8").split("\n");
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return ["EPERM", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}
