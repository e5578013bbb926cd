/** Finds the server of a cluster: its process in this namespace, its socket from any namespace. */
import { existsSync, readFileSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";
import { isProcessAlive, readPostmaster } from "../cluster.ts";
import { SUPERUSER, type ClusterHome } from "./data-folder.ts";
import { inspectLease, type LeaseView } from "./lease.ts";

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  readonly socketDir: string;
}

export interface ReachableServer {
  readonly host: string;
  readonly port: number;
  readonly view: Exclude<LeaseView, { outcome: "silent" }>;
}

/** The server that postmaster.pid names, when that process is one of ours and of this namespace. */
export function findServerProcess({ dataDir }: ClusterHome): ServerProcess | undefined {
  const server = readPostmaster(dataDir);
  return server && isServerOf(server.pid, dataDir) ? server : undefined;
}

/**
 * The server of the cluster as a client finds it. Another mount namespace has the folder elsewhere,
 * so the socket beside the data is tried too. The cluster's own number excludes any other server.
 */
export async function reachServer(home: ClusterHome): Promise<ReachableServer | undefined> {
  const server = readPostmaster(home.dataDir);
  if (!server) return undefined;
  const { port } = server;
  const hosts = new Set([server.socketDir, join(home.folder, "run")]);
  for (const host of hosts) {
    if (!host.startsWith("/") || !existsSync(join(host, `.s.PGSQL.${port}`))) continue;
    const view = await inspectLease({ host, port }, SUPERUSER);
    if (view.outcome !== "silent" && view.cluster === clusterNumber(home.dataDir))
      return { host, port, view };
  }
  return undefined;
}

/**
 * The server of a version that takes no lock, in another PID namespace. Where the number of
 * postmaster.pid is a process of this namespace, the file is stale, or was copied with the folder.
 */
export async function reachUnseenServer(home: ClusterHome): Promise<ReachableServer | undefined> {
  const server = readPostmaster(home.dataDir);
  return server && !isProcessAlive(server.pid) ? reachServer(home) : undefined;
}

/** The first eight bytes of pg_control: the number that initdb gave to this cluster. */
function clusterNumber(dataDir: string): bigint {
  return readFileSync(join(dataDir, "global", "pg_control")).readBigInt64LE(0);
}

/**
 * After a power loss or in another container the number in postmaster.pid may be any process. A
 * postmaster works in its data folder, or has it in its command line. Where both are unreadable
 * (macOS) the number is trusted.
 */
function isServerOf(pid: number, dataDir: string): boolean {
  if (!isProcessAlive(pid)) return false;
  const folder = statIfThere(`/proc/${pid}/cwd`);
  const wanted = statIfThere(dataDir);
  if (folder && wanted) return folder.dev === wanted.dev && folder.ino === wanted.ino;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(dataDir);
  } catch {
    return !existsSync("/proc/self");
  }
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
