/** Whether the server answers. Every call of the console reports here, and so does the heartbeat. */
import { useSyncExternalStore } from "react";

export interface Connection {
  /** Undefined before the first answer. */
  readonly lastAnswerAt: Date | undefined;
  /** Set while the server is silent: the last answer, or the first try. */
  readonly silentSince: Date | undefined;
}

let current: Connection = { lastAnswerAt: undefined, silentSince: undefined };
const listeners = new Set<() => void>();

/** Any answer counts, a refusal too: the server is there. */
export function reportAnswer(): void {
  change({ lastAnswerAt: new Date(), silentSince: undefined });
}

export function reportSilence(): void {
  if (current.silentSince) return;
  change({ ...current, silentSince: current.lastAnswerAt ?? new Date() });
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => current);
}

function change(next: Connection): void {
  const isTurn = (next.silentSince === undefined) !== (current.silentSince === undefined);
  const isFirst = current.lastAnswerAt === undefined;
  current = next;
  // An answer after an answer changes nothing on the screen.
  if (isTurn || isFirst) for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
