/** Watches the server that we own: takes the lease again after a reconnect, restarts a dead server. */
import { setTimeout as sleep } from "node:timers/promises";
import { isNewDayError } from "../../errors/errors.ts";
import type { Ownership } from "./acquire.ts";

/** How soon a dead server is noticed; one trivial statement each time. */
const HEARTBEAT_MS = 500;
const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 5_000;
/** With the waits above about half a minute; a server that will not start by then needs a person. */
const ATTEMPTS_MAX = 12;
/** A server that lived this long counts as healthy, and its next death starts a new count. */
const HEALTHY_MS = 60_000;

export interface EmbeddedEvents {
  /** A line for the log: the server died, it is back. */
  readonly report?: (line: string) => void;
  /** The cluster is no longer ours or will not start; this process cannot serve any more. */
  readonly lost?: (error: unknown) => void;
}

export interface Keeper {
  /** Ends the watch and returns what we own then. */
  end(): Promise<Ownership>;
}

/** `acquireAgain` must be safe to call whatever state the server is in. */
export function keepAlive(
  first: Ownership,
  acquireAgain: (before: Ownership) => Promise<Ownership>,
  events: EmbeddedEvents,
): Keeper {
  const abort = new AbortController();
  const done = watch(first, acquireAgain, events, abort.signal);
  return {
    async end() {
      abort.abort();
      return done;
    },
  };
}

async function watch(
  first: Ownership,
  acquireAgain: (before: Ownership) => Promise<Ownership>,
  events: EmbeddedEvents,
  signal: AbortSignal,
): Promise<Ownership> {
  let owned = first;
  let since = Date.now();
  let deaths = 0;
  while (await pause(HEARTBEAT_MS, signal)) {
    if (await answers(owned)) continue;
    deaths = Date.now() - since > HEALTHY_MS ? 1 : deaths + 1;
    events.report?.("the embedded PostgreSQL does not answer; bringing it back");
    const again = await bringBack(() => acquireAgain(owned), deaths, signal).catch(
      (error: unknown) => {
        events.lost?.(error);
      },
    );
    if (!again) return owned;
    events.report?.("the embedded PostgreSQL is back");
    owned = again;
    since = Date.now();
  }
  return owned;
}

async function answers({ lease }: Ownership): Promise<boolean> {
  try {
    await lease.connection.query("select 1");
    return true;
  } catch {
    return false;
  }
}

/** Undefined when the watch was ended meanwhile. Rejects when there is no hope. */
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

/** False when the wait was ended by the signal. The timer never keeps the process alive. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal, ref: false }).catch(() => false);
}
