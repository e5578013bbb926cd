/** Processor time of this process and of a PostgreSQL server, from /proc: where the time goes. */
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

/** Microseconds used since the returned function was made, by the processes that are still there. */
export function startCpuMeter(postmaster: number): () => CpuShare {
  const node = process.cpuUsage();
  const database = serverTimes(postmaster);
  return () => {
    const { user, system } = process.cpuUsage(node);
    const used = [...serverTimes(postmaster)].map(([pid, time]) => time - (database.get(pid) ?? 0));
    return {
      nodeMicroseconds: user + system,
      databaseMicroseconds: used.reduce((sum, time) => sum + time, 0),
    };
  };
}

/** By process id. */
function serverTimes(postmaster: number): Map<string, number> {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Map(pids.map((pid) => [pid, timeOf(pid, postmaster)]));
}

/** A process may end during the query; it then counts as idle. */
function timeOf(pid: string, postmaster: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[PARENT]) !== postmaster && Number(pid) !== postmaster) return 0;
    return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * TICK_MICROSECONDS;
  } catch {
    return 0;
  }
}
