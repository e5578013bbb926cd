/**
 * Which process a runner is, written into the name of its session: the server's list of sessions then
 * says whom a lock belongs to, also when that process is dead and its journal says nothing.
 */
import { hostname } from "node:os";
import { isProcessAlive } from "../../db/cluster.ts";
import { applicationName } from "../connection.ts";

/** PostgreSQL cuts a session's name off after 63 bytes and knows ASCII only. */
const HOST_LENGTH = 24;

export type Life = "alive" | "dead" | "unknown";

/** What a connection that will take the runner's lock is called. */
export function runnerPurpose(purpose: string): string {
  return `${purpose} ${process.pid}@${host()}`;
}

/** `unknown` for a process of another machine, and for a session of another tool. */
export function lifeOf(application: string): Life {
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
