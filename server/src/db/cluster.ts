/**
 * A PostgreSQL server of our own as a child process, on a private Unix socket.
 *
 * The same code runs the embedded database, the servers of the tests and the scratch server of
 * rehearsals. It handles files and processes only; `embedded/` decides who owns a data folder.
 */
import { spawn, spawnSync, type ChildProcess, type SpawnSyncReturns } from "node:child_process";
import { closeSync, constants, fchownSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NewDayError } from "../errors/errors.ts";
import { verbatim, type Message } from "../lib/messages.ts";
import { NAMELESS, withNamelessPrograms } from "./nameless-programs.ts";

/** PostgreSQL refuses to run as root; `nobody` exists on every Debian and owns no files. */
const UNPRIVILEGED_UID = 65534;
const UNPRIVILEGED_GID = 65534;
/** Crash recovery of a busy database takes a while on a slow disk and must be given its time. */
const READY_TIMEOUT_MS = 120_000;
/** A fast shutdown writes a checkpoint: up to max_wal_size of dirty pages on a slow disk. */
const STOP_TIMEOUT_MS = 60_000;
/** A signal asks for the end of the whole process within seconds. */
const ABANDON_TIMEOUT_MS = 4_000;
/** A new log at each start. O_NOFOLLOW: prevents a symlink attack on the log file. */
const LOG_FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);

export interface ProcessOwner {
  readonly uid: number;
  readonly gid: number;
}

export interface ClusterOptions {
  /** Folder with `initdb` and `postgres`; the unprivileged user must be able to read it. */
  readonly binDir: string;
  readonly dataDir: string;
  readonly socketDir: string;
  /** Lines for the command line, such as `fsync=on`. They win over postgresql.conf. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** Number in the name of the socket file; TCP stays off. */
  readonly port: number;
  readonly superuser: string;
  /** Runs the server under these ids instead of `clusterOwner()`. */
  readonly owner?: ProcessOwner | undefined;
  /** Open files that the server and all its children keep open: what is locked stays locked. */
  readonly inherited?: readonly number[] | undefined;
  /** Stops the server while it is starting. */
  readonly stop?: AbortSignal | undefined;
  /** Called with the server's pid while it is still starting. */
  readonly spawned?: (pid: number) => void;
}

export interface RunningCluster {
  readonly pid: number;
  readonly socketDir: string;
  readonly port: number;
  /** Fast shutdown: sessions end, everything committed is on disk. Resolves when it is down. */
  stop(): Promise<void>;
}

/** The ids under which PostgreSQL runs: ours, or `nobody` when we are root. */
export function clusterOwner(): ProcessOwner | undefined {
  return process.getuid?.() === 0 ? { uid: UNPRIVILEGED_UID, gid: UNPRIVILEGED_GID } : undefined;
}

type InitOptions = Pick<ClusterOptions, "binDir" | "dataDir" | "superuser" | "owner">;

/**
 * Creates the cluster's files, also when this process runs under a user id without a name. Throws
 * `embedded_failed` with initdb's message.
 */
export function initializeCluster(options: InitOptions): void {
  const { binDir, dataDir } = options;
  let result = runInitdb(binDir, options);
  if (!(options.owner ?? clusterOwner()) && result.stderr?.includes(NAMELESS))
    result = withNamelessPrograms(binDir, `${dataDir}.programs`, (copies) =>
      runInitdb(copies, options),
    );
  if (result.status !== 0)
    throw failedIn("initdb", dataDir, tail(result.stderr || result.error?.message || ""));
}

function runInitdb(binDir: string, options: InitOptions): SpawnSyncReturns<string> {
  return spawnSync(
    join(binDir, "initdb"),
    [
      "-D",
      options.dataDir,
      "-U",
      options.superuser,
      "--auth=trust",
      "--encoding=UTF8",
      "--locale=C",
      "--data-checksums",
    ],
    {
      ...(options.owner ?? clusterOwner()),
      cwd: "/",
      env: serverEnvironment(),
      encoding: "utf8",
    },
  );
}

/**
 * Starts the server and resolves when it accepts connections. Its log is `<dataDir>.log`, beside the
 * folder, because recovery opens every file inside it. Throws `embedded_failed` with the log's end.
 */
export async function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  const log = `${options.dataDir}.log`;
  const logFile = openSync(log, LOG_FLAGS, 0o600);
  const owner = options.owner ?? clusterOwner();
  if (owner) fchownSync(logFile, owner.uid, owner.gid); // or its next start without root fails
  const child = spawn(join(options.binDir, "postgres"), serverArguments(options), {
    ...owner,
    cwd: "/",
    env: serverEnvironment(),
    // A pipe would die with us and take the server along.
    stdio: ["ignore", logFile, logFile, ...(options.inherited ?? [])],
    detached: true, // Ctrl-C in a terminal must reach us first, so that we stop it in order
  });
  closeSync(logFile);
  const failure = spawnFailure(child);
  if (child.pid !== undefined) options.spawned?.(child.pid);
  await untilReady(options, child, () => failure.text || tail(readFileSync(log, "utf8")));
  child.unref();
  const pid = child.pid ?? -1;
  return {
    pid,
    socketDir: options.socketDir,
    port: options.port,
    stop: () => stopServer(pid),
  };
}

function serverArguments(options: ClusterOptions): string[] {
  const settings = {
    // A list, separated by commas: quotes keep a comma of the path in it.
    unix_socket_directories: `"${options.socketDir.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    listen_addresses: "",
    port: options.port,
    ...options.settings,
  };
  return [
    "-D",
    options.dataDir,
    ...Object.entries(settings).flatMap(([k, v]) => ["-c", `${k}=${v}`]),
  ];
}

/** A clean environment: a stray PGDATA or LC_ALL of the caller must leave our server alone. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
}

function spawnFailure(child: ChildProcess): { text: string } {
  const failure = { text: "" };
  child.on("error", (error) => (failure.text = error.message));
  return failure;
}

/** What PostgreSQL writes below an error; a hint is what a person can do. */
const EXPLANATION = /^.*?(?:DETAIL|HINT|\bdetail|\bhint): */;

const NO_REASON: Message = { en: "it gave no reason.", zh: "未给出原因。" };

/** The message ends with PostgreSQL's own reason and what it says about it, because both help. */
function failedIn(step: string, dataDir: string, output: string): NewDayError {
  const lines = output.split("\n").filter(Boolean);
  const found = lines.findLastIndex((line) => /FATAL|PANIC|error:/.test(line));
  const last = found === -1 ? lines.length - 1 : found;
  const reason = lines[last] ?? "";
  const following = lines.slice(last + 1);
  const end = following.findIndex((line) => !EXPLANATION.test(line));
  const explanations = end === -1 ? following : following.slice(0, end);
  const words = reason.replace(/^.*?(FATAL|PANIC|error): */, "");
  const sentences = [
    ...(words ? [words] : []),
    ...explanations.map((line) => line.replace(EXPLANATION, "")),
  ];
  const text = sentences.map((sentence) => sentence.replace(/\.?$/, ".")).join(" ");
  const said = text === "" ? NO_REASON : verbatim(text);
  return new NewDayError(
    "embedded_failed",
    { step, dataDir, output },
    {
      message: {
        en: `PostgreSQL failed in ${step} on ${dataDir}: ${said.en}`,
        zh: `PostgreSQL 在 ${dataDir} 执行 ${step} 时失败：${said.zh}`,
      },
    },
  );
}

function tail(text: string): string {
  return text.slice(-2000).trim();
}

/**
 * Stops a server that is starting. A fast shutdown ends a recovery too; the next start goes on with it. One that
 * is halted answers no request.
 */
export async function abandonStart(pid: number): Promise<never> {
  await stopServer(pid, ABANDON_TIMEOUT_MS).catch(() => process.kill(pid, "SIGKILL"));
  throw new NewDayError("shutting_down");
}

/** PostgreSQL writes `ready` as the last line of postmaster.pid once it accepts connections. */
async function untilReady(
  options: ClusterOptions,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!isReady(options.dataDir, child.pid)) {
    const exited = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (exited || Date.now() > deadline) {
      if (!exited) child.kill("SIGKILL");
      throw failedIn("start", options.dataDir, output());
    }
    if (options.stop?.aborted && child.pid !== undefined) await abandonStart(child.pid);
    await sleep(10);
  }
}

function isReady(dataDir: string, pid: number | undefined): boolean {
  const postmaster = readPostmaster(dataDir);
  return postmaster?.status === "ready" && postmaster.pid === pid;
}

/** The content of postmaster.pid; undefined for a missing or half-written file. */
export function readPostmaster(
  dataDir: string,
): { pid: number; port: number; socketDir: string; status: string } | undefined {
  const lines = readIfThere(join(dataDir, "postmaster.pid"))?.split("\n") ?? [];
  const [pid, , , port, socketDir, , , status] = lines;
  if (pid === undefined || port === undefined || socketDir === undefined) return undefined;
  return { pid: Number(pid), port: Number(port), socketDir, status: status?.trim() ?? "starting" };
}

/**
 * A zombie counts as dead: in a container whose first process reaps no children it stays for ever.
 */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !/^\d+ \(.*\) [ZX]/s.test(readIfThere(`/proc/${pid}/stat`) ?? "");
}

/**
 * The number of a process that SIGSTOP halted: this one or a child of it. Undefined when none is, and
 * where /proc is missing (macOS).
 */
export function findHaltedProcess(pid: number): number | undefined {
  const children = readIfThere(`/proc/${pid}/task/${pid}/children`)?.split(" ") ?? [];
  return [pid, ...children.map(Number)].find((one) =>
    /^\d+ \(.*\) T/s.test(readIfThere(`/proc/${one}/stat`) ?? ""),
  );
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * SIGINT is PostgreSQL's fast shutdown; a server that stays is reported, and kill -9 is left to a
 * person.
 */
export async function stopServer(pid: number, timeoutMs = STOP_TIMEOUT_MS): Promise<void> {
  if (!isProcessAlive(pid)) return;
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + timeoutMs;
  while (isProcessAlive(pid)) {
    if (Date.now() > deadline) throw doesNotStop(pid, timeoutMs);
    await sleep(10);
  }
}

function doesNotStop(pid: number, timeoutMs: number): NewDayError {
  const seconds = timeoutMs / 1000;
  return new NewDayError(
    "embedded_failed",
    { step: "stop", pid },
    {
      message: {
        en: `PostgreSQL (process ${pid}) has not stopped within ${seconds} s.`,
        zh: `PostgreSQL（进程 ${pid}）在 ${seconds} 秒内未停止。`,
      },
      remedy: {
        en: `End process ${pid} by hand; committed data is on disk.`,
        zh: `请手动结束进程 ${pid}；已提交的数据已写入磁盘。`,
      },
    },
  );
}
