/** The built server on an embedded database of its own, watched through /proc. */
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const SERVER = resolve("server/dist/main.js");
const CLI = resolve("server/bin/newday.mjs");
const START_MS_MAX = 60_000;
const SAMPLE_MS = 100;

export interface ServerUnderTest {
  readonly base: string;
  readonly serviceKey: string;
  readonly output: () => string;
  readonly createKey: (role: "platform" | "operator") => string;
  /** Most bytes that the process held so far. */
  readonly peakBytes: () => number;
  /** Milliseconds in which the machine let server, database or fuzzer wait for a processor. */
  readonly starvedMs: (from: number, until: number) => number;
  readonly stop: () => Promise<void>;
  /** `newday audit` on the stopped server's data. */
  readonly audit: () => { readonly sound: boolean; readonly output: string };
  readonly remove: () => void;
}

export async function startServerUnderTest(): Promise<ServerUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "newday-fuzz-"));
  const serviceKey = `nd_service_${randomBytes(24).toString("hex")}`;
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    HOST: "127.0.0.1",
    PORT: "0",
    LC_ALL: "C",
    NEWDAY_DATA_DIR: join(folder, "data"),
    NEWDAY_SERVICE_KEYS: serviceKey,
  };
  const child = spawn(process.execPath, [SERVER], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const command = (args: readonly string[]) =>
    spawnSync(process.execPath, [CLI, ...args], { env, encoding: "utf8" });
  const base = await addressOf(() => output, child);
  const pid = child.pid ?? 0;
  const starvation = watchStarvation(pid);
  return {
    base,
    serviceKey,
    output: () => output,
    createKey(role) {
      const platform = role === "platform" ? ["--platform", "allinone"] : [];
      const made = command([
        "key",
        "create",
        ...platform,
        "--role",
        role,
        "--scopes",
        "all",
        "--json",
      ]);
      if (made.status !== 0) throw new Error(`newday key create: ${made.stderr}`);
      return (JSON.parse(made.stdout) as { key: string }).key;
    },
    peakBytes: () => 1_024 * Number(/VmHWM:\s+(\d+)/.exec(procFile(pid, "status"))?.[1] ?? 0),
    starvedMs: (from, until) => starvation.between(from, until),
    async stop() {
      starvation.stop();
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "close");
    },
    audit() {
      const { status, stdout, stderr } = command(["audit"]);
      return { sound: status === 0, output: stdout + stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function addressOf(
  output: () => string,
  child: { readonly exitCode: number | null },
): Promise<string> {
  const end = Date.now() + START_MS_MAX;
  for (;;) {
    const port = /http:\/\/localhost:(\d+)/.exec(output())?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    if (child.exitCode !== null || Date.now() > end)
      throw new Error(`the server did not start:\n${output()}`);
    await new Promise((wake) => setTimeout(wake, SAMPLE_MS));
  }
}

function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return ""; // ENOENT: it has ended, or this system has no such file
  }
}

/**
 * Adds up how long runnable threads waited for a processor: the second number of /proc/PID/schedstat. On a
 * busy machine a reply is late without any fault of the server.
 */
function watchStarvation(serverPid: number) {
  const samples: { at: number; waitedMs: number }[] = [];
  const waits = new Map<number, number>();
  let totalMs = 0;
  const sample = () => {
    const pids = [process.pid, serverPid, ...descendants(serverPid)];
    // Backends work side by side: only the longest wait of them delays a reply.
    const [own = 0, server = 0, ...database] = pids.map((pid) => {
      const waited = Number(procFile(pid, "schedstat").split(" ")[1] ?? 0) / 1e6;
      const more = waited - (waits.get(pid) ?? waited);
      waits.set(pid, waited);
      return Math.max(more, 0);
    });
    totalMs += own + server + Math.max(0, ...database);
    samples.push({ at: performance.now(), waitedMs: totalMs });
    if (samples.length > 1_000) samples.splice(0, 500);
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    between(from: number, until: number): number {
      sample();
      const before = samples.findLast(({ at }) => at <= from) ?? samples[0];
      const after = samples.find(({ at }) => at >= until) ?? samples.at(-1);
      return (after?.waitedMs ?? 0) - (before?.waitedMs ?? 0);
    },
    stop: () => clearInterval(timer),
  };
}

function descendants(pid: number): number[] {
  const children = threadsOf(pid)
    .flatMap((thread) => procFile(pid, `task/${thread}/children`).split(" "))
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // ENOENT: it has ended
  }
}
