/** Watches the owned server: takes the lease again after a reconnect, restarts a dead server. */
import { setTimeout as sleep } from "node:timers/promises";
import { isNewDayError } from "../../errors/errors.ts";
import { sqlStateOf } from "../sql-state.ts";
import type { Ownership } from "./acquire.ts";

/** Interval of the check; one trivial statement each time. */
const HEARTBEAT_MS = 500;
/** An older session may wait that long; a halted server stays silent, and is stopped after a last probe. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Interval of new-session probes: each one costs the server a process. */
const ADMISSION_MS = 3_000;
/** A server that refuses new sessions for this long is restarted, even while old ones work. */
const REFUSING_MS = 8_000;
/** A full server is healthy: its clients close sessions, and a restart would only end them. */
const TOO_MANY_CONNECTIONS = "53300";
const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 5_000;
/** With the waits above about half a minute; a server that stays down needs a person. */
const ATTEMPTS_MAX = 12;
/** A server that lived this long counts as healthy, and its next death starts a new count. */
const HEALTHY_MS = 60_000;

export interface EmbeddedEvents {
  /** A line for the log: the server died, or is back. */
  readonly report?: (line: string) => void;
  /** The cluster has another owner or refuses to start; this process has to end. */
  readonly lost?: (error: unknown) => void;
}

export interface Keeper {
  /** Ends the watch and returns the owned server. */
  end(): Promise<Ownership>;
}

export interface ServerControl {
  /** Safe to call in every state of the server. */
  readonly acquireAgain: (before: Ownership) => Promise<Ownership>;
  /** Rejects unless the server accepts a new session. */
  readonly probe: (owned: Ownership) => Promise<void>;
  /** Stops a server that still has sessions. Rejects when it stays up. */
  readonly halt: (owned: Ownership) => Promise<void>;
}

/** Watches until `end` is called, through old and new sessions. */
export function keepAlive(
  first: Ownership,
  control: ServerControl,
  events: EmbeddedEvents,
): Keeper {
  const abort = new AbortController();
  const done = watch(first, control, events, abort.signal);
  return {
    async end() {
      abort.abort();
      return done;
    },
  };
}

async function watch(
  first: Ownership,
  control: ServerControl,
  events: EmbeddedEvents,
  signal: AbortSignal,
): Promise<Ownership> {
  let owned = first;
  let since = Date.now();
  let deaths = 0;
  let admits = watchAdmission(control);
  while (await pause(HEARTBEAT_MS, signal)) {
    const state = await settledStateOf(owned, control);
    if (state === "answering" && (await admits(owned))) continue;
    deaths = Date.now() - since > HEALTHY_MS ? 1 : deaths + 1;
    events.report?.(state === "answering" ? REFUSING : SILENT);
    const again = await restart(owned, control, { state, deaths, signal }).catch(
      (error: unknown) => {
        events.lost?.(error);
      },
    );
    if (!again) return owned;
    events.report?.("the embedded PostgreSQL is back");
    owned = again;
    since = Date.now();
    admits = watchAdmission(control);
  }
  return owned;
}

const SILENT = "the embedded PostgreSQL does not answer; bringing it back";
const REFUSING = "the embedded PostgreSQL lets no new session in; restarting it";

/**
 * A server that answers on old sessions is stopped first: they would keep it for ever. So is one that
 * stays silent: the halted session that holds our lease would keep the lease. A closed connection is no
 * such sign, because a server that recovers from a crash closes them all.
 */
async function restart(
  owned: Ownership,
  control: ServerControl,
  { state, deaths, signal }: { state: ServerState; deaths: number; signal: AbortSignal },
): Promise<Ownership | undefined> {
  if (state !== "disconnected") await control.halt(owned);
  return bringBack(() => control.acquireAgain(owned), deaths, signal);
}

/** Returns a check that is false once new sessions have been refused for `REFUSING_MS`. */
function watchAdmission(control: ServerControl): (owned: Ownership) => Promise<boolean> {
  let askAt = Date.now() + ADMISSION_MS;
  let refusedSince: number | undefined;
  return async (owned) => {
    const now = Date.now();
    if (now < askAt) return true;
    if (await isAdmitted(owned, control)) {
      askAt = Date.now() + ADMISSION_MS;
      refusedSince = undefined;
      return true;
    }
    refusedSince ??= now;
    return Date.now() - refusedSince < REFUSING_MS;
  };
}

async function isAdmitted(owned: Ownership, { probe }: ServerControl): Promise<boolean> {
  return probe(owned).then(
    () => true,
    (error: unknown) => sqlStateOf(error) === TOO_MANY_CONNECTIONS,
  );
}

type ServerState = "answering" | "silent" | "disconnected";

/** After a halt of this very process its timer is due before the answer is read: ask once more. */
async function settledStateOf(owned: Ownership, control: ServerControl): Promise<ServerState> {
  const state = await stateOf(owned);
  return state === "silent" && (await isAdmitted(owned, control)) ? stateOf(owned) : state;
}

async function stateOf({ lease }: Ownership): Promise<ServerState> {
  const abort = new AbortController();
  const late = sleep(ANSWER_TIMEOUT_MS, "silent" as const, { signal: abort.signal, ref: false });
  const query = lease.connection.query("select 1").then(
    () => "answering" as const,
    () => "disconnected" as const,
  );
  const answer = await Promise.race([query, late]);
  late.catch(() => undefined); // aborted below when the query was first
  abort.abort();
  return answer;
}

/** Undefined when the watch was ended meanwhile. Rejects when retries are used up. */
async function bringBack(
  acquireAgain: () => Promise<Ownership>,
  deaths: number,
  signal: AbortSignal,
): Promise<Ownership | undefined> {
  for (let attempt = deaths - 1; !signal.aborted; attempt += 1) {
    if (attempt > 0 && !(await pause(backoffMs(attempt), signal))) return undefined;
    try {
      return await acquireAgain();
    } catch (error) {
      const taken = isNewDayError(error) && error.code === "data_folder_in_use";
      if (taken || attempt >= ATTEMPTS_MAX) throw error;
    }
  }
  return undefined;
}

function backoffMs(attempt: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** (attempt - 1));
}

/** False when the signal ended the wait. The timer lets the process exit. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal, ref: false }).catch(() => false);
}
