/** Processor time of this process and of a PostgreSQL server, from /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts in hundredths of a second on every platform that we run on. */
const TICK_MICROSECONDS = 10_000;
const PARENT = 1;
const USER_TIME = 11;
const SYSTEM_TIME = 12;

export interface CpuShare {
  readonly nodeMicroseconds: number;
  readonly databaseMicroseconds: number;
}

/** Returns a function that gives the microseconds used by this process and by the server since then. */
export function startCpuMeter(postmaster: number): () => CpuShare {
  const node = process.cpuUsage();
  const database = startProcessMeter(postmaster);
  return () => {
    const { user, system } = process.cpuUsage(node);
    return { nodeMicroseconds: user + system, databaseMicroseconds: database() };
  };
}

/**
 * Returns a function that gives the microseconds used since then by a process and its children. Only
 * children that still run count: what a process used before it ended is lost.
 */
export function startProcessMeter(parent: number): () => number {
  const before = familyTimes(parent);
  return () =>
    [...familyTimes(parent)].reduce((sum, [pid, time]) => sum + time - (before.get(pid) ?? 0), 0);
}

/** By process id. */
function familyTimes(parent: number): Map<string, number> {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Map(pids.map((pid) => [pid, timeOf(pid, parent)]));
}

/** A process may end while its file is read; it then counts as zero. */
function timeOf(pid: string, parent: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[PARENT]) !== parent && Number(pid) !== parent) return 0;
    return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * TICK_MICROSECONDS;
  } catch {
    return 0;
  }
}
