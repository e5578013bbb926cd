/**
 * Becomes the owner of a cluster: starts its server, or takes over one that a killed process left
 * running. Of simultaneous starters exactly one wins; the others are refused.
 *
 * The lock on the folder says whether any process of the cluster lives, wherever it runs; a server
 * is started under the lock only. The lease names the owner of a running server.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isNewDayError, NewDayError } from "../../errors/errors.ts";
import { abandonStart, findHaltedProcess, startCluster, stopServer } from "../cluster.ts";
import { chooseSocketFolder, releaseSocketFolder } from "../socket-folder.ts";
import type { Binaries } from "./binaries.ts";
import {
  ensureCluster,
  prepareOwnership,
  requireCluster,
  SUPERUSER,
  type ClusterHome,
} from "./data-folder.ts";
import {
  clearFolderOwner,
  readFolderOwner,
  tryLockFolder,
  writeFolderOwner,
  type FolderLock,
} from "./folder-lock.ts";
import { refuseOtherHost, startHeartbeat } from "./heartbeat.ts";
import { inUseByHalted, inUseOutOfReach, isStarterAlive, patienceWithHolders } from "./holders.ts";
import { hostIdentity, type HostIdentity } from "./host-identity.ts";
import { tryLease, type Holder, type Lease, type OwnerRole } from "./lease.ts";
import {
  findServerProcess,
  reachServer,
  reachUnseenServer,
  type ServerProcess,
} from "./running-server.ts";
import { embeddedSettings } from "./settings.ts";
import { handOver } from "./unprivileged.ts";
import { unusableFolder } from "./unusable-folder.ts";

/** Only part of the socket's file name; no TCP port is opened. */
const SOCKET_PORT = 5432;
const SOCKET_NAME = `.s.PGSQL.${SOCKET_PORT}`;
/** Each turn requests the lock anew, which starts a small process. */
const POLL_MS = 40;
/** Time for a server that is starting or stopping; recovery after a crash happens within it. */
const PATIENCE_MS = 120_000;
/** A starter of another namespace makes its server reachable by then, or the folder is refused. */
const OUT_OF_REACH_MS = 5_000;
/** A starter that lives takes the lease of its own server by then. */
const STARTER_PATIENCE_MS = 10_000;

export interface AcquireOptions {
  readonly role: OwnerRole;
  /** The ownership before, whose lock and socket folder stay. */
  readonly before?: Ownership;
  readonly report?: ((line: string) => void) | undefined;
  /** Ends the attempt, and the server that it has started. */
  readonly stop?: AbortSignal | undefined;
}

export interface Ownership {
  readonly lease: Lease;
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly tookOver: boolean;
  /** undefined after a take-over: the lock is with the server's processes. */
  readonly lock: FolderLock | undefined;
}

interface Attempt {
  readonly home: ClusterHome;
  readonly binaries: Binaries;
  readonly options: AcquireOptions;
  readonly me: HostIdentity;
  readonly patience: (holder: Holder | undefined) => Promise<void>;
  readonly since: number;
  lock: FolderLock | undefined;
  startedPid: number | undefined;
}

/**
 * Waits for a command that has the folder, and refuses at once while a server has it.
 * Errors: `data_folder_in_use`, `data_folder_unusable`, `embedded_failed`, and `shutting_down` when `stop`
 * is aborted.
 */
export async function acquire(
  home: ClusterHome,
  binaries: Binaries,
  options: AcquireOptions,
): Promise<Ownership> {
  const me = hostIdentity();
  const patience = patienceWithHolders(home.folder, me, options.report);
  const lock = options.before?.lock;
  const since = Date.now();
  const attempt: Attempt = {
    home,
    binaries,
    options,
    me,
    patience,
    since,
    lock,
    startedPid: undefined,
  };
  try {
    while (Date.now() - since < PATIENCE_MS) {
      if (options.stop?.aborted) return await abandon(attempt);
      const owned = (await lockFolder(attempt)) ? await own(attempt) : await takeOver(attempt);
      if (owned?.lease.serverVersion === binaries.version) return owned;
      if (owned) await stopServerOf(owned);
      await sleep(POLL_MS);
    }
    throw new NewDayError("embedded_failed", { step: "acquire", folder: home.folder });
  } catch (error) {
    if (!lock) attempt.lock?.release();
    throw error;
  }
}

/** A server that was halted since its start gave us no lease, and would stay. */
async function abandon({ startedPid }: Attempt): Promise<never> {
  if (startedPid !== undefined) await abandonStart(startedPid);
  throw new NewDayError("shutting_down");
}

async function lockFolder(attempt: Attempt): Promise<boolean> {
  if (attempt.lock) return true;
  const { home, me, options } = attempt;
  attempt.lock = lockOrExplain(home);
  if (!attempt.lock) return false;
  await refuseOtherHost(home.folder, me, options.report);
  nameOwner(attempt);
  return true;
}

/** Errors: `data_folder_unusable`, such as for a volume that was mounted read-only. */
function lockOrExplain({ folder, owner }: ClusterHome): FolderLock | undefined {
  try {
    return tryLockFolder(folder, owner);
  } catch (error) {
    throw isNewDayError(error) ? error : unusableFolder(folder, error);
  }
}

function nameOwner({ home, me, options }: Attempt): void {
  writeFolderOwner(home.folder, { ...me, process: process.pid, role: options.role });
}

/** With the lock: every server is gone, lost our lease, or is of a version that takes no lock. */
async function own(attempt: Attempt): Promise<Ownership | undefined> {
  const { home, patience } = attempt;
  const running = findServerProcess(home);
  if (running) return leaseOf(attempt, running);
  const unseen = await reachUnseenServer(home);
  if (unseen?.view.outcome === "free") throw inUseOutOfReach(home.folder);
  if (unseen) {
    await patience(unseen.view.holder);
    return undefined;
  }
  rmSync(join(home.dataDir, "postmaster.pid"), { force: true });
  attempt.startedPid = await start(attempt);
  const started = findServerProcess(home);
  return started && leaseOf(attempt, started);
}

/** Lock refused: some process of the cluster lives, and may be an orphan to take over. */
async function takeOver(attempt: Attempt): Promise<Ownership | undefined> {
  const { home, me, since, patience } = attempt;
  const waited = Date.now() - since;
  const server = findServerProcess(home);
  const owner = readFolderOwner(home.folder);
  const reached = await reachServer(home);
  if (reached?.view.outcome === "held") {
    await patience(reached.view.holder);
    return undefined;
  }
  const starting = isStarterAlive(owner, me);
  if (!server && !starting && waited > OUT_OF_REACH_MS) throw inUseOutOfReach(home.folder);
  const halted = server && !reached ? findHaltedProcess(server.pid) : undefined;
  if (halted !== undefined && waited > OUT_OF_REACH_MS) throw inUseByHalted(home.folder, halted);
  if (!server || !reached || (starting && waited < STARTER_PATIENCE_MS)) return undefined;
  const owned = await leaseOf(attempt, { ...server, socketDir: reached.host });
  if (owned) nameOwner(attempt);
  return owned;
}

async function leaseOf(
  { options, startedPid, patience, lock }: Attempt,
  { pid, port, socketDir: host }: ServerProcess,
): Promise<Ownership | undefined> {
  // Early in its start a server has yet to write its address.
  if (!host.startsWith("/")) return undefined;
  const attempt = await tryLease({ host, port }, SUPERUSER, options.role);
  if (attempt.outcome === "held") await patience(attempt.holder);
  if (attempt.outcome !== "owned") return undefined;
  return { lease: attempt.lease, pid, host, port, tookOver: pid !== startedPid, lock };
}

/** The new server's pid, or undefined when another attempt is due. */
async function start({ home, binaries, options, lock }: Attempt): Promise<number | undefined> {
  if (options.role === "command") requireCluster(home);
  prepareOwnership(home);
  ensureCluster(home, binaries.binDir);
  const socketDir =
    options.before?.host ?? chooseSocketFolder(join(home.folder, "run"), SOCKET_PORT);
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  handOver(socketDir, home.owner);
  rmSync(join(socketDir, `${SOCKET_NAME}.lock`), { force: true });
  try {
    const cluster = await startCluster({
      binDir: binaries.binDir,
      dataDir: home.dataDir,
      socketDir,
      settings: embeddedSettings(),
      port: SOCKET_PORT,
      superuser: SUPERUSER,
      owner: home.owner,
      inherited: lock?.descriptors,
      stop: options.stop,
      spawned: (pid) => startHeartbeat(pid, home.folder, home.owner),
    });
    return cluster.pid;
  } catch (error) {
    if (isStillDying(error)) return undefined;
    throw error;
  }
}

/** The sessions of a killed server hold its memory for a moment longer. */
function isStillDying(error: unknown): boolean {
  return (
    isNewDayError(error) &&
    String(error.details["output"]).includes("pre-existing shared memory block")
  );
}

/**
 * Stops the server of an owned cluster, then returns the folder. The lease ends with its server: an
 * earlier end would make the next starter the owner of a stopping server.
 */
export async function stopOwned(home: ClusterHome, ownership: Ownership): Promise<void> {
  await stopServerOf(ownership);
  const lock = ownership.lock ?? tryLockFolder(home.folder, home.owner);
  if (!lock) return; // another starter has it by now
  clearFolderOwner(home.folder);
  lock.release();
}

async function stopServerOf({ lease, pid, host }: Ownership): Promise<void> {
  await stopServer(pid);
  await lease.connection.close().catch(() => undefined); // the server has ended it
  releaseSocketFolder(host);
}
