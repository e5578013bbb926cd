/**
 * The ids of the embedded server, and the paths open to them. PostgreSQL refuses to be root, while
 * New Day in a container or under `sudo` is root. Then the server runs as the owner of its folder,
 * or as `nobody` when that owner is root.
 */
import { spawnSync } from "node:child_process";
import { chownSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { NewDayError } from "../../errors/errors.ts";
import { clusterOwner, type ProcessOwner } from "../cluster.ts";

/**
 * In the range that Debian reserves and no system hands out (policy 9.2.2; systemd's dynamic users
 * end at 65519), and below 65536, which is all that many containers have. It needs no name.
 */
export const DEDICATED: ProcessOwner = { uid: 65_527, gid: 65_527 };

/**
 * The ids for a server whose files are in `folder`; undefined for an unprivileged process, whose
 * own ids serve. `nobody` is shared with other services, which could read the data and become its
 * superuser. So files of root or `nobody` get an id of their own.
 */
export function ownerFor(folder: string): ProcessOwner | undefined {
  const shared = clusterOwner();
  if (!shared) return undefined;
  const { uid, gid } = statSync(folder);
  return uid === 0 || uid === shared.uid ? DEDICATED : { uid, gid };
}

/** Gives `path` to the ids of the server; a no-op for an unprivileged process. */
export function handOver(path: string, owner: ProcessOwner | undefined): void {
  if (owner) chownSync(path, owner.uid, owner.gid);
}

/**
 * Gives a folder and all in it to the ids of the server, unless it is theirs already. The folder itself
 * comes last, so that an interrupted change is done again. Throws `data_folder_unusable`.
 */
export function handOverTree(folder: string, { uid, gid }: ProcessOwner): void {
  const top = statSync(folder);
  const inside = statSync(join(folder, "PG_VERSION"), { throwIfNoEntry: false });
  if (top.uid === uid && (inside?.uid ?? uid) === uid) return;
  // The tool opens each folder once and follows no link that takes its place.
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const { status, stderr } = spawnSync("chown", ["-hR", `${uid}:${gid}`, ...paths], {
    encoding: "utf8",
  });
  if (status !== 0)
    throw new NewDayError(
      "data_folder_unusable",
      { folder, reason: stderr },
      {
        message: {
          en: `The files in ${folder} cannot be given to user ${uid}: ${stderr.trim()}.`,
          zh: `无法将 ${folder} 中的文件交给用户 ${uid}：${stderr.trim()}。`,
        },
      },
    );
  chownSync(folder, uid, gid);
}

/** The kernel decides, by a trial: modes alone omit ACLs and mounts. */
export function canEnter(folder: string, owner: ProcessOwner): boolean {
  return runsAs(owner, "/bin/sh", ["-c", 'cd "$1"', "sh", folder]) !== undefined;
}

/** The output of `postgres --version` under these ids, undefined when they cannot run it. */
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
