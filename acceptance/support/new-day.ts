/**
 * New Day as an external user meets it: a checkout, `npm start`, HTTP. Imports none of its source.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { freePort } from "../../server/test/support/free-port.ts";

/** A first start installs packages; a machine with an empty cache needs its time. */
const START_DEADLINE_MS = 280_000;

export interface RunningNewDay {
  readonly base: string;
  readonly output: () => string;
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Ends all of its processes with one signal, or signals npm alone; resolves when all are gone. */
  end(signal: NodeJS.Signals, whom?: "all" | "npm"): Promise<void>;
}

/** The files of a clone, before packages and build. */
export function copyCheckout(parent: string): string {
  const target = join(parent, "newday");
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    encoding: "utf8",
  });
  for (const file of listed.split("\n").filter((name) => name && existsSync(name))) {
    mkdirSync(join(target, dirname(file)), { recursive: true });
    cpSync(file, join(target, file), { verbatimSymlinks: true });
  }
  return target;
}

/** A folder for one test, 0700 like a home; the cluster it points to is removed with it. */
export function useFolder(mode: 0o700 | 0o711 = 0o711): string {
  const folder = mkdtempSync(join(tmpdir(), "nd-acceptance-"));
  chmodSync(folder, mode);
  onTestFinished(() => {
    for (const dataFolder of [join(folder, "data"), join(folder, "newday", ".newday")])
      removeCluster(dataFolder);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function removeCluster(dataFolder: string): void {
  const marker = join(dataFolder, "newday.json");
  if (!existsSync(marker)) return;
  const { cluster } = JSON.parse(readFileSync(marker, "utf8")) as { cluster?: string };
  if (cluster) rmSync(cluster, { recursive: true, force: true });
}

/** `npm start` in a checkout, resolved when it answers. */
export async function npmStart(
  checkout: string,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningNewDay> {
  const port = await freePort();
  const child = spawn("npm", ["start"], {
    cwd: checkout,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...cleanEnvironment(), PORT: String(port), ...env },
  });
  const output = collect(child);
  let running = true;
  // The server holds the same pipes: they close when it has ended as well.
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  void ended.then(() => (running = false));
  const end = async (signal: NodeJS.Signals, whom: "all" | "npm" = "all") => {
    if (running && child.pid) process.kill(whom === "npm" ? child.pid : -child.pid, signal);
    await ended;
  };
  onTestFinished(() => end("SIGTERM"));
  const base = `http://127.0.0.1:${port}`;
  await untilAnswering(base, child, output);
  return { base, output, get: (path) => getJson(base + path), end };
}

/** Runs a program to its end and returns its output and its exit. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...cleanEnvironment(), ...options.env },
  });
  const output = collect(child);
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, output: output() };
}

/** Settings that vitest and npm make for their own children must leave the tested program alone. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_lifecycle|npm_package|VITEST|NODE_ENV|DATABASE_URL|NEWDAY_|PORT|HOST)/.test(name),
  );
  return { ...Object.fromEntries(kept), LC_ALL: "C" }; // the tests read English
}

/** The child of `parent` whose command line contains `word`. */
export function childOf(parent: number, word: string): number {
  const found = readdirSync("/proc").find(
    (name) =>
      /^\d+$/.test(name) &&
      readIfThere(`/proc/${name}/stat`).split(") ")[1]?.split(" ")[1] === String(parent) &&
      readIfThere(`/proc/${name}/cmdline`).includes(word),
  );
  if (!found) throw new Error(`process ${parent} has no child that says ${word}`);
  return Number(found);
}

/** Processes may end during the query. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stdout?.on("data", (chunk) => (text += String(chunk)));
  child.stderr?.on("data", (chunk) => (text += String(chunk)));
  return () => text;
}

async function untilAnswering(
  base: string,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answered = await fetch(`${base}/healthz`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(50);
  }
  throw new Error(`npm start did not answer:\n${output()}`);
}

async function getJson(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
