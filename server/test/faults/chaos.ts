/** The faults: each harms the arena for a few seconds and heals it again. */
import { spawnSync } from "node:child_process";
import { rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isProcessAlive } from "../../src/db/cluster.ts";
import { signalProcess } from "../support/signal-process.ts";
import { until } from "../support/until.ts";
import type { Arena, FaultyServer } from "./arena.ts";
import type { FoundFaults } from "./found-faults.ts";
import type { Random } from "./random.ts";

/** From one fault's end to the next one: some operations go undisturbed. */
const CALM_MS = 1_500;
/** As long as a person would take for a short outage; below the callers' ten seconds. */
const HARM_MS = 3_000;
/** After the harm has ended, every server serves again within half a minute (docs/http.md, health). */
const RECOVERY_LIMIT_MS = 30_000;
const POLL_MS = 50;
/** One chunk in so many loses its answer while answers are being lost. */
const LOSES_ONE_IN = 5;

/** Requests in flight have ten seconds, a supervisor usually waits for thirty. */
const STOP_LIMIT_MS = 30_000;

/** Resolves with what went wrong in the harm itself. */
type Fault = (arena: Arena, random: Random) => Promise<string | undefined | void>;

const FAULTS: Readonly<Record<string, Fault>> = {
  async "kill-server"({ servers }, random) {
    const server = random.pick(servers);
    server.kill("SIGKILL");
    await server.ended();
    await sleep(random.below(HARM_MS / 2));
    await server.start();
  },
  async "halt-server"({ servers }, random) {
    const server = random.pick(servers);
    server.kill("SIGSTOP");
    await sleep(HARM_MS / 2 + random.below(HARM_MS));
    server.kill("SIGCONT");
  },
  async "roll-servers"({ servers }) {
    let wrong: string | undefined;
    for (const server of servers) {
      server.kill("SIGTERM");
      const gaveUp = sleep(STOP_LIMIT_MS, "late", { ref: false });
      if ((await Promise.race([server.ended(), gaveUp])) === "late") {
        wrong = `${server.base}, after ${STOP_LIMIT_MS} ms: ${server.output().slice(-500)}`;
        server.kill("SIGKILL");
        await server.ended();
      }
      await server.start();
    }
    return wrong;
  },
  async "kill-postgres"({ postgres }, random) {
    const pids = postgres.processes();
    for (const pid of pids) signalProcess(pid, "SIGKILL");
    await until(() => !pids.some(isProcessAlive));
    await sleep(random.below(HARM_MS / 2));
    await postgres.start();
  },
  /** PostgreSQL ends all sessions and recovers by itself. */
  async "kill-backend"({ postgres }, random) {
    const [, ...children] = postgres.processes();
    signalProcess(random.pick(children), "SIGKILL");
    await sleep(HARM_MS / 3);
  },
  async "halt-postgres"({ postgres }, random) {
    const pids = postgres.processes();
    for (const pid of pids) signalProcess(pid, "SIGSTOP");
    await sleep(HARM_MS / 2 + random.below(HARM_MS));
    for (const pid of pids) signalProcess(pid, "SIGCONT");
  },
  async "restart-postgres"({ postgres }) {
    await postgres.stop();
    await postgres.start();
  },
  async "cut-lines"({ lines }, random) {
    for (let cuts = 1 + random.below(4); cuts > 0; cuts -= 1) {
      await lines.cutAll();
      await sleep(random.below(HARM_MS / 4));
    }
  },
  /** PostgreSQL does the work; the server never hears of it. */
  async "lose-answers"({ lines }, random) {
    lines.judge = () => (random.below(LOSES_ONE_IN) === 0 ? "cut-after" : "pass");
    await sleep(HARM_MS / 2);
    lines.judge = () => "pass";
  },
  async "lose-requests"({ lines }, random) {
    lines.judge = () => (random.below(LOSES_ONE_IN) === 0 ? "cut-before" : "pass");
    await sleep(HARM_MS / 2);
    lines.judge = () => "pass";
  },
  async "silence-lines"({ lines }, random) {
    lines.held = sleep(HARM_MS / 2 + random.below(HARM_MS));
    await lines.held;
    lines.held = undefined;
  },
  async "fill-disk"(arena, random) {
    const { disk, postgres } = arena;
    if (!disk) return;
    const ballast = join(disk, "ballast");
    const { bavail, bsize } = statfsSync(disk);
    spawnSync("fallocate", ["--length", `${bavail * bsize}`, ballast]);
    await needDiskNow(arena);
    await sleep(HARM_MS / 2 + random.below(HARM_MS));
    rmSync(ballast, { force: true });
    await sleep(HARM_MS / 3);
    if (!postgres.isRunning()) await postgres.start(); // without room for WAL it ends
  },
};

export const FAULT_NAMES = Object.keys(FAULTS);

/** The next WAL segment needs the disk; without this it would be minutes until one is full. */
async function needDiskNow(arena: Arena): Promise<void> {
  const db = arena.open();
  await db.query("select pg_switch_wal()").catch(() => undefined); // the disk is full
  await db.close();
}

export interface Chaos {
  readonly arena: Arena;
  readonly random: Random;
  readonly found: FoundFaults;
  /** Times that each fault happened, and the longest recovery after it. */
  readonly done: Map<string, { times: number; longestMs: number }>;
  /** Those still to come in this round. */
  readonly queue: string[];
  readonly names: readonly string[];
  isOver(): boolean;
  beforeFault(): Promise<void>;
  progress(line: string): void;
}

/** Every fault once in a random order, then again, until the time is over. Leaves the arena healthy. */
export async function runChaos(chaos: Chaos): Promise<void> {
  while (!chaos.isOver()) {
    await sleep(chaos.random.below(2 * CALM_MS));
    const name = nextFault(chaos);
    if (name === undefined || chaos.isOver()) continue;
    await chaos.beforeFault();
    const started = performance.now();
    const wrong = await FAULTS[name]?.(chaos.arena, chaos.random);
    if (wrong) chaos.found.report("server did not stop", wrong);
    const harmMs = performance.now() - started;
    const recoveryMs = await recover(chaos, name);
    chaos.progress(
      `${name}: ${(harmMs / 1_000).toFixed(1)} s, ready after ${recoveryMs.toFixed(0)} ms`,
    );
    const before = chaos.done.get(name) ?? { times: 0, longestMs: 0 };
    const longestMs = Math.max(before.longestMs, recoveryMs);
    chaos.done.set(name, { times: before.times + 1, longestMs });
  }
}

function nextFault({ queue, names, random }: Chaos): string | undefined {
  if (queue.length === 0) queue.push(...names);
  return queue.length === 0 ? undefined : queue.splice(random.below(queue.length), 1)[0];
}

/** Resolves with the milliseconds until every server serves; reports one that ended by itself. */
async function recover({ arena, found }: Chaos, name: string): Promise<number> {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  for (const server of arena.servers) {
    while (!(await isReady(server))) {
      if (!server.isRunning()) {
        found.report("server ended by itself", `${name}: ${server.output().slice(-500)}`);
        await server.start();
      }
      if (elapsed() > RECOVERY_LIMIT_MS) {
        found.report("not ready again", `${name}: ${server.base}: ${server.output().slice(-500)}`);
        break;
      }
      await sleep(POLL_MS);
    }
  }
  return elapsed();
}

async function isReady({ base }: FaultyServer): Promise<boolean> {
  try {
    const reply = await fetch(`${base}/readyz`, { signal: AbortSignal.timeout(RECOVERY_LIMIT_MS) });
    return reply.ok;
  } catch {
    return false;
  }
}
