/** pgbench's built-in TPC-B-like script, at the client count where it does best. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { POSTGRES_BIN, type BenchCluster } from "./bench-cluster.ts";

/** docs/performance.md 1: scale 50, and these client counts. */
const SCALE = 50;

export function preparePgbench(cluster: BenchCluster): void {
  run(cluster, "pgbench", ["-i", "-q", "-s", `${SCALE}`, "tpcb"]);
}

/** Transactions per second. */
export function runTpcb(cluster: BenchCluster, clients: number, seconds: number): number {
  const output = run(cluster, "pgbench", [
    "-n",
    "-c",
    `${clients}`,
    "-j",
    "2",
    "-T",
    `${seconds}`,
    "tpcb",
  ]);
  const match = /tps = ([\d.]+)/.exec(output);
  if (!match) throw new Error(`pgbench printed no tps:\n${output}`);
  return Number(match[1]);
}

function run(cluster: BenchCluster, program: string, args: string[]): string {
  return execFileSync(
    join(POSTGRES_BIN, program),
    ["-h", cluster.socketDir, "-p", `${cluster.port}`, "-U", "newday", ...args],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
}
