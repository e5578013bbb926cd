/** One command of `newday` as a process, with its time and the memory of every process that works for it. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** Benchmarks run in the root of the repository. */
const CLI = resolve("server/bin/newday.mjs");
const SAMPLE_MS = 250;
const KB_PER_MB = 1024;

export interface MeasuredCommand {
  readonly status: number | null;
  readonly output: string;
  readonly seconds: number;
  /** Largest memory of the command's own process. */
  readonly toolMb: number;
  /** Of its child processes together: pg_dump, pg_restore, the scratch server. */
  readonly helpersMb: number;
  /** Of the repaired server's processes together, shared memory counted once. */
  readonly serverMb: number;
}

export async function runMeasured(
  args: readonly string[],
  {
    cwd,
    postmaster,
    url,
  }: { readonly cwd: string; readonly postmaster: number; readonly url: string },
): Promise<MeasuredCommand> {
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...process.env, LANG: "C.UTF-8", DATABASE_URL: url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (output += String(chunk)));
  const peak = { toolMb: 0, helpersMb: 0, serverMb: 0 };
  const sampler = setInterval(() => sample(child.pid ?? 0, postmaster, peak), SAMPLE_MS);
  const status = await new Promise<number | null>((ended) => child.once("close", ended));
  clearInterval(sampler);
  return { status, output, seconds: (performance.now() - started) / 1000, ...peak };
}

type Peak = { toolMb: number; helpersMb: number; serverMb: number };

function sample(tool: number, postmaster: number, peak: Peak): void {
  const parents = readParents();
  const helpers = descendantsOf(tool, parents);
  const server = [postmaster, ...descendantsOf(postmaster, parents)];
  peak.toolMb = Math.max(peak.toolMb, largestMemoryOf(tool));
  peak.helpersMb = Math.max(peak.helpersMb, memoryOf(helpers));
  peak.serverMb = Math.max(peak.serverMb, memoryOf(server));
}

/** Parents by process id. */
function readParents(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = /^PPid:\s+(\d+)$/m.exec(readIfThere(`/proc/${name}/status`))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  return parents;
}

function descendantsOf(root: number, parents: ReadonlyMap<number, number>): number[] {
  const found = [...parents].filter(([, parent]) => parent === root).map(([pid]) => pid);
  return found.flatMap((pid) => [pid, ...descendantsOf(pid, parents)]);
}

/** The kernel's own record of a process. */
function largestMemoryOf(pid: number): number {
  const status = readIfThere(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / KB_PER_MB;
}

/** The proportional set size: memory that processes share is counted once. */
function memoryOf(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids)
    kilobytes += Number(
      /^Pss:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0,
    );
  return kilobytes / KB_PER_MB;
}

/** Empty when the process has ended meanwhile. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
