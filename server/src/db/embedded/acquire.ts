/**
 * Becoming the owner of a cluster: start its server, or take over one that a killed process left
 * running. Exactly one of any number of simultaneous starters wins; the others are refused.
 */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isNewDayError, NewDayError } from "../../errors/errors.ts";
import { isProcessAlive, readPostmaster, startCluster, stopServer } from "../cluster.ts";
import { chooseSocketFolder, releaseSocketFolder } from "../socket-folder.ts";
import type { Binaries } from "./binaries.ts";
import { SUPERUSER, type ClusterHome } from "./data-folder.ts";
import { tryLease, type Lease, type LeaseAttempt, type OwnerRole } from "./lease.ts";
import { embeddedSettings } from "./settings.ts";
import { handOver } from "./unprivileged.ts";

/** Only part of the socket's file name; no TCP port is opened. */
const SOCKET_PORT = 5432;
const SOCKET_NAME = `.s.PGSQL.${SOCKET_PORT}`;
const POLL_MS = 20;
/** A lock file that stays empty longer was not finished by a machine that lost its power. */
const WRITING_MS = 5_000;
/** A server that is starting or stopping gets this long; recovery after a crash happens in here. */
const PATIENCE_MS = 120_000;
/** A killed owner's backend notices within milliseconds; under load we give it a little longer. */
const DEAD_OWNER_PATIENCE_MS = 10_000;

/** A command that writes nothing big is done by then; a longer one is named to whoever waits. */
const COMMAND_PATIENCE_MS = 60_000;
const COMMAND_POLL_MS = 200;

export interface AcquireOptions {
  readonly role: OwnerRole;
  /** Keeps a restarted server where its clients look for it. */
  readonly socketDir?: string;
  readonly report?: ((line: string) => void) | undefined;
}

export interface Ownership {
  readonly lease: Lease;
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly tookOver: boolean;
}

/**
 * Waits for a command that has the folder, and refuses at once while a server has it.
 * Errors: `data_folder_in_use`, `embedded_failed`.
 */
export async function acquire(
  home: ClusterHome,
  binaries: Binaries,
  { role, report, ...given }: AcquireOptions,
): Promise<Ownership> {
  let { socketDir } = given;
  const patience = patienceWithHolders(home, report);
  const deadline = Date.now() + PATIENCE_MS;
  let startedPid: number | undefined;
  for (; Date.now() < deadline; await sleep(POLL_MS)) {
    const found = readPostmaster(home.dataDir);
    if (!found) {
      socketDir ??= chooseSocketFolder(join(home.folder, "run"), SOCKET_PORT);
      startedPid = await start(home, binaries, socketDir);
    }
    const server = found ?? readPostmaster(home.dataDir);
    if (!server) continue;
    const attempt = await tryLeaseOf(server, role);
    if (attempt.outcome === "owned") {
      const tookOver = server.pid !== startedPid;
      const { pid, port, socketDir: host } = server;
      const ownership = { lease: attempt.lease, pid, host, port, tookOver };
      if (attempt.lease.serverVersion === binaries.version) return ownership;
      await stopOwned(ownership);
    } else if (attempt.outcome === "held") {
      await patience(attempt);
    } else if (!isServerOf(server.pid, home.dataDir)) {
      removeStale(join(home.dataDir, "postmaster.pid"), home.dataDir);
    }
  }
  throw new NewDayError("embedded_failed", { step: "acquire", folder: home.folder });
}

/** Early in its start a server has not written yet where it listens. */
function tryLeaseOf(
  { socketDir, port }: { socketDir: string; port: number },
  role: OwnerRole,
): Promise<LeaseAttempt> {
  return socketDir.startsWith("/")
    ? tryLease({ host: socketDir, port }, SUPERUSER, role)
    : Promise.resolve({ outcome: "silent" });
}

/** Waits a moment for a holder that may be gone soon; throws `data_folder_in_use` for any other. */
function patienceWithHolders(
  home: ClusterHome,
  report: AcquireOptions["report"],
): (held: Extract<LeaseAttempt, { outcome: "held" }>) => Promise<void> {
  const started = Date.now();
  let told = false;
  return async ({ holder, alive }) => {
    const waited = Date.now() - started;
    if (!alive && waited < DEAD_OWNER_PATIENCE_MS) return;
    const isCommand = alive && holder?.role === "command";
    if (!isCommand || waited >= COMMAND_PATIENCE_MS) throw inUse(home, holder?.pid);
    if (!told)
      report?.(`waiting for the newday command that has the data folder (process ${holder.pid})`);
    told = true;
    await sleep(COMMAND_POLL_MS);
  };
}

/** The new server's pid, or undefined when it is worth another look at what is there. */
async function start(
  home: ClusterHome,
  binaries: Binaries,
  socketDir: string,
): Promise<number | undefined> {
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  handOver(socketDir, home.owner);
  removeStale(join(socketDir, `${SOCKET_NAME}.lock`), home.dataDir);
  try {
    const cluster = await startCluster({
      binDir: binaries.binDir,
      dataDir: home.dataDir,
      socketDir,
      settings: embeddedSettings(),
      port: SOCKET_PORT,
      superuser: SUPERUSER,
      owner: home.owner,
    });
    return cluster.pid;
  } catch (error) {
    const another = existsSync(join(home.dataDir, "postmaster.pid"));
    if (another || isStillDying(error)) return undefined;
    throw error;
  }
}

/** The sessions of a server that was killed hold its memory for a moment longer. */
function isStillDying(error: unknown): boolean {
  return (
    isNewDayError(error) &&
    String(error.details["output"]).includes("pre-existing shared memory block")
  );
}

/**
 * Stops the server of a cluster that we own. The lease ends with its server: had it ended before,
 * whoever waits for it would own a server that is going.
 */
export async function stopOwned({ lease, pid, host }: Ownership): Promise<void> {
  await stopServer(pid);
  await lease.connection.close().catch(() => undefined); // the server has ended it
  releaseSocketFolder(host);
}

/**
 * After a power loss the number in postmaster.pid may be any process of today; PostgreSQL itself
 * would refuse to start then. The command line tells; where there is none to read, we believe it.
 */
function isServerOf(pid: number, dataDir: string): boolean {
  if (!isProcessAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(dataDir);
  } catch {
    return !existsSync("/proc/self") && isProcessAlive(pid);
  }
}

/**
 * Removes a lock file whose process is no server of ours. A starter beside us may replace the file at
 * any moment, so it is moved aside first and put back when it turns out to belong to a live server.
 */
function removeStale(lockFile: string, dataDir: string): void {
  const aside = `${lockFile}.stale-${randomUUID()}`;
  try {
    renameSync(lockFile, aside);
  } catch {
    return; // gone already
  }
  const pid = Number.parseInt(readFileSync(aside, "utf8"), 10);
  const beingWritten = Number.isNaN(pid) && Date.now() - statSync(aside).mtimeMs < WRITING_MS;
  if (beingWritten || isServerOf(pid, dataDir)) renameSync(aside, lockFile);
  else rmSync(aside, { force: true });
}

function inUse(home: ClusterHome, holder: number | undefined): NewDayError {
  const who = holder === undefined ? "another New Day process" : `New Day process ${holder}`;
  return new NewDayError(
    "data_folder_in_use",
    { folder: home.folder, pid: holder ?? null },
    {
      message: `The data folder ${home.folder} is in use by ${who}. Stop that one, or set NEWDAY_DATA_DIR to another folder.`,
    },
  );
}
