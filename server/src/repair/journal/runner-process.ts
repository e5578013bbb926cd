/**
 * Writes a runner's process into the name of its session. The server's list of sessions then
 * identifies a lock's owner, even one that died with an empty journal.
 */
import { hostname } from "node:os";
import { isProcessAlive } from "../../db/cluster.ts";
import { applicationName } from "../connection/connection.ts";

/** PostgreSQL cuts a session's name off after 63 bytes and knows ASCII only. */
const HOST_LENGTH = 24;

export type RunnerState = "alive" | "dead" | "unknown";

/** The session name of a connection that will take the runner's lock. */
export function runnerPurpose(purpose: string): string {
  return `${purpose} ${process.pid}@${host()}`;
}

/** `unknown` for a process of another machine, and for a session of another tool. */
export function runnerStateOf(application: string): RunnerState {
  const [, pid, where] = /^\S+ .* (\d+)@(\S+)$/.exec(application) ?? [];
  const isOurs = application.startsWith(applicationName(""));
  if (!isOurs || pid === undefined || where !== host()) return "unknown";
  return isProcessAlive(Number(pid)) ? "alive" : "dead";
}

function host(): string {
  return hostname()
    .replaceAll(/[^\x21-\x7e]/g, "?")
    .slice(0, HOST_LENGTH);
}
