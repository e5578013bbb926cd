/**
 * Under whose ids the embedded server runs, and what those ids can reach. PostgreSQL refuses to be
 * root, while New Day in a container or under `sudo` is root: then the server runs as the owner of
 * its folder, or as `nobody` when that owner is root.
 */
import { spawnSync } from "node:child_process";
import { chownSync, statSync } from "node:fs";
import { join } from "node:path";
import { clusterOwner, type ProcessOwner } from "../cluster.ts";

/** The ids for a server whose files are in `folder`; undefined when we are not root: our own. */
export function ownerFor(folder: string): ProcessOwner | undefined {
  const fallback = clusterOwner();
  if (!fallback) return undefined;
  const { uid, gid } = statSync(folder);
  return uid === 0 ? fallback : { uid, gid };
}

/** Gives `path` to the ids of the server; does nothing when we are not root. */
export function handOver(path: string, owner: ProcessOwner | undefined): void {
  if (owner) chownSync(path, owner.uid, owner.gid);
}

/** Asked of the kernel by trying: modes alone do not know about ACLs and mounts. */
export function canEnter(folder: string, owner: ProcessOwner): boolean {
  return runsAs(owner, "/bin/sh", ["-c", 'cd "$1"', "sh", folder]) !== undefined;
}

/** What `postgres --version` prints under these ids, undefined when they cannot run it. */
export function versionOf(binDir: string, owner: ProcessOwner | undefined): string | undefined {
  const output = runsAs(owner, join(binDir, "postgres"), ["--version"]);
  return output === undefined ? undefined : /\d+(\.\d+)*/.exec(output)?.[0];
}

function runsAs(
  owner: ProcessOwner | undefined,
  command: string,
  args: readonly string[],
): string | undefined {
  const result = spawnSync(command, [...args], { ...owner, cwd: "/", encoding: "utf8" });
  return result.status === 0 ? result.stdout : undefined;
}
