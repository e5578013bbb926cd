/**
 * The folder of the sockets of running repairs: owned by the user, closed to others.
 *
 * An open socket can stop a repair, so a folder made by or open to another user is refused.
 */
import { lstatSync, mkdirSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SUFFIX = ".sock";
/** The kernel keeps a socket's path in 108 bytes, with the zero at its end. */
const LONGEST_PATH = 107;

/** The folder, made if need be; undefined when it is untrustworthy. */
export function controlFolder(): string | undefined {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  const folder = join(tmpdir(), `newday-repair-${uid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const facts = lstatSync(folder);
    const isOurs = facts.isDirectory() && facts.uid === uid && (facts.mode & 0o077) === 0;
    return isOurs ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where the path would be too long for a socket. */
export function socketPath(folder: string, runId: string): string | undefined {
  const path = join(folder, `${runId}${SUFFIX}`);
  return Buffer.byteLength(path) <= LONGEST_PATH ? path : undefined;
}

/** Ids of the runs that have, or had, a socket. */
export function runIdsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .toSorted();
}
