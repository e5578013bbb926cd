/**
 * The heartbeat of a cluster: the time of `owner.lock`, renewed as long as the postmaster lives. It
 * serves hosts that share the folder through a network file system without locks. On one kernel the
 * lock decides.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessOwner } from "../cluster.ts";
import { lockFileOf, readFolderOwner } from "./folder-lock.ts";
import type { HostIdentity } from "./host-identity.ts";
import { inUseOnHost } from "./holders.ts";

const BEAT_SECONDS = 5;
/** Twelve missed beats: a host that is paused for longer than this has lost its folder. */
const STALE_MS = 60_000;

/** Ends with the postmaster, and before that with the folder. `touch -c` never makes a file. */
const BEAT = `while kill -0 "$1" 2>/dev/null && touch -c "$2" 2>/dev/null; do sleep ${BEAT_SECONDS}; done`;

/**
 * Starts the beats of the postmaster `pid` as a process of their own. A postmaster may outlive a
 * killed New Day, and its host must still look alive.
 */
export function startHeartbeat(pid: number, folder: string, owner: ProcessOwner | undefined): void {
  const child = spawn(
    "/bin/sh",
    ["-c", BEAT, "newday-heartbeat", String(pid), lockFileOf(folder)],
    {
      ...owner,
      cwd: "/",
      env: { PATH: process.env["PATH"] },
      stdio: "ignore",
      detached: true,
    },
  );
  child.on("error", () => undefined); // without a shell initdb would have failed before
  child.unref();
}

/**
 * Throws `data_folder_in_use` while another host's heartbeat is recent. After a restart of this
 * very machine it waits until the last beat is old, because every earlier process is gone.
 */
export async function refuseOtherHost(
  folder: string,
  me: HostIdentity,
  report: ((line: string) => void) | undefined,
): Promise<void> {
  const other = readFolderOwner(folder);
  if (!other || other.boot === me.boot) return;
  const left = other.beatMs + STALE_MS - fileSystemNow(folder);
  if (left <= 0) return;
  if (me.machine === "" || other.machine !== me.machine) throw inUseOnHost(folder, other, left);
  report?.(`waiting ${seconds(left)} s: this machine restarted while the data folder was in use`);
  await sleep(left);
  const later = readFolderOwner(folder);
  if (later && later.beatMs !== other.beatMs) throw inUseOnHost(folder, later, STALE_MS);
}

/** The clock that dates the beats: on NFS the file server's. */
function fileSystemNow(folder: string): number {
  const probe = join(folder, `.clock-${randomUUID()}`);
  writeFileSync(probe, "");
  const { mtimeMs } = statSync(probe);
  rmSync(probe, { force: true });
  return mtimeMs;
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
